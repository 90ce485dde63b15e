package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.FrameWire.Head;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets to servers of HTTP/2 (RFC 8441), through a whole gateway. */
class TunnelledSocketsTest {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String HANDSHAKE = "GET /chat?a HTTP/1.1\r\nHost: shop.test\r\nConnection: Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";

    private static final String[] CONNECT = {
        ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", "/chat", ":authority", "shop.test"
    };

    @TempDir
    Path directory;

    private Running gateway(ScriptedOrigin origin, String... timeouts) throws Exception {
        return Running.start(
                directory,
                origin,
                1,
                "upstreams: { app: { protocol: h2c, servers: ['127.0.0.1:" + origin.port() + "'], timeouts: { "
                        + String.join(", ", timeouts) + " } } }");
    }

    @Test
    void aClientOfHttp1() throws Exception {
        BlockingQueue<Head> asked = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    Head head = frames.head();
                    asked.add(head);
                    frames.headers(head.stream(), false, ":status", "200", "sec-websocket-protocol", "chat");
                    frames.data(head.stream(), false, "first");
                    frames.data(
                            head.stream(), false, frames.next(FrameWire.DATA).text() + " heard");
                    frames.data(head.stream(), true, ", bye");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            List<String> head = client.send(HANDSHAKE).head();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 101 ");
            assertThat(head)
                    .contains(
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "sec-websocket-protocol: chat",
                            "Sec-WebSocket-Accept: " + EchoSocket.accept(KEY));
            assertThat(new String(client.exactly(5), StandardCharsets.US_ASCII)).isEqualTo("first");
            assertThat(client.send("said").rest()).isEqualTo("said heard, bye");
            Head tunnel = asked.remove();
            assertThat(tunnel.ends()).isFalse();
            assertThat(tunnel.fields().method()).asString().isEqualTo("CONNECT");
            assertThat(tunnel.fields().get(":protocol")).asString().isEqualTo("websocket");
            assertThat(tunnel.fields().path()).asString().isEqualTo("/chat?a");
            assertThat(tunnel.fields().scheme()).asString().isEqualTo("http");
            assertThat(tunnel.fields().authority()).asString().isEqualTo("shop.test");
            assertThat(tunnel.fields().get("sec-websocket-version")).asString().isEqualTo("13");
            assertThat(tunnel.fields().names())
                    .extracting(CharSequence::toString)
                    .doesNotContain("sec-websocket-key", "upgrade", "connection", "te", "content-length");
        }
    }

    @Test
    void aClientOfHttp2() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    int stream = frames.head().stream();
                    frames.headers(stream, false, ":status", "200");
                    frames.data(stream, false, frames.next(FrameWire.DATA).text() + " heard");
                    assertThat(frames.next(FrameWire.DATA).ends()).isTrue();
                    frames.data(stream, true, "");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CONNECT);
            Head head = frames.head();
            assertThat(head.fields().status()).asString().isEqualTo("200");
            assertThat(head.fields().contains("sec-websocket-accept")).isFalse();
            frames.data(1, false, "said");
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("said heard");
            frames.data(1, true, "");
            assertThat(frames.next(FrameWire.DATA).ends()).isTrue();
        }
    }

    @Test
    void aServerThatDeclines() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    int stream = frames.head().stream();
                    frames.headers(stream, false, ":status", "403", "content-length", "2");
                    frames.data(stream, true, "no");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            RawClient.Answer answer = client.send(HANDSHAKE).answer();
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo("no");
        }
    }

    /** RFC 8441 §3: a server that has not said that it takes them is asked for the plain response. */
    @Test
    void aServerThatKnowsNothingOfThem() throws Exception {
        BlockingQueue<Head> asked = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    asked.add(head);
                    frames.answer(head.stream(), "plain");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            assertThat(client.send(HANDSHAKE).answer().body()).isEqualTo("plain");
            Head plain = asked.remove();
            assertThat(plain.fields().method()).asString().isEqualTo("GET");
            assertThat(plain.fields().contains(":protocol")).isFalse();
        }
    }

    @Test
    void aClientThatLeavesEndsTheStream() throws Exception {
        BlockingQueue<Frame> ended = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    frames.headers(frames.head().stream(), false, ":status", "200");
                    ended.add(frames.next());
                    wire.awaitClose();
                });
                Running running = gateway(origin)) {
            try (RawClient client = running.connect()) {
                client.send(HANDSHAKE).head();
            }
            Frame end = ended.poll(20, TimeUnit.SECONDS);
            assertThat(end).isNotNull();
            assertThat(end.type() == FrameWire.RST_STREAM || end.ends())
                    .as(end.toString())
                    .isTrue();
        }
    }

    @Test
    void silenceEndsIt() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    frames.headers(frames.head().stream(), false, ":status", "200");
                    wire.awaitClose();
                });
                Running running = gateway(origin, "total: 100ms", "tunnel: 1s");
                RawClient client = running.connect()) {
            assertThat(client.send(HANDSHAKE).head().getFirst()).startsWith("HTTP/1.1 101 ");
            assertThat(client.isEnded()).isTrue();
        }
    }

    /** RFC 9113 §5.4.2: a reset is not answered by a reset. */
    @Test
    void aServerThatResetsEndsItAndIsToldNothing() throws Exception {
        BlockingQueue<Frame> told = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    int stream = frames.head().stream();
                    frames.headers(stream, false, ":status", "200");
                    frames.reset(stream, 8);
                    Head next = frames.head(); // anything else that is about a stream would come before
                    told.add(new Frame(FrameWire.HEADERS, 0, next.stream(), ""));
                    frames.answer(next.stream(), "plain");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect();
                RawClient other = running.connect()) {
            assertThat(client.send(HANDSHAKE).head().getFirst()).startsWith("HTTP/1.1 101 ");
            assertThat(client.isEnded()).isTrue();
            assertThat(other.send(Running.get("/b")).answer().body()).isEqualTo("plain");
            assertThat(told.remove().stream()).isEqualTo(5);
        }
    }

    /** There are no trailers in a tunnel (RFC 9113 §8.5). */
    @Test
    void fieldsBehindTheHeadAreAFault() throws Exception {
        BlockingQueue<Frame> told = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    int stream = frames.head().stream();
                    frames.headers(stream, false, ":status", "200");
                    frames.headers(stream, true, "x-late", "y");
                    told.add(frames.next(FrameWire.RST_STREAM));
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            assertThat(client.send(HANDSHAKE).head().getFirst()).startsWith("HTTP/1.1 101 ");
            assertThat(client.isEnded()).isTrue();
            Frame reset = told.poll(20, TimeUnit.SECONDS);
            assertThat(reset).isNotNull();
            assertThat(reset.code()).as("PROTOCOL_ERROR").isEqualTo(1);
        }
    }

    /** A server that goes on talking to nobody does not keep the stream. */
    @Test
    void aClientThatHasSaidAllIsNotWaitedForLong() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    int stream = frames.head().stream();
                    frames.headers(stream, false, ":status", "200");
                    for (int i = 0; i < 100; i++) {
                        frames.data(stream, false, "x");
                        wire.pause(100);
                    }
                });
                Running running = gateway(origin, "idle: 500ms");
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CONNECT);
            assertThat(frames.head().fields().contains("content-length")).isFalse();
            frames.data(1, true, "");
            int heard = 0;
            for (Frame frame = frames.next(FrameWire.DATA); !frame.ends(); frame = frames.next(FrameWire.DATA)) {
                heard++;
            }
            assertThat(heard).as("of 100").isLessThan(60);
        }
    }

    /** RFC 9110 §9.3.6: a server that opens one and ends it at once has not said how long it is. */
    @Test
    void anAnswerThatIsAllHasNoLength() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    frames.headers(frames.head().stream(), true, ":status", "200");
                    wire.awaitClose();
                });
                Running running = gateway(origin);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CONNECT);
            Head head = frames.head();
            assertThat(head.fields().status()).asString().isEqualTo("200");
            assertThat(head.fields().contains("content-length")).isFalse();
            assertThat(head.fields().get("via")).asString().startsWith("2.0 ");
        }
    }

    /** Sockets may last for days: they keep the connection that they are on, and nobody else from one that is younger. */
    @Test
    void socketsOnOldConnectionsDoNotFillThePool() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire, ENABLE_CONNECT_PROTOCOL, 1);
                    for (Head head = frames.head(); ; head = frames.head()) {
                        if (head.fields().contains(":protocol")) {
                            frames.headers(head.stream(), false, ":status", "200");
                        } else {
                            frames.answer(head.stream(), "plain");
                        }
                    }
                });
                Running running = Running.start(
                        directory,
                        origin,
                        1,
                        "upstreams: { app: { protocol: h2c, servers: ['127.0.0.1:" + origin.port()
                                + "'], pool: { max-connections: 1, max-age: 1s, pending-timeout: 5s } } }")) {
            List<RawClient> sockets = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                RawClient socket = running.connect();
                sockets.add(socket);
                assertThat(socket.send(HANDSHAKE).head().getFirst())
                        .as("socket " + i)
                        .startsWith("HTTP/1.1 101 ");
                assertThat(running.fetch("/plain").body()).isEqualTo("plain");
                int before = i;
                Running.await("a connection has grown too old", () -> {
                    running.fetch("/plain" + System.nanoTime());
                    return origin.connections() > before;
                });
            }
            for (RawClient socket : sockets) {
                socket.close();
            }
        }
    }
}
