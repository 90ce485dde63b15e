package io.larder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.ManualLoop;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsTest {
    private static final String FIRST = ": larder\nretry: 2000\n\n";

    private final ManualLoop loop = new ManualLoop();
    private final Events events = new Events(() -> Instant.parse("2026-11-23T12:00:00Z"));

    /** Reads when it is told to. */
    private final class Reader implements Source.Sink {
        private final Source source = events.listen(loop).orElseThrow();
        private final List<String> chunks = new ArrayList<>();
        private boolean ended;

        Reader read() {
            source.read(this);
            loop.run();
            return this;
        }

        @Override
        public void chunk(Bytes bytes) {
            chunks.add(bytes.toUtf8());
        }

        @Override
        public void end(Headers trailers) {
            ended = true;
        }

        @Override
        public void failed(Throwable cause) {
            throw new AssertionError(cause);
        }

        String last() {
            return chunks.get(chunks.size() - 1);
        }
    }

    @Test
    void whatHappensIsToldWithItsTime() {
        Reader reader = new Reader().read();
        assertThat(reader.chunks).containsExactly(FIRST);
        reader.read();
        events.publish("reload", Map.of("ok", true));
        loop.run();
        assertThat(reader.last())
                .isEqualTo("id: 1\nevent: reload\ndata: {\"time\":\"2026-11-23T12:00:00Z\",\"ok\":true}\n\n");
    }

    @Test
    void nobodyIsToldWhatCameBefore() {
        events.publish("reload", Map.of());
        Reader reader = new Reader().read();
        assertThat(reader.chunks).containsExactly(FIRST);
    }

    @Test
    void whoReadsSlowlyGetsWhatThereIsInOne() {
        Reader reader = new Reader().read();
        events.publish("a", Map.of());
        events.publish("b", Map.of());
        loop.run();
        assertThat(reader.chunks).hasSize(1);
        assertThat(reader.read().last()).contains("event: a\n", "event: b\n");
    }

    @Test
    void whoDoesNotReadMissesTheOldestAndIsToldSo() {
        Reader reader = new Reader().read();
        for (int i = 1; i <= 1000; i++) {
            events.publish("n" + i, Map.of());
        }
        loop.run();
        String last = reader.read().last();
        assertThat(last)
                .startsWith("event: missed\ndata: {\"count\":744}\n\nid: 745\n")
                .contains("event: n1000\n");
        events.publish("more", Map.of());
        assertThat(reader.read().last()).startsWith("id: 1001\n").doesNotContain("missed");
    }

    @Test
    void bigEventsCountByWhatTheyWeigh() {
        Reader reader = new Reader().read();
        for (int i = 0; i < 20; i++) {
            events.publish("big", Map.of("text", "x".repeat(200_000)));
        }
        assertThat(reader.read().last())
                .startsWith("event: missed\ndata: {\"count\":15}\n\n")
                .hasSizeLessThan(1 << 20);
        events.publish("huge", Map.of("text", "x".repeat(2_000_000)));
        assertThat(reader.read().last()).contains("event: huge");
    }

    @Test
    void silenceIsBrokenNowAndThen() {
        Reader reader = new Reader().read();
        reader.read();
        loop.advance(Duration.ofSeconds(14));
        assertThat(reader.chunks).hasSize(1);
        loop.advance(Duration.ofSeconds(1));
        loop.run();
        assertThat(reader.last()).isEqualTo(":\n\n");
        loop.advance(Duration.ofMinutes(10)); // whoever does not read is told nothing
        loop.run();
        assertThat(reader.read().last()).isEqualTo(":\n\n");
        assertThat(reader.chunks).hasSizeLessThan(5);
    }

    @Test
    void whoLeavesIsForgotten() {
        Reader reader = new Reader().read();
        reader.read();
        assertThat(events.listeners()).isEqualTo(1);
        reader.source.cancel();
        assertThat(events.listeners()).isZero();
        events.publish("late", Map.of());
        loop.run();
        loop.advance(Duration.ofMinutes(1));
        loop.run();
        assertThat(reader.chunks).hasSize(1);
        reader.source.cancel();
    }

    @Test
    void theEndIsToldAfterWhatCameBefore() {
        Reader reader = new Reader().read();
        events.publish("last", Map.of());
        events.close();
        events.publish("later", Map.of());
        assertThat(reader.read().last()).contains("event: last").doesNotContain("later");
        assertThat(reader.read().ended).isTrue();
        assertThat(events.listeners()).isZero();
        assertThat(events.listen(loop)).isEmpty();
    }
}
