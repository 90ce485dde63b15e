package io.larder.server;

import static io.larder.server.Dialogue.request;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Request;
import io.larder.http.Source;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nobody is asked for more than the other side of a stream takes. */
class Http2BackPressureTest {
    private static final int WINDOW = 65_535; // RFC 9113 §6.9.2, of a client that says nothing else
    private static final int PIECE = 32 * 1024;
    private static final int AT_MOST = WINDOW + 64 * 1024 + PIECE; // sent, waiting, and in hand

    /** A body that is there as fast as it is asked for, and counts how much was. */
    private record Endless(AtomicLong given, CompletableFuture<Void> cancelled) implements Source {
        Endless() {
            this(new AtomicLong(), new CompletableFuture<>());
        }

        @Override
        public void read(Sink sink) {
            given.addAndGet(PIECE);
            sink.chunk(Bytes.of(new byte[PIECE]));
        }

        @Override
        public void cancel() {
            cancelled.complete(null);
        }
    }

    private static int content(FrameWire frames, int stream, int atLeast) throws Exception {
        int octets = 0;
        while (octets < atLeast) {
            Frame frame = frames.next(FrameWire.DATA);
            assertThat(frame.stream()).isEqualTo(stream);
            octets += frame.text().length();
        }
        return octets;
    }

    @Test
    void anOriginGivesNoMoreThanTheClientsWindowTakes() throws Exception {
        Endless source = new Endless();
        Handler handler = (request, exchange) -> request.target().path().equals("/other")
                ? TestServer.text("other")
                : TestServer.answer(200, new Body.Live(source, Body.UNKNOWN));
        try (TestServer server = new TestServer(handler, TestServer.settings(TestServer.timeouts(60_000)));
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.get(1);
            FrameWire frames = dialogue.frames;
            assertThat(content(frames, 1, WINDOW)).isEqualTo(WINDOW);
            for (long total = WINDOW; total < 4_000_000; total += 50_000) {
                dialogue.ping("a moment").expectPong("a moment");
                assertThat(source.given().get() - total).isLessThanOrEqualTo(AT_MOST - WINDOW);
                dialogue.windowUpdate(0, 50_000).windowUpdate(1, 50_000);
                assertThat(content(frames, 1, 50_000)).isEqualTo(50_000);
            }
            dialogue.windowUpdate(0, 1_000); // one stream's stop is no other's
            String[] other = request("GET");
            other[5] = "/other";
            dialogue.ask(3, other).expectHeaders(3);
            assertThat(content(frames, 3, 5)).isEqualTo(5);
            dialogue.reset(1, 8);
            source.cancelled().join();
        }
    }

    @Test
    void aClientSendsNoMoreThanIsTaken() throws Exception {
        record Asked(Request request, Exchange exchange) {}
        BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
        Handler handler = (request, exchange) -> {
            asked.add(new Asked(request, exchange));
            return new CompletableFuture<>();
        };
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 1L << 40, TestServer.timeouts(60_000));
        try (TestServer server = new TestServer(handler, settings);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.post(1);
            Asked first = TestServer.next(asked);
            for (int i = 0; i < 8; i++) {
                dialogue.data(1, false, "x".repeat(16 * 1024)); // the window that we open, whole
            }
            dialogue.ping("a moment");
            for (Frame frame = dialogue.frames.one(); frame.type() != FrameWire.PING; frame = dialogue.frames.one()) {
                assertThat(frame.stream())
                        .as("a window that opens unasked: " + frame)
                        .isZero();
            }
            AtomicLong read = new AtomicLong();
            first.exchange()
                    .loop()
                    .execute(() -> new Pump(((Body.Live) first.request().body()).source(), new Pump.Taker() {
                                @Override
                                public boolean chunk(Bytes bytes) {
                                    read.addAndGet(bytes.length());
                                    return true;
                                }

                                @Override
                                public void end(Headers trailers) {
                                    read.addAndGet(1 << 20);
                                }

                                @Override
                                public void failed(Throwable cause) {}
                            })
                            .resume());
            Frame opened = dialogue.frames.one();
            while (opened.type() != FrameWire.WINDOW_UPDATE || opened.stream() != 1) {
                opened = dialogue.frames.one();
            }
            assertThat(opened.code()).isEqualTo(128 * 1024);
            dialogue.data(1, true, "x".repeat(100));
            eventually("the end", () -> read.get() == (1 << 20) + 128 * 1024 + 100);
        }
    }

    /** More octets than the window has: a connection or stream error (RFC 9113 §6.9.1). */
    @Test
    void aClientThatSendsMoreThanItMayIsSentAway() throws Exception {
        Handler handler = (request, exchange) -> new CompletableFuture<>();
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 1L << 40, TestServer.timeouts(60_000));
        try (TestServer server = new TestServer(handler, settings);
                RawClient client = server.connect()) {
            Dialogue dialogue = new Dialogue(client).handshake();
            dialogue.post(1);
            for (int i = 0; i < 9; i++) {
                dialogue.data(1, false, "x".repeat(16 * 1024));
            }
            dialogue.expectStreamError(1, Dialogue.FLOW_CONTROL_ERROR);
        }
    }
}
