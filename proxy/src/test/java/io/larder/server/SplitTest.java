package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However the network cuts a request, it means the same. */
class SplitTest {
    private static final int EVERY_SPLIT_UP_TO = 400; // longer ones are cut in steps

    private static final Pattern DETAIL = Pattern.compile("Content-Length: \\d+|<p>.*"); // the sentence may differ

    /** What one connection came to. */
    private record Result(String sent, boolean open, List<String> seen, int told) {}

    static Stream<Corpus.Row> all() {
        return Stream.of(Corpus.served(), Corpus.refused(), Corpus.brokenChunks())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everySplitMeansTheSame(Corpus.Row row) {
        byte[] raw = row.raw().getBytes(StandardCharsets.ISO_8859_1);
        Result whole = run(raw, raw.length);
        assertThat(whole.sent()).startsWith("HTTP/1.1 " + row.status());
        int step = raw.length <= EVERY_SPLIT_UP_TO ? 1 : raw.length / 29;
        for (int at = 1; at < raw.length; at += step) {
            assertThat(run(raw, at)).as("split at %d", at).isEqualTo(whole);
        }
        assertThat(byteByByte(raw)).as("byte by byte").isEqualTo(whole);
    }

    private static Result run(byte[] raw, int at) {
        List<String> seen = new ArrayList<>();
        try (EmbeddedServer server = server(seen)) {
            server.receive(raw, 0, at).receive(raw, at, raw.length);
            return result(server, seen);
        }
    }

    private static Result byteByByte(byte[] raw) {
        List<String> seen = new ArrayList<>();
        try (EmbeddedServer server = server(seen)) {
            for (int i = 0; i < raw.length; i++) {
                server.receive(raw, i, i + 1);
            }
            return result(server, seen);
        }
    }

    private static Result result(EmbeddedServer server, List<String> seen) {
        String sent = server.sent();
        int told = server.outcomes.size() + server.rejections.size();
        return new Result(DETAIL.matcher(sent).replaceAll(""), server.channel.isOpen(), seen, told);
    }

    private static EmbeddedServer server(List<String> seen) {
        Handler handler = (request, exchange) -> Readers.readAll(request).thenCompose(read -> {
            seen.add(request.method() + " " + request.target().uri() + "\n" + request.headers() + read);
            return TestServer.text("ok");
        });
        return new EmbeddedServer(handler, TestServer.settings(TestServer.timeouts(10_000)));
    }
}
