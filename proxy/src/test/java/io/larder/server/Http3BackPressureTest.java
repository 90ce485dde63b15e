package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static io.larder.testing.Http3Exchange.request;
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
import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nobody is asked for more than the other side of a stream takes, over HTTP/3. */
class Http3BackPressureTest {
    private static final int PIECE = 32 * 1024;
    private static final long WINDOW = 64 * 1024;

    /** A body that is there as fast as it is asked for, up to so many octets, and counts how many were. */
    private record Lengthy(long octets, AtomicLong given, CompletableFuture<Void> cancelled) implements Source {
        Lengthy(long octets) {
            this(octets, new AtomicLong(), new CompletableFuture<>());
        }

        @Override
        public void read(Sink sink) {
            long left = octets - given.get();
            if (left == 0) {
                sink.end(Headers.EMPTY);
            } else {
                int next = (int) Math.min(PIECE, left);
                given.addAndGet(next);
                sink.chunk(Bytes.of(new byte[next]));
            }
        }

        @Override
        public void cancel() {
            cancelled.complete(null);
        }
    }

    private static Handler answering(Source source) {
        return (request, exchange) -> request.target().path().equals("/other")
                ? TestServer.text("other")
                : TestServer.answer(200, new Body.Live(source, Body.UNKNOWN));
    }

    private static long content(Http3Exchange exchange, long atLeast) throws Exception {
        long octets = 0;
        while (octets < atLeast) {
            Http3Exchange.Event event = exchange.next();
            assertThat(event).isInstanceOf(Http3Exchange.Event.Data.class);
            octets += ((Http3Exchange.Event.Data) event).text().length();
        }
        return octets;
    }

    @Test
    void aLargeResponseComesWhole() throws Exception {
        Lengthy source = new Lengthy(20_000_000);
        try (Http3Server server = new Http3Server(answering(source));
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.get("/");
            exchange.nextHead();
            assertThat(content(exchange, 20_000_000)).isEqualTo(20_000_000);
            assertThat(exchange.next()).isInstanceOf(Http3Exchange.Event.End.class);
            TestServer.Finished finished = server.server.nextFinished();
            assertThat(finished.outcome().sent()).isEqualTo(20_000_000);
            assertThat(finished.outcome().complete()).isTrue();
        }
    }

    @Test
    void anOriginGivesNoMoreThanTheClientsWindowTakes() throws Exception {
        Lengthy source = new Lengthy(1L << 40);
        try (Http3Server server = new Http3Server(answering(source));
                Http3Client client = server.connect(server.way().taking(WINDOW))) {
            Http3Exchange exchange = client.open().slowly().head(true, request("GET", "/"));
            eventually("the window is full", () -> source.given().get() >= WINDOW);
            assertThat(client.get("/other").answer().text()).isEqualTo("other"); // one stream's stop is no other's
            assertThat(source.given().get()).isLessThanOrEqualTo(WINDOW + 2 * PIECE);
            exchange.cancel();
            source.cancelled().get(10, TimeUnit.SECONDS);
            assertThat(client.get("/other").answer().text()).isEqualTo("other");
        }
    }

    @Test
    void aStreamWhoseWindowStaysShutIsResetAndOthersGoOn() throws Exception {
        Lengthy source = new Lengthy(1L << 40);
        Duration patience = Duration.ofSeconds(20);
        ListenerSettings.Timeouts timeouts =
                new ListenerSettings.Timeouts(patience, patience, patience, Duration.ofMillis(300), patience);
        try (Http3Server server = new Http3Server(answering(source), Http3Server.Like.USUAL.within(timeouts));
                Http3Client client = server.connect(server.way().taking(WINDOW))) {
            client.open().slowly().head(true, request("GET", "/"));
            source.cancelled().get(10, TimeUnit.SECONDS);
            assertThat(server.server.nextFinished().outcome().complete()).isFalse();
            assertThat(client.get("/other").answer().text()).isEqualTo("other");
        }
    }

    @Test
    void aClientSendsNoMoreThanIsTaken() throws Exception {
        record Asked(Request request, Exchange exchange) {}
        BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
        Handler handler = (request, exchange) -> {
            asked.add(new Asked(request, exchange));
            return request.target().path().equals("/other") ? TestServer.text("other") : new CompletableFuture<>();
        };
        long octets = 3_000_000;
        try (Http3Server server = new Http3Server(handler, Http3Server.Like.USUAL.withBody(1L << 40));
                Http3Client client = server.connect()) {
            Http3Exchange exchange = client.open().head(false, request("POST", "/"));
            Asked first = TestServer.next(asked);
            exchange.data(true, "x".repeat((int) octets));
            eventually("the window is full", () -> !exchange.isWritable());
            assertThat(client.get("/other").answer().text()).isEqualTo("other");
            assertThat(exchange.isWritable()).as("nobody has taken any").isFalse();
            AtomicLong read = new AtomicLong();
            CompletableFuture<Void> ended = new CompletableFuture<>();
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
                                    ended.complete(null);
                                }

                                @Override
                                public void failed(Throwable cause) {
                                    ended.completeExceptionally(cause);
                                }
                            })
                            .resume());
            ended.get(20, TimeUnit.SECONDS);
            assertThat(read).hasValue(octets);
        }
    }
}
