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
