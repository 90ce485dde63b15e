package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused, over a real socket: the status, the close, and that nobody behind the server saw anything. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedTest {
    private final AtomicInteger seen = new AtomicInteger();
    private final AtomicInteger readWhole = new AtomicInteger();
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = new TestServer((request, exchange) -> {
            seen.incrementAndGet();
            return Readers.readAll(request).thenCompose(read -> {
                readWhole.incrementAndGet();
                return TestServer.text("ok");
            });
        });
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static List<Corpus.Row> refused() {
        return Corpus.refused();
    }

    static List<Corpus.Row> brokenChunks() {
        return Corpus.brokenChunks();
    }

    @Test
    void theTableIsLongEnoughToBeOne() {
        assertThat(Corpus.refused().size() + Corpus.brokenChunks().size()).isGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedAndClosedAndNobodySawIt(Corpus.Row row) throws Exception {
        int before = seen.get();
        try (RawClient client = server.connect()) {
            client.send(row.raw());
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(row.status());
            assertThat(answer.closes()).isTrue();
            assertThat(answer.field("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.field("X-Request-ID")).hasSize(16);
            assertThat(answer.body()).contains(String.valueOf(row.status()));
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.nextRejected().status()).isEqualTo(row.status());
        assertThat(seen).hasValue(before);
    }

    @ParameterizedTest
    @MethodSource("brokenChunks")
    void aBrokenBodyNeverEndsForItsReader(Corpus.Row row) throws Exception {
        int before = readWhole.get();
        try (RawClient client = server.connect()) {
            client.send(row.raw());
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(row.status());
            assertThat(answer.closes()).isTrue();
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.nextFinished().outcome().status()).isEqualTo(row.status());
        assertThat(readWhole).hasValue(before);
    }
}
