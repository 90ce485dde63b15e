package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams as the configuration describes them, with real servers behind. */
class UpstreamsTest {
    private static final String BASE = """
            listeners: { web: { bind: "127.0.0.1:0" } }
            admin: { bind: "127.0.0.1:0" }
            log: { access: { format: off } }
            sites: { shop: { upstream: app, routes: [ { path: /**, cache: off } ] } }
            """;

    @TempDir
    Path directory;

    private static ScriptedOrigin saying(String name) throws IOException {
        return ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", name)));
    }

    private static String servers(ScriptedOrigin... origins) {
        StringBuilder all = new StringBuilder();
        for (ScriptedOrigin origin : origins) {
            all.append(all.isEmpty() ? "" : ", ")
                    .append("'127.0.0.1:")
                    .append(origin.port())
                    .append("'");
        }
        return "servers: [" + all + "]";
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("larder.yaml"), text);
    }

    private static Set<String> seen(Running running, int requests) throws IOException {
        Set<String> seen = new HashSet<>();
        try (RawClient client = running.connect()) {
            for (int i = 0; i < requests; i++) {
                seen.add(client.send(Running.get("/" + i)).answer().body());
            }
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "balance: round-robin",
                "balance: least-requests, slow-start: 5s",
                "balance: ewma",
                "balance: random",
                "balance: consistent-hash, hash-by: path",
                "concurrency: adaptive",
                "retry: { hedge-after: 5s }",
                "proxy-protocol: off, health: { path: /healthz, expect: 200 }, outliers: { success-rate: 50% }"
            })
    void requestsAreSpreadHoweverServersArePicked(String how) throws Exception {
        try (ScriptedOrigin a = saying("a");
                ScriptedOrigin b = saying("b");
                Running running = Running.reloading(
                        directory, 2, false, BASE + "upstreams: { app: { " + servers(a, b) + ", " + how + " } }\n")) {
            assertThat(seen(running, 60)).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void oneKeyStaysWithOneServer() throws Exception {
        String how = ", balance: consistent-hash, hash-by: 'query:user'";
        try (ScriptedOrigin a = saying("a");
                ScriptedOrigin b = saying("b");
                Running running = Running.reloading(
                        directory, 2, false, BASE + "upstreams: { app: { " + servers(a, b) + how + " } }\n");
                RawClient client = running.connect()) {
            Set<String> all = new HashSet<>();
            for (int user = 0; user < 20; user++) {
                Set<String> seen = new HashSet<>();
                for (int i = 0; i < 5; i++) {
                    seen.add(client.send(Running.get("/" + i + "?user=" + user))
                            .answer()
                            .body());
                }
                assertThat(seen).hasSize(1);
                all.addAll(seen);
            }
            assertThat(all).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void aFileOfServersIsFollowedWithoutAFailedRequest() throws Exception {
        Path file = directory.resolve("servers.txt");
        try (ScriptedOrigin a = saying("a");
                ScriptedOrigin b = saying("b")) {
            Files.writeString(file, "127.0.0.1:" + a.port() + "\n");
            try (Running running = Running.reloading(
                            directory, 1, false, BASE + "upstreams: { app: { discover: { file: servers.txt } } }\n");
                    Load load = new Load(running)) {
                assertThat(seen(running, 5)).containsExactly("a");
                Files.writeString(file, "127.0.0.1:" + a.port() + "\n127.0.0.1:" + b.port() + " weight=2 # new\n");
                Running.await("the new server is used", () -> seen(running, 10).contains("b"));
                Files.writeString(file, "127.0.0.1:" + b.port() + "\n");
                Running.await("the old one is gone", () -> isAlone(running, b.port()));
                seen(running, 1); // by now the loop has heard of it, too
                Files.writeString(file, "nonsense\n");
                assertThat(seen(running, 10)).containsExactly("b");
                assertThat(load.failures()).isZero();
                assertThat(load.answers()).isPositive();
            }
        }
    }

    @Test
    void reloadsChangeServersUnderThoseThatStay() throws Exception {
        try (ScriptedOrigin a = saying("a");
                ScriptedOrigin b = saying("b");
                Running running =
                        Running.reloading(directory, 1, false, BASE + "upstreams: { app: { " + servers(a) + " } }\n");
                Load load = new Load(running)) {
            assertThat(seen(running, 5)).containsExactly("a");
            int connections = a.connections();
            write(BASE + "upstreams: { app: { " + servers(a, b) + " } }\n");
            running.reload(200);
            Running.await("both are used", () -> seen(running, 20).equals(Set.of("a", "b")));
            assertThat(a.connections()).as("connections outlive a reload").isLessThanOrEqualTo(connections + 1);
            write(BASE + "upstreams: { app: { " + servers(b) + " } }\n");
            running.reload(200);
            Running.await(
                    "the one that is left is used alone",
                    () -> seen(running, 10).equals(Set.of("b")));
            assertThat(load.failures()).isZero();
        }
    }

    @Test
    void whatAnOperatorTookOutStaysOutOverReloads() throws Exception {
        try (ScriptedOrigin a = saying("a");
                ScriptedOrigin b = saying("b");
                Running running = Running.reloading(
                        directory, 1, false, BASE + "upstreams: { app: { " + servers(a, b) + " } }\n")) {
            String path = "/v1/upstreams/app/servers/127.0.0.1:" + a.port();
            RawClient.Answer answer = running.adminPost(path, "{\"state\":\"drain\"}");
            assertThat(answer.body()).contains("\"state\":\"drained\"");
            Running.await("it gets nothing", () -> seen(running, 20).equals(Set.of("b")));
            write(BASE + "upstreams: { app: { " + servers(a, b) + ", timeouts: { connect: 2s } } }\n");
            running.reload(200);
            Running.await("it still gets nothing", () -> seen(running, 20).equals(Set.of("b")));
            assertThat(states(running)).containsExactlyInAnyOrder("drained", "up");
            assertThat(running.adminPost(path, "{\"state\":\"resume\"}").body()).contains("\"state\":\"up\"");
            Running.await("it gets requests again", () -> seen(running, 20).contains("a"));
        }
    }

    /** Whether the server at that port is the only one. */
    private static boolean isAlone(Running running, int port) throws IOException {
        JsonNode servers = running.status().get("upstreams").get(0).get("servers");
        return servers.size() == 1 && servers.get(0).get("address").asText().equals("127.0.0.1:" + port);
    }

    private static Set<String> states(Running running) throws IOException {
        JsonNode servers = running.status().get("upstreams").get(0).get("servers");
        Set<String> states = new HashSet<>();
        StreamSupport.stream(servers.spliterator(), false)
                .forEach(server -> states.add(server.get("state").asText()));
        return states;
    }

    @Test
    void aFallbackAnswersWhileNoServerIsUsable() throws Exception {
        int gone;
        try (ScriptedOrigin first = saying("first")) {
            gone = first.port();
        }
        try (ScriptedOrigin standby = saying("standby");
                Running running = Running.reloading(
                        directory,
                        1,
                        false,
                        BASE + "upstreams: { app: { servers: ['127.0.0.1:" + gone + "'], fallback: spare }, spare: { "
                                + servers(standby) + " } }\n")) {
            assertThat(seen(running, 10)).containsExactly("standby");
            try (ScriptedOrigin back =
                    ScriptedOrigin.playOn(gone, ScriptedOrigin.always(Running.ok("", "first again")))) {
                Running.await(
                        "it is found out that it is back",
                        () -> seen(running, 1).contains("first again"));
                assertThat(back.requests()).isNotEmpty();
            }
        }
    }

    /** A client that asks all the time. */
    private static final class Load implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger answers = new AtomicInteger();
        private final Thread thread;

        Load(Running running) {
            thread = new Thread(() -> ask(running), "load");
            thread.start();
        }

        private void ask(Running running) {
            while (!over.get()) {
                try (RawClient client = running.connect()) {
                    for (int i = 0; i < 50 && !over.get(); i++) {
                        int status = client.send(Running.get("/load")).answer().status();
                        (status == 200 ? answers : failures).incrementAndGet();
                    }
                } catch (IOException e) {
                    failures.incrementAndGet();
                }
            }
        }

        int failures() {
            return failures.get();
        }

        int answers() {
            return answers.get();
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody waits for the load to end", e);
            }
        }
    }
}
