package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stay with a server, over real sockets: on each of two nodes, and when the server goes away. */
class StayingTest {
    private static final int ROUNDS = 12;

    @TempDir
    private Path directory;

    private final Map<String, ScriptedOrigin> servers = new LinkedHashMap<>();
    private String cookie = "";

    @Test
    void aClientStaysOnEveryNodeUntilItsServerIsGone() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            servers.put(
                    name, ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("Cache-Control: private\r\n", name))));
        }
        Path key = Files.writeString(directory.resolve("sticky.key"), "a secret that all nodes have\n");
        try (Running one = node("one", key);
                Running other = node("other", key);
                RawClient ofOne = one.connect();
                RawClient ofOther = other.connect()) {
            Set<String> unbound = new HashSet<>();
            for (int i = 0; i < ROUNDS; i++) {
                cookie = "";
                unbound.add(page(ofOne));
            }
            assertThat(unbound).as("whoever is not bound is sent around").hasSize(servers.size());

            String first = page(ofOne);
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(page(ofOne)).isEqualTo(first);
                assertThat(page(ofOther)).isEqualTo(first);
            }
            Objects.requireNonNull(servers.remove(first)).close();
            String before = cookie;
            String second = page(ofOther);
            assertThat(second).isNotEqualTo(first);
            assertThat(cookie).isNotEqualTo(before);
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(page(ofOne)).isEqualTo(second);
                assertThat(page(ofOther)).isEqualTo(second);
            }
        } finally {
            for (ScriptedOrigin server : servers.values()) {
                server.close();
            }
        }
    }

    private Running node(String name, Path key) throws IOException {
        String addresses = servers.values().stream()
                .map(server -> "'127.0.0.1:" + server.port() + "'")
                .collect(Collectors.joining(", "));
        Path own = Files.createDirectory(directory.resolve(name));
        return Running.start(
                own,
                servers.values().iterator().next(),
                2,
                "upstreams: { app: { servers: [" + addresses
                        + "], balance: round-robin, sticky: { cookie: node, key-file: " + key + " } } }");
    }

    /** Which server answers; what it sets is brought back the next time. */
    private String page(RawClient client) throws IOException {
        String brought = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
        client.send("GET /account HTTP/1.1\r\nHost: shop.test\r\n" + brought + "\r\n");
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(200);
        String set = answer.field("Set-Cookie");
        cookie = set.isEmpty() ? cookie : set.substring(0, set.indexOf(';'));
        return answer.body();
    }
}
