package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.FrameWire.Head;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 from the client to the origin, through the whole gateway, as gRPC uses it: both ways at once, with trailers. */
class GrpcTest {
    private static final String[] CALL = {
        ":method",
        "POST",
        ":scheme",
        "http",
        ":authority",
        "grpc.example",
        ":path",
        "/shop.Stock/Watch",
        "content-type",
        "application/grpc",
        "te",
        "trailers",
        "grpc-timeout",
        "10S"
    };

    @TempDir
    private Path directory;

    private Running gateway(ScriptedOrigin origin) throws Exception {
        return Running.start(
                directory,
                origin,
                1,
                "upstreams: { app: { servers: ['127.0.0.1:" + origin.port() + "'], protocol: h2c } }");
    }

    private static RawClient connect(Running gateway) throws Exception {
        return gateway.connect();
    }

    @Test
    void messagesPassBothWaysAtOnceAndTrailersEndThem() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    assertThat(head.fields().get("te")).asString().isEqualTo("trailers");
                    assertThat(head.fields().get("content-type")).asString().isEqualTo("application/grpc");
                    assertThat(head.fields().authority()).asString().isEqualTo("grpc.example");
                    frames.headers(head.stream(), false, ":status", "200", "content-type", "application/grpc");
                    for (Frame data = frames.next(FrameWire.DATA); ; data = frames.next(FrameWire.DATA)) {
                        if (!data.text().isEmpty()) {
                            frames.data(head.stream(), false, "re: " + data.text());
                        }
                        if (data.ends()) {
                            break;
                        }
                    }
                    frames.headers(head.stream(), true, "grpc-status", "0", "grpc-message", "fine");
                    frames.any();
                });
                Running gateway = gateway(origin);
                RawClient client = connect(gateway)) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CALL);
            Head head = frames.head(); // before any message
            assertThat(head.fields().status()).asString().isEqualTo("200");
            assertThat(head.fields().get("content-type")).asString().isEqualTo("application/grpc");
            for (int i = 0; i < 10; i++) {
                frames.data(1, false, "message " + i);
                assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("re: message " + i);
            }
            frames.data(1, true, "");
            Frame end = frames.next();
            while (end.type() == FrameWire.DATA && end.text().isEmpty()) {
                end = frames.next();
            }
            assertThat(end.type()).isEqualTo(FrameWire.HEADERS);
            assertThat(end.ends()).isTrue();
            assertThat(frames.decoded(end).get("grpc-status")).asString().isEqualTo("0");
        }
    }

    /** An answer that is trailers alone, as gRPC has it for a call that fails at once. */
    @Test
    void anAnswerOfTrailersAlone() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    frames.headers(
                            head.stream(),
                            true,
                            ":status",
                            "200",
                            "content-type",
                            "application/grpc",
                            "grpc-status",
                            "7");
                    frames.any();
                });
                Running gateway = gateway(origin);
                RawClient client = connect(gateway)) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CALL);
            Head head = frames.head();
            assertThat(head.fields().get("grpc-status")).asString().isEqualTo("7");
            Frame end = head.ends() ? null : frames.next(FrameWire.DATA);
            assertThat(end == null || end.ends()).isTrue();
        }
    }

    @Test
    void aCallThatIsCancelledIsCancelledAtTheOrigin() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        AtomicBoolean reset = new AtomicBoolean();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    frames.headers(head.stream(), false, ":status", "200", "content-type", "application/grpc");
                    frames.data(head.stream(), false, "first");
                    reset.set(frames.next(FrameWire.RST_STREAM).stream() == head.stream());
                    cancelled.countDown();
                });
                Running gateway = gateway(origin);
                RawClient client = connect(gateway)) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, false, CALL);
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("first");
            frames.reset(1, 8);
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(reset).isTrue();
        }
    }

    /** RFC 9110 §7.6.3: Via says in which version a message was received, of each direction by itself. */
    @Test
    void bothSidesAreToldWhatTheOtherSpoke() throws Exception {
        AtomicReference<Object> told = new AtomicReference<>();
        try (ScriptedOrigin modern = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    told.set(head.fields().get("via"));
                    frames.headers(head.stream(), true, ":status", "204");
                    frames.any();
                });
                ScriptedOrigin old = ScriptedOrigin.play(wire -> {
                    String version = wire.nextRequest().contains("Via: 2.0 larder") ? "HTTP/1.0" : "HTTP/1.1";
                    wire.send(version + " 204 No Content\r\n\r\n");
                });
                Running fronting = gateway(modern);
                Running wrapping = Running.start(directory, old, 1);
                RawClient first = connect(fronting);
                RawClient second = connect(wrapping);
                RawClient third = connect(wrapping)) {
            String get = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
            assertThat(first.send(get).answer().field("Via")).isEqualTo("2.0 larder");
            assertThat(told.get()).asString().isEqualTo("1.1 larder");
            FrameWire frames = FrameWire.greet(second);
            frames.headers(1, true, ":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", "/");
            assertThat(frames.head().fields().get("via")).asString().isEqualTo("1.0 larder");
            assertThat(old.requests().getFirst()).contains("\r\nVia: 2.0 larder\r\n");
            String ancient = get.replace("HTTP/1.1", "HTTP/1.0");
            assertThat(third.send(ancient).answer().field("Via")).isEqualTo("1.1 larder");
            assertThat(old.requests().getLast()).contains("\r\nVia: 1.0 larder\r\n");
        }
    }

    @Test
    void theCacheServesBothProtocolsTheSame() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    FrameWire frames = FrameWire.greet(wire);
                    Head head = frames.head();
                    frames.headers(head.stream(), false, ":status", "200", "cache-control", "max-age=60", "x-a", "b");
                    frames.data(head.stream(), true, "stored");
                    frames.any();
                });
                Running gateway = gateway(origin);
                RawClient client = connect(gateway);
                RawClient old = connect(gateway)) {
            FrameWire frames = FrameWire.greet(client);
            for (int stream = 1; stream < 20; stream += 2) {
                frames.headers(
                        stream, true, ":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", "/");
                Head head = frames.head();
                assertThat(head.fields().get("x-a")).asString().isEqualTo("b");
                assertThat(head.fields().contains("age")).isEqualTo(stream > 1);
                assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("stored");
            }
            old.send("GET / HTTP/1.1\r\nHost: a.example\r\n\r\n");
            RawClient.Answer answer = old.answer();
            assertThat(answer.body()).isEqualTo("stored");
            assertThat(answer.field("Age")).isNotEmpty();
        }
    }
}
