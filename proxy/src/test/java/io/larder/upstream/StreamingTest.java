package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.netty.Transport;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Script;
import io.larder.upstream.Rig.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that come slowly, or are not wanted to the end; clients that leave. */
class StreamingTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static Rig.Group patient(ScriptedOrigin origin) {
        UpstreamSettings.Timeouts timeouts = new UpstreamSettings.Timeouts(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));
        return Rig.with(Rig.settings(origin.address()), timeouts);
    }

    private static Body.Live live(Rig rig, String path) throws Exception {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        rig.loop.execute(
                () -> rig.upstream.handle(get(path), rig.exchange(Interim.NONE)).thenAccept(answer::complete));
        return (Body.Live) answer.get(20, TimeUnit.SECONDS).body();
    }

    private static Bytes readOne(Rig rig, Source source) throws Exception {
        CompletableFuture<Bytes> chunk = new CompletableFuture<>();
        rig.loop.execute(() -> source.read(new Source.Sink() {
            @Override
            public void chunk(Bytes bytes) {
                chunk.complete(bytes);
            }

            @Override
            public void end(Headers trailers) {
                chunk.complete(Bytes.EMPTY);
            }

            @Override
            public void failed(Throwable cause) {
                chunk.completeExceptionally(cause);
            }
        }));
        return chunk.get(20, TimeUnit.SECONDS);
    }

    /** The server sends as much as it can; nobody asks for more than the first chunk. */
    @ParameterizedTest
    @CsvSource({"EPOLL, Content-Length: 1073741824", "NIO, Content-Length: 1073741824", "EPOLL, Connection: close"})
    void nothingIsReadUnlessAskedFor(Transport transport, String framing) throws Exception {
        AtomicLong sent = new AtomicLong();
        Script firehose = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < 16 * 1024; i++) {
                wire.send(block);
                sent.addAndGet(block.length);
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(firehose);
                Rig rig = new Rig(patient(origin), transport)) {
            Body.Live body = live(rig, "/");
            assertThat(readOne(rig, body.source()).isEmpty()).isFalse();
            long stalledAt = settled(rig, sent);
            assertThat(stalledAt).as("what the kernel's buffers took").isLessThan(32L << 20);
            rig.onLoop(() -> {
                body.source().cancel();
                return true;
            });
            rig.await(stats -> stats.connections() == 0 && stats.inFlight() == 0);
        }
    }

    private static long settled(Rig rig, AtomicLong counter) throws Exception {
        long before = -1;
        while (before != counter.get()) {
            before = counter.get();
            CompletableFuture<Void> tick = new CompletableFuture<>();
            rig.loop.schedule(Duration.ofMillis(200), () -> tick.complete(null));
            tick.get(5, TimeUnit.SECONDS);
        }
        return before;
    }

    @Test
    void aLargeBodyPassesThroughInSmallPieces() throws Exception {
        int blocks = 2048;
        Script large = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] block = new byte[64 * 1024];
            for (int i = 0; i < blocks; i++) {
                wire.send("10000\r\n");
                wire.send(block);
                wire.send("\r\n");
            }
            wire.send("0\r\n\r\n");
            wire.awaitClose();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(large);
                Rig rig = new Rig(patient(origin))) {
            Body.Live body = live(rig, "/");
            long total = 0;
            for (Bytes chunk = readOne(rig, body.source()); !chunk.isEmpty(); chunk = readOne(rig, body.source())) {
                assertThat(chunk.length()).isLessThanOrEqualTo(Bytes.SEGMENT);
                total += chunk.length();
            }
            assertThat(total).isEqualTo(blocks * 65536L);
            assertThat(rig.await(stats -> stats.inFlight() == 0).idle()).isEqualTo(1);
        }
    }

    @Test
    void aSmallRestIsDrainedSoThatTheConnectionLives() throws Exception {
        Script halves = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
            wire.pause(100);
            wire.send("cd");
            ScriptedOrigin.always(OK).play(wire);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(halves);
                Rig rig = new Rig(patient(origin))) {
            Body.Live body = live(rig, "/");
            rig.onLoop(() -> {
                body.source().cancel();
                return true;
            });
            rig.await(stats -> stats.idle() == 1);
            assertThat(rig.ask(get("/next")).body()).isEqualTo("ok");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void whatCameBeforeTheEndIsKeptForALateReader() throws Exception {
        String text = "x".repeat(200_000);
        Script closes = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\n" + text);
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(closes);
                Rig rig = new Rig(patient(origin))) {
            Body.Live body = live(rig, "/");
            CompletableFuture<Void> later = new CompletableFuture<>();
            rig.loop.schedule(Duration.ofMillis(300), () -> later.complete(null));
            later.get(5, TimeUnit.SECONDS);
            long total = 0;
            for (Bytes chunk = readOne(rig, body.source()); !chunk.isEmpty(); chunk = readOne(rig, body.source())) {
                total += chunk.length();
            }
            assertThat(total).isEqualTo(text.length());
        }
    }

    @Test
    void aClientThatLeavesBeforeTheHeadTakesTheRequestWithIt() throws Exception {
        CompletableFuture<Long> closed = new CompletableFuture<>();
        Script silent = wire -> {
            wire.readRequest();
            closed.complete(wire.awaitClose());
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(silent);
                Rig rig = new Rig(patient(origin))) {
            CompletableFuture<Exchange> exchange = new CompletableFuture<>();
            CompletableFuture<Result> result = rig.begin(
                    (request, on) -> {
                        exchange.complete(on);
                        return rig.upstream.handle(request, on);
                    },
                    get("/"));
            rig.await(stats -> stats.connections() == 1 && origin.requests().size() == 1);
            rig.loop.execute(() -> exchange.join().departure().announce());
            assertThat(result.get(20, TimeUnit.SECONDS).failed().kind()).isEqualTo(Failure.Kind.CLIENT_GONE);
            assertThat(closed.get(20, TimeUnit.SECONDS)).isZero();
            rig.await(stats -> stats.connections() == 0 && stats.inFlight() == 0);
        }
    }

    @Test
    void theTotalTimeCutsABodyThatNeverEnds() throws Exception {
        UpstreamSettings.Timeouts timeouts = new UpstreamSettings.Timeouts(
                Duration.ofSeconds(2), Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(600));
        Script endless = wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n\r\n");
            for (int i = 0; i < 1000; i++) {
                wire.send("x");
                wire.pause(20);
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(endless);
                Rig rig = new Rig(Rig.with(Rig.settings(origin.address()), timeouts))) {
            Result result = rig.ask(get("/"));
            assertThat(result.status()).isEqualTo(200);
            assertThat(result.brokeOff().kind()).isEqualTo(Failure.Kind.READ_TIMEOUT);
        }
    }
}
