package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.FrameWire.Head;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on streams of HTTP/2 (RFC 8441), through a whole gateway, to servers of HTTP/1.1. */
class StreamSocketsTest {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int PROTOCOL_ERROR = 1;
    private static final int CANCEL = 8;
    private static final String OPENED = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            + "Connection: Upgrade\r\nSec-WebSocket-Protocol: chat\r\nSec-WebSocket-Accept: ";

    @TempDir
    Path directory;

    private static String[] connect(String... more) {
        List<String> fields = new ArrayList<>(List.of(
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                "/chat",
                ":authority",
                "shop.test"));
        fields.addAll(
                List.of("sec-websocket-version", "13", "sec-websocket-protocol", "chat", "origin", "http://shop.test"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** A frame of WebSocket with {@code text}, as a client sends it, under a mask of zeros. */
    private static String said(String text) {
        return new String(new char[] {0x81, (char) (0x80 | text.length()), 0, 0, 0, 0}) + text;
    }

    /** The same, as a server sends it. */
    private static String echoed(String text) {
        return new String(new char[] {0x81, (char) text.length()}) + text;
    }

    private static void accept(ScriptedOrigin.Wire wire) throws IOException {
        wire.send(OPENED + EchoSocket.accept(EchoSocket.field(wire.nextRequest(), "Sec-WebSocket-Key")) + "\r\n\r\n");
    }

    private static void opened(FrameWire frames, int stream) throws IOException {
        Head head = frames.head();
        assertThat(head.stream()).isEqualTo(stream);
        assertThat(head.fields().status()).asString().isEqualTo("200");
        assertThat(head.ends()).isFalse();
    }

    @Test
    void bothSidesSayWhatTheyLike() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    accept(wire);
                    wire.send(wire.read(5) + "hello");
                    wire.awaitClose();
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            Frame settings = frames.one();
            assertThat(settings.type()).isEqualTo(FrameWire.SETTINGS);
            assertThat(setting(settings, ENABLE_CONNECT_PROTOCOL))
                    .as("RFC 8441 section 3")
                    .isEqualTo(1);
            frames.headers(1, false, connect("cookie", "a=b", "sec-websocket-key", "of no meaning"));
            Head head = frames.head();
            assertThat(head.fields().status()).asString().isEqualTo("200");
            assertThat(head.fields().get("sec-websocket-protocol")).asString().isEqualTo("chat");
            assertThat(head.fields().contains("sec-websocket-accept"))
                    .as("RFC 8441 section 5")
                    .isFalse();
            assertThat(head.fields().contains("content-length")).isFalse();
            frames.data(1, false, "first");
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("firsthello");
            frames.data(1, true, "");
            assertThat(frames.next(FrameWire.DATA).ends()).isTrue();
            assertThat(origin.requests().getFirst())
                    .startsWith("GET /chat HTTP/1.1\r\n")
                    .contains(
                            "Host: shop.test\r\n",
                            "cookie: a=b\r\n",
                            "Connection: Upgrade\r\n",
                            "Upgrade: websocket\r\n",
                            "sec-websocket-version: 13\r\n")
                    .containsPattern("Sec-WebSocket-Key: [A-Za-z0-9+/]{22}==\r\n")
                    .doesNotContain("of no meaning", "Content-Length", "Transfer-Encoding", "protocol: websocket");
        }
    }

    private static int setting(Frame settings, int id) {
        ByteBuffer pairs = ByteBuffer.wrap(settings.payload());
        int value = -1;
        while (pairs.hasRemaining()) {
            int name = pairs.getShort();
            int said = pairs.getInt();
            value = name == id ? said : value;
        }
        return value;
    }

    @Test
    void aServerThatHangsUpEndsTheStream() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            frames.data(1, false, said("bye"));
            StringBuilder heard = new StringBuilder();
            Frame last = frames.next(FrameWire.DATA);
            for (; !last.ends(); last = frames.next(FrameWire.DATA)) {
                heard.append(last.text());
            }
            assertThat(heard + last.text()).isEqualTo(echoed("bye"));
            frames.headers(3, false, connect());
            opened(frames, 3);
        }
    }

    @Test
    void aServerThatResetsEndsTheStream() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    accept(wire);
                    wire.read(1);
                    wire.reset();
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            frames.data(1, false, "x");
            assertThat(frames.next(FrameWire.DATA).ends()).isTrue();
            assertThat(frames.next(FrameWire.RST_STREAM).code()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatLeavesEndsItAtTheServer(boolean politely) throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    accept(wire);
                    seen.add(wire.read(4));
                    wire.awaitClose();
                    seen.add("closed");
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            frames.data(1, politely, "last");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("last");
            if (!politely) {
                frames.reset(1, CANCEL);
            }
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("closed");
        }
    }

    /** Nothing that a client says before it is answered reaches a server that has not agreed to hear it. */
    @Test
    void whatIsSaidTooEarlyWaits() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.inTurn(
                        "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", Running.ok("", "second")));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            frames.data(1, false, Running.get("/smuggled"));
            assertThat(frames.head().fields().status()).asString().isEqualTo("403");
            frames.headers(3, true, ":method", "GET", ":scheme", "http", ":path", "/b", ":authority", "shop.test");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
            assertThat(origin.requests()).hasSize(2).noneMatch(request -> request.contains("smuggled"));
        }
    }

    /** Only a 101 is success: any other success would be taken for a tunnel (RFC 8441 §4, RFC 9110 §9.3.6). */
    @ParameterizedTest
    @CsvSource({
        "200 OK, 502",
        "206 Partial Content, 502",
        "302 Found, 302",
        "401 Unauthorized, 401",
        "404 Not Found, 404"
    })
    void nothingElseOpensATunnel(String answered, String told) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(
                        "HTTP/1.1 " + answered + "\r\nContent-Length: 5\r\nLocation: /x\r\n\r\nplain"));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            assertThat(frames.head().fields().status()).asString().isEqualTo(told);
        }
    }

    @Test
    void aServerMustAcceptWhatWeHaveAsked() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(
                        ScriptedOrigin.always(OPENED + "AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\nsmuggled"));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            assertThat(frames.head().fields().status()).asString().isEqualTo("502");
            assertThat(frames.next(FrameWire.DATA).text()).doesNotContain("smuggled");
        }
    }

    /** RFC 8441 §4: what has to be there is there, and nothing is CONNECT but CONNECT. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method=GET :protocol=websocket :scheme=http :path=/ :authority=shop.test",
                ":method=CONNECT :protocol=websocket :scheme=http :authority=shop.test",
                ":method=CONNECT :protocol=websocket :path=/ :authority=shop.test",
                ":method=CONNECT :protocol=websocket :protocol=websocket :scheme=http :path=/ :authority=shop.test",
                ":method=CONNECT :protocol=websocket :scheme=http :path=/ :authority=shop.test upgrade=websocket",
                ":method=CONNECT :protocol=websocket :authority=shop.test"
            })
    void theMalformed(String fields) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, fields.split("[ =]"));
            assertThat(frames.next(FrameWire.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(origin.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"h2c, , 501", "connect-udp, , 501", "WebSocket, , 501", "websocket, 5, 400"})
    void theRefused(String protocol, String length, String status) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            String[] asked = length == null ? connect() : connect("content-length", length);
            asked[3] = protocol;
            frames.headers(1, false, asked);
            assertThat(frames.head().fields().status()).asString().isEqualTo(status);
            assertThat(origin.requests()).isEmpty();
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
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            assertThat(frames.head().fields().status()).asString().isEqualTo("403");
            assertThat(origin.requests()).isEmpty();
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
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            assertThat(frames.next(FrameWire.DATA).ends()).isTrue();
        }
    }

    @Test
    void aLengthOfNothingIsNoLength() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect("content-length", "0"));
            opened(frames, 1);
            frames.data(1, false, said("more"));
            assertThat(frames.next(FrameWire.DATA).text())
                    .startsWith(echoed("more").substring(0, 1));
        }
    }

    /** RFC 9113 §8.5. */
    @Test
    void fieldsInATunnelAreAFault() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1));
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            frames.headers(1, true, "x-late", "y");
            assertThat(frames.next(FrameWire.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    /** What the client does not read of one stream is not the fault of another on which nothing is said. */
    @Test
    void aSocketOutlivesADownloadThatIsNotRead() throws Exception {
        String listeners = """
                listeners: { web: { bind: "127.0.0.1:0", limits: { write-timeout: 1s } } }
                """;
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    String head = wire.nextRequest();
                    if (head.startsWith("GET /chat")) {
                        wire.send(OPENED + EchoSocket.accept(EchoSocket.field(head, "Sec-WebSocket-Key")) + "\r\n\r\n");
                        wire.awaitClose();
                    } else {
                        wire.send(Running.ok("", "x".repeat(1_000_000)));
                    }
                });
                Running running = Running.start(directory, origin, 1, listeners);
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client, FrameWire.INITIAL_WINDOW_SIZE, 10_000_000);
            frames.headers(1, false, connect());
            opened(frames, 1);
            frames.headers(3, true, ":method", "GET", ":scheme", "http", ":path", "/big", ":authority", "shop.test");
            Frame reset = frames.next(FrameWire.RST_STREAM);
            assertThat(reset.stream()).as("the download").isEqualTo(3);
            frames.windowUpdate(0, 1_000_000);
            frames.headers(5, true, ":method", "GET", ":scheme", "http", ":path", "/small", ":authority", "shop.test");
            assertThat(frames.next().stream()).as("not the socket's end").isEqualTo(5);
        }
    }

    /** More than all windows hold: whoever does not read stops the other, and loses nothing. */
    @Test
    void aClientThatReadsLateGetsEverything() throws Exception {
        int length = 8_000_000;
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    accept(wire);
                    wire.send("y".repeat(length));
                    wire.finish();
                });
                Running running = Running.start(directory, origin, 1);
                RawClient client = running.connect(4096)) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, connect());
            opened(frames, 1);
            int heard = 0;
            for (boolean over = false; !over; ) {
                Frame frame = frames.next(FrameWire.DATA);
                int octets = frame.payload().length;
                heard += octets;
                over = frame.ends();
                if (octets > 0 && !over) {
                    frames.windowUpdate(0, octets);
                    frames.windowUpdate(1, octets);
                }
            }
            assertThat(heard).isEqualTo(length);
        }
    }

    @Test
    void aHundredOnOneConnectionSurviveAReload() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(EchoSocket.echoing(1000));
                Running running = Running.reloading(directory, 2, false, config(origin, "30s"));
                RawClient client = running.connect()) {
            FrameWire frames = FrameWire.greet(client);
            for (int stream = 1; stream < 200; stream += 2) {
                frames.headers(stream, false, connect());
                opened(frames, stream);
            }
            say(frames, "before");
            Files.writeString(directory.resolve("larder.yaml"), config(origin, "31s"));
            running.reload(200);
            say(frames, "after");
        }
    }

    private static void say(FrameWire frames, String what) throws IOException {
        for (int stream = 1; stream < 200; stream += 2) {
            frames.data(stream, false, said(what + stream));
            String heard = "";
            while (heard.length() < echoed(what + stream).length()) {
                Frame frame = frames.next(FrameWire.DATA);
                assertThat(frame.stream()).isEqualTo(stream);
                heard += frame.text();
            }
            assertThat(heard).isEqualTo(echoed(what + stream));
        }
    }

    private static String config(ScriptedOrigin origin, String firstByte) {
        return """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                sites: { shop: { upstream: app } }
                upstreams:
                  app: { servers: ['127.0.0.1:%d'], pool: { max-connections: 200 }, timeouts: { first-byte: %s } }
                """.formatted(origin.port(), firstByte);
    }
}
