package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets through a whole gateway (RFC 6455, RFC 9110 §7.8), with a client that is not ours. */
class SocketsTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String HANDSHAKE = "GET /chat HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";

    @TempDir
    Path directory;

    /** What a client hears. */
    private static final class Ear implements WebSocket.Listener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("closed " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("broken " + error.getMessage());
        }

        @Nullable
        String next() throws InterruptedException {
            return heard.poll(20, TimeUnit.SECONDS);
        }
    }

    private static WebSocket open(HttpClient client, Running running, Ear ear) throws Exception {
        return client.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + running.port() + "/chat"), ear)
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void bothSidesSayWhatTheyLike() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.start(directory, origin, 1)) {
            Ear ear = new Ear();
            WebSocket socket = open(client, running, ear);
            socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
            assertThat(ear.next()).isEqualTo("hello");
            String long1 = "x".repeat(300_000);
            socket.sendText(long1, true).get(20, TimeUnit.SECONDS);
            assertThat(ear.next()).isEqualTo(long1);
            socket.sendClose(1000, "enough").get(20, TimeUnit.SECONDS);
            assertThat(ear.next()).isEqualTo("closed 1000");
            assertThat(origin.requests().getFirst())
                    .contains("Connection: Upgrade\r\n", "Upgrade: websocket\r\n", "X-Forwarded-For: 127.0.0.1\r\n")
                    .doesNotContain("Transfer-Encoding", "Content-Length", "HTTP2-Settings");
        }
    }

    @Test
    void aServerThatHangsUpEndsIt() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(0));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            List<String> head = client.send(HANDSHAKE).head();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 101 ");
            assertThat(head)
                    .contains(
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Accept: " + EchoSocket.accept(KEY))
                    .noneMatch(line -> line.startsWith("Content-Length") || line.startsWith("Transfer-Encoding"));
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aClientThatHangsUpEndsIt() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    String key = EchoSocket.field(wire.nextRequest(), "Sec-WebSocket-Key");
                    wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + EchoSocket.accept(key) + "\r\n\r\nfirst");
                    seen.add(wire.read(4));
                    wire.awaitClose();
                    seen.add("closed");
                });
                Running running = Running.start(directory, origin, 1)) {
            try (RawClient client = running.connect()) {
                client.send(HANDSHAKE).head();
                assertThat(new String(client.exactly(5), StandardCharsets.US_ASCII))
                        .isEqualTo("first");
                client.send("last").endOutput();
                assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("last");
                assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("closed");
                assertThat(client.isEnded()).isTrue();
            }
        }
    }

    @Test
    void silenceEndsIt() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.start(
                        directory,
                        origin,
                        1,
                        "upstreams: { app: { servers: ['127.0.0.1:" + origin.port()
                                + "'], timeouts: { total: 100ms, tunnel: 1s } } }");
                RawClient client = running.connect()) {
            client.send(HANDSHAKE).head();
            long began = System.nanoTime();
            assertThat(client.isEnded()).isTrue();
            assertThat(System.nanoTime() - began)
                    .as("the time for an answer is over long before")
                    .isGreaterThan(500_000_000L);
            assertThat(running.adminGet("/metrics").body())
                    .as("it is nobody's fault")
                    .doesNotContain("reason=\"connection_read_timeout\"} 1");
        }
    }

    /** Whoever is declined speaks HTTP on. */
    @Test
    void afterAnyOtherAnswerItIsHttpAgain() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.inTurn(
                        Running.ok("Cache-Control: max-age=60\r\n", "no socket"), Running.ok("", "second")));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            client.send(HANDSHAKE + Running.get("/b"));
            assertThat(client.answer().body()).isEqualTo("no socket");
            assertThat(client.answer().body()).isEqualTo("second");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: h2c\r\nConnection: Upgrade",
                "Upgrade: websocket\r\nConnection: Upgrade",
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void aServerMaySwitchToNothingElse(String fields) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(
                        ScriptedOrigin.always("HTTP/1.1 101 Switching Protocols\r\n" + fields + "\r\n\r\nsmuggled"));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            RawClient.Answer answer = client.send(HANDSHAKE).answer();
            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.body()).doesNotContain("smuggled");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "TLS/1.0", "websocket, h2c", "foo"})
    void nothingElseIsPassedOn(String protocol) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "plain")));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            client.send(HANDSHAKE.replace("Upgrade: websocket", "Upgrade: " + protocol));
            assertThat(client.answer().body()).isEqualTo("plain");
            assertThat(origin.requests().getFirst()).doesNotContainIgnoringCase("upgrade:");
        }
    }

    @Test
    void aRouteMayForbidThem() throws Exception {
        String site = """
                sites:
                  shop:
                    upstream: app
                    routes:
                      - path: /chat
                        match: { header: { Upgrade: "*" } }
                        respond: { status: 403 }
                """;
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1, site);
                RawClient client = running.connect()) {
            assertThat(client.send(HANDSHAKE).answer().status()).isEqualTo(403);
            assertThat(origin.requests()).isEmpty();
        }
    }

    /** More than its buffers hold: whoever does not read stops the other, and loses nothing. */
    @Test
    void aClientThatReadsLateGetsEverything() throws Exception {
        int length = 20_000_000;
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    String key = EchoSocket.field(wire.nextRequest(), "Sec-WebSocket-Key");
                    wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + EchoSocket.accept(key) + "\r\n\r\n");
                    wire.send("y".repeat(length));
                    wire.finish();
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect(4096)) {
            client.send(HANDSHAKE).head();
            assertThat(client.rest()).hasSize(length);
        }
    }

    @Test
    void aThousandSocketsSurviveAReload() throws Exception {
        int many = 1000;
        try (HttpClient client = HttpClient.newHttpClient();
                ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.reloading(directory, 2, false, config(origin, "30s"))) {
            List<WebSocket> sockets = new ArrayList<>();
            List<Ear> ears = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                Ear ear = new Ear();
                ears.add(ear);
                sockets.add(open(client, running, ear));
            }
            say(sockets, ears, "before");
            Files.writeString(directory.resolve("larder.yaml"), config(origin, "31s"));
            running.reload(200);
            say(sockets, ears, "after");
            sockets.forEach(WebSocket::abort);
            Running.await("all have ended", () -> inFlight(running) == 0);
        }
    }

    /** A server is taken out for work on it: those who talk to it finish, nobody else begins. */
    @Test
    void aDrainedServerKeepsThemAndGetsNoMore() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                ScriptedOrigin one = ScriptedOrigin.play(EchoSocket.echoing(1000));
                ScriptedOrigin two = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.start(
                        directory,
                        one,
                        1,
                        "upstreams: { app: { servers: ['127.0.0.1:" + one.port() + "', '127.0.0.1:" + two.port()
                                + "'], balance: round-robin } }")) {
            List<WebSocket> sockets = new ArrayList<>();
            List<Ear> ears = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ears.add(new Ear());
                sockets.add(open(client, running, ears.getLast()));
            }
            assertThat(one.connections()).isEqualTo(2);
            String server = "/v1/upstreams/app/servers/127.0.0.1:" + one.port();
            assertThat(running.adminPost(server, "{\"state\":\"drain\"}").status())
                    .isEqualTo(200);
            for (int i = 0; i < 4; i++) {
                ears.add(new Ear());
                sockets.add(open(client, running, ears.getLast()));
            }
            assertThat(one.connections()).isEqualTo(2);
            assertThat(two.connections()).isEqualTo(6);
            say(sockets, ears, "still here");
            sockets.forEach(WebSocket::abort);
        }
    }

    @Test
    void aGatewayThatStopsGivesThemTimeAndThenClosesThem() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.start(directory, origin, 1, "shutdown: { drain: 3s }");
                RawClient client = running.connect()) {
            client.send(HANDSHAKE).head();
            running.larder.stop();
            Running.await("it drains", () -> running.adminGet("/readyz").status() == 503);
            Running.await("nobody else is let in", () -> {
                try (RawClient late = running.connect()) {
                    return late.isEnded();
                } catch (IOException refused) {
                    return true;
                }
            });
            client.send(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
            assertThat(client.exactly(4)).isEqualTo(new byte[] {(byte) 0x81, 2, 'h', 'i'});
            assertThat(client.isEnded()).isTrue();
            running.larder.await();
        }
    }

    /** It does not wait for longer than it has to. */
    @Test
    void aGatewayThatStopsIsGoneWithTheLastOfThem() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.start(directory, origin, 1, "shutdown: { drain: 10m }");
                RawClient client = running.connect()) {
            client.send(HANDSHAKE).head();
            running.larder.stop();
            Running.await("it drains", () -> running.adminGet("/readyz").status() == 503);
            client.reset();
            running.larder.await();
        }
    }

    private static void say(List<WebSocket> sockets, List<Ear> ears, String what) throws Exception {
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).sendText(what + i, true).get(20, TimeUnit.SECONDS);
        }
        for (int i = 0; i < sockets.size(); i++) {
            assertThat(ears.get(i).next()).isEqualTo(what + i);
        }
    }

    private static long inFlight(Running running) throws IOException {
        return running.status()
                .get("upstreams")
                .get(0)
                .get("servers")
                .get(0)
                .get("in-flight")
                .asLong();
    }

    private static String config(ScriptedOrigin origin, String firstByte) {
        return """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                sites: { shop: { upstream: app } }
                upstreams:
                  app: { servers: ['127.0.0.1:%d'], pool: { max-connections: 2000 }, timeouts: { first-byte: %s } }
                """.formatted(origin.port(), firstByte);
    }
}
