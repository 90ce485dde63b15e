package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.exchange.ManualLoop;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.policy.CacheRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One body, many readers, each at its own pace, and never more of it in memory than may be. */
class SpoolTest {
    private static final String FRESH = "max-age=60";
    private static final String CHUNK = "0123456789abcdef".repeat(4096); // 64 KiB
    private static final long LIMIT = 1 << 20;

    private final Rehearsal rehearsal = new Rehearsal(CacheRules.DEFAULTS.withMaxObject(LIMIT), 64 << 20);
    private final ScriptedOrigin origin = rehearsal.origin;

    private ScriptedOrigin.Feed stream(String... headers) {
        List<String> all = new ArrayList<>(List.of("Cache-Control", FRESH));
        all.addAll(List.of(headers));
        ScriptedOrigin.Feed feed = origin.calls.get(0).stream(-1, all.toArray(String[]::new));
        rehearsal.settle();
        return feed;
    }

    /** Sends up to {@code most} chunks, as long as somebody asks; answers how many. */
    private int send(ScriptedOrigin.Feed feed, int most) {
        for (int sent = 0; sent < most; sent++) {
            if (!feed.isAsked()) {
                return sent;
            }
            feed.chunk(CHUNK);
            rehearsal.settle();
        }
        return most;
    }

    private void read(Collector reader, int chunks) {
        for (int i = 0; i < chunks; i++) {
            reader.readOn();
            rehearsal.settle();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoStopsReadingStopsNobody(boolean near) {
        ManualLoop stoppedOn = near ? rehearsal.loop : rehearsal.otherLoop;
        Collector stopped = rehearsal.slow(stoppedOn, "/a");
        Collector reading = rehearsal.get(rehearsal.otherLoop, "/a");
        rehearsal.settle();
        ScriptedOrigin.Feed feed = stream();
        assertThat(send(feed, 100)).as("past the limit, too").isEqualTo(100);
        assertThat(reading.text()).hasSize(100 * CHUNK.length());
        assertThat(rehearsal.flights.bytes()).as("held for the one who stopped").isLessThan(2 * LIMIT);
        assertThat(rehearsal.store.stats().entries()).isZero();
        feed.end();
        rehearsal.settle();
        assertThat(reading.ended).isTrue();
        stopped.leave();
        rehearsal.settle();
        assertThat(rehearsal.flights.bytes()).isZero();
    }

    @Test
    void whoIsAloneIsNeverLeftBehindHoweverSlowlyHeReads() {
        Collector reader = rehearsal.slow(rehearsal.loop, "/a");
        ScriptedOrigin.Feed feed = stream();
        int sent = send(feed, 1000);
        assertThat(sent * (long) CHUNK.length()).isBetween(LIMIT, LIMIT + 2L * CHUNK.length());
        for (int i = 0; i < 100; i++) {
            read(reader, 1);
            sent += send(feed, 1);
        }
        read(reader, sent);
        assertThat(reader.text()).isEqualTo(CHUNK.repeat(sent));
        assertThat(rehearsal.flights.bytes()).isZero();
        feed.end();
        read(reader, 1);
        assertThat(reader.ended).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true, 206", "false, 206", "true, 200", "false, 200"})
    void whoIsLeftBehindGetsTheRestHimself(boolean near, int status) {
        Collector fast = rehearsal.get("/a");
        Collector slow = rehearsal.slow(near ? rehearsal.loop : rehearsal.otherLoop, "/a", "If-None-Match", "\"0\"");
        rehearsal.settle();
        ScriptedOrigin.Feed feed = stream("ETag", "\"1\"");
        send(feed, 5);
        read(slow, 3);
        send(feed, 95);
        assertThat(origin.calls).as("not before he goes on reading").hasSize(1);
        read(slow, 1);
        assertThat(origin.calls).hasSize(2);
        assertThat(origin.last().request().headers().first(Fields.RANGE)).isEqualTo("bytes=" + 3 * 65536 + "-");
        assertThat(origin.last().request().headers().first(Fields.IF_RANGE)).isEqualTo("\"1\"");
        assertThat(origin.last().request().headers().contains(Fields.IF_NONE_MATCH))
                .isFalse();
        String rest = CHUNK.repeat(97);
        String range = "bytes " + 3 * 65536 + "-" + (100 * 65536 - 1) + "/*";
        if (status == 206) {
            origin.last().respond(206, rest, "ETag", "\"1\"", "Content-Range", range);
        } else {
            origin.last().respond(200, CHUNK.repeat(3) + rest, "ETag", "\"1\"");
        }
        rehearsal.settle();
        feed.end();
        rehearsal.settle();
        read(slow, 100);
        assertThat(slow.text()).isEqualTo(CHUNK.repeat(100));
        assertThat(slow.ended).isTrue();
        assertThat(fast.text()).isEqualTo(CHUNK.repeat(100));
    }

    @ParameterizedTest
    @CsvSource({
        "206, '\"2\"', bytes 65536-6553599/6553600",
        "206, '\"1\"', bytes 0-6553599/6553600",
        "206, 'W/\"1\"', bytes 65536-6553599/6553600",
        "200, '\"2\"', ''",
        "404, '\"1\"', ''",
    })
    void onlyTheSameOctetsAreTheRest(int status, String tag, String range) {
        rehearsal.get("/a");
        Collector slow = rehearsal.slow(rehearsal.loop, "/a");
        ScriptedOrigin.Feed feed = stream("ETag", "\"1\"");
        send(feed, 2);
        read(slow, 1);
        send(feed, 98);
        read(slow, 1);
        origin.last().respond(status, "else", "ETag", tag, "Content-Range", range);
        rehearsal.settle();
        assertThat(slow.error).as("the body is cut where everyone can see it").isInstanceOf(Failure.class);
        assertThat(slow.text()).isEqualTo(CHUNK);
        assertThat(slow.ended).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "W/\"1\""})
    void withoutAStrongValidatorTheBodyIsCutAndNobodyWaitsForTheNextOne(String tag) {
        rehearsal.get("/a");
        Collector slow = rehearsal.slow(rehearsal.loop, "/a");
        ScriptedOrigin.Feed feed = tag.isEmpty() ? stream() : stream("ETag", tag);
        send(feed, 100);
        read(slow, 1);
        assertThat(slow.error).isInstanceOf(Failure.class);
        rehearsal.get("/a");
        rehearsal.get("/a");
        assertThat(origin.calls)
                .as("whoever begins again begins alone, and so is not cut again")
                .hasSize(3);
    }

    @Test
    void aLengthThatIsTooLargeHasNoFollowers() {
        Collector leader = rehearsal.get("/a");
        Collector follower = rehearsal.get("/a");
        ScriptedOrigin.Feed feed = origin.last().stream(LIMIT + 1, "Cache-Control", FRESH);
        assertThat(origin.calls).as("at once").hasSize(2);
        feed.chunk(CHUNK);
        assertThat(leader.text()).isEqualTo(CHUNK);
        assertThat(leader.field("Cache-Status")).endsWith("detail=too-large");
        assertThat(follower.response).isNull();
        assertThat(rehearsal.flights.bytes()).isZero();
        rehearsal.get("/a");
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void whatIsReadWholeIsTheStoredCopy() {
        rehearsal.get("/a");
        Collector slow = rehearsal.slow(rehearsal.loop, "/a");
        ScriptedOrigin.Feed feed = stream();
        send(feed, 10);
        read(slow, 2);
        feed.end();
        assertThat(rehearsal.flights.bytes()).isBetween(10 * 65536L, 11 * 65536L);
        assertThat(rehearsal.store.stats().entries()).isEqualTo(1);
        read(slow, 10);
        assertThat(slow.text()).isEqualTo(CHUNK.repeat(10));
        assertThat(slow.ended).isTrue();
        assertThat(rehearsal.flights.bytes()).isZero();
    }

    @Test
    void aBodyThatIsAskedForByNobodyAnyMoreIsReadForTheStoreUpToTheLimit() {
        Collector reader = rehearsal.get("/a");
        ScriptedOrigin.Feed feed = stream();
        send(feed, 1);
        reader.leave();
        assertThat(send(feed, 100)).isBetween(15, 17);
        assertThat(feed.cancelled).isTrue();
        assertThat(rehearsal.flights.bytes()).isZero();
    }

    /** Readers of all paces on two loops, who come, go and stall as chance gives; what each gets is a beginning of the body. */
    @Test
    void everyReaderGetsTheBodyItself() {
        for (int seed = 0; seed < 100; seed++) {
            play(new Random(seed));
        }
    }

    private static void play(Random random) {
        Rehearsal stage = new Rehearsal(CacheRules.DEFAULTS.withMaxObject(100_000), 1 << 20);
        List<Collector> readers = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        readers.add(stage.slow(stage.loop, "/a"));
        String[] headers = {"Cache-Control", FRESH, "ETag", "\"1\""};
        ScriptedOrigin.Feed feed = stage.origin.calls.get(0).stream(-1, headers);
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(8)) {
                case 0 -> readers.add(stage.slow(random.nextBoolean() ? stage.loop : stage.otherLoop, "/a"));
                case 1 -> stage.loop.run();
                case 2 -> stage.otherLoop.run();
                case 3 -> readers.get(random.nextInt(readers.size())).leave();
                case 4, 5 -> {
                    if (feed.isAsked() && !feed.cancelled) {
                        String chunk = String.valueOf((char) ('a' + random.nextInt(26)))
                                .repeat(1 + random.nextInt(20_000));
                        body.append(chunk);
                        feed.chunk(chunk);
                    }
                }
                default -> readers.get(random.nextInt(readers.size())).readOn();
            }
        }
        stage.settle();
        assertThat(readers).allSatisfy(reader -> assertThat(body.toString()).startsWith(reader.text()));
        IntStream.range(0, readers.size()).forEach(i -> readers.get(i).leave());
        stage.settle();
        if (feed.isAsked() && !feed.cancelled) {
            feed.end();
        }
        stage.settle();
        assertThat(stage.flights.bytes()).isZero();
    }

    @Test
    void aThousandDifferentBodiesTakeNoMoreThanTheirShare() {
        Rehearsal stage = new Rehearsal(CacheRules.DEFAULTS, 32 << 20);
        List<Collector> clients = new ArrayList<>();
        List<ScriptedOrigin.Feed> feeds = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            clients.add(stage.slow(stage.loop, "/" + i));
            feeds.add(stage.origin.last().stream(i % 2 == 0 ? 4 << 20 : -1, "Cache-Control", FRESH));
        }
        for (int round = 0; round < 64; round++) {
            for (ScriptedOrigin.Feed feed : feeds) {
                if (feed.isAsked()) {
                    feed.chunk(CHUNK);
                }
            }
            assertThat(stage.flights.bytes()).as("round " + round).isLessThan((32 << 20) + 1000 * 66_000L);
        }
        assertThat(clients.get(998).field("Cache-Status")).contains("too-busy");
        assertThat(clients.get(0).field("Cache-Status")).contains("stored");
        clients.forEach(Collector::leave);
        stage.settle();
        feeds.stream()
                .filter(ScriptedOrigin.Feed::isAsked)
                .filter(feed -> !feed.cancelled)
                .forEach(ScriptedOrigin.Feed::fail);
        stage.settle();
        assertThat(stage.flights.bytes()).isZero();
    }

    @Test
    void aFewLargeBodiesDoNotKeepTheSmallOnesOut() {
        Rehearsal stage = new Rehearsal(CacheRules.DEFAULTS, 32 << 20);
        for (int i = 0; i < 20; i++) {
            stage.get("/large" + i);
            stage.origin.last().stream(8 << 20, "Cache-Control", FRESH);
        }
        Collector small = stage.get("/small");
        stage.origin.last().respond(200, "x".repeat(10_000), "Cache-Control", FRESH);
        assertThat(small.field("Cache-Status")).contains("stored");
        assertThat(stage.get("/small").field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void whatIsFollowedButTooBusyToBeSharedReleasesThoseWhoWait() {
        Rehearsal stage = new Rehearsal(CacheRules.DEFAULTS, 1 << 20);
        Collector leader = stage.get("/a");
        Collector follower = stage.get("/a");
        stage.origin.last().stream(4 << 20, "Cache-Control", FRESH);
        assertThat(stage.origin.calls).hasSize(2);
        assertThat(leader.field("Cache-Status")).endsWith("detail=too-busy");
        assertThat(follower.response).isNull();
        assertThat(stage.origin.last().request().headers().contains(FieldName.of("Range")))
                .isFalse();
    }
}
