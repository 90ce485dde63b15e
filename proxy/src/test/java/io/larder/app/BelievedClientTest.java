package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the access log names, with a proxy in front and without. */
class BelievedClientTest {
    private static final List<String> REQUESTS = List.of(
            "GET / HTTP/1.1\r\nHost: shop.test",
            "PURGE / HTTP/1.1\r\nHost: shop.test",
            "GET /nowhere HTTP/1.1\r\nHost: shop.test",
            "GET / HTTP/1.1\r\nHost: stranger.test");

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}, trusted {1}")
    @CsvSource({
        "json, 127.0.0.1, '\"client\":\"203.0.113.9\"'",
        "combined, 127.0.0.1, '203.0.113.9 - - ['",
        "json, 10.0.0.1, '\"client\":\"127.0.0.1\"'",
        "combined, 10.0.0.1, '127.0.0.1 - - ['"
    })
    void everyRequestIsLoggedWithItsClient(String format, String trusted, String named) throws Exception {
        Path log = directory.resolve("access.log");
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "hello")));
                Running running = Running.start(
                        directory,
                        origin,
                        1,
                        "log: { access: { format: " + format + ", to: \"" + log + "\" } }",
                        "trusted-proxies: [" + trusted + "]",
                        "sites: { shop: { hosts: [shop.test], purge: { from: [203.0.113.0/24] },"
                                + " routes: [{ path: /, upstream: app }] } }");
                RawClient client = running.connect()) {
            for (String request : REQUESTS) {
                client.send(request + "\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
                client.answer();
            }
            Running.await("all are logged", () -> Files.readAllLines(log).size() == REQUESTS.size());
            assertThat(Files.readAllLines(log))
                    .allSatisfy(line -> assertThat(line).contains(named));
        }
    }
}
