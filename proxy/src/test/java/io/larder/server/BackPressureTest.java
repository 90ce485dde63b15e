package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nobody is asked for more than the other side takes: neither origin nor client fills our memory. */
class BackPressureTest {
    private static final String HOST = "Host: a.example\r\n\r\n";
    private static final int PIECE = 32 * 1024;

    /** A body that is there as fast as it is asked for, and counts how much was. */
    static final class Endless implements Source {
        private final byte[] piece = new byte[PIECE];
        final AtomicLong left;

        Endless(long length) {
            this.left = new AtomicLong(length);
        }

        @Override
        public void read(Sink sink) {
            if (left.get() == 0) {
                sink.end(Headers.EMPTY);
            } else {
                left.addAndGet(-PIECE);
                sink.chunk(Bytes.of(piece));
            }
        }

        @Override
        public void cancel() {}
    }

    @Test
    void aSlowReaderOfAGibibyteHoldsNoMoreThanAWindow() throws Exception {
        long length = 1L << 30;
        Endless source = new Endless(length);
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(source, length));
        try (TestServer server = new TestServer(handler);
                RawClient client = new RawClient(server.listener.address(), 64 * 1024)) {
            client.send("GET / HTTP/1.1\r\n" + HOST);
            while (!client.line().isEmpty()) {
                // the head
            }
            // what was taken from the source is with the client, in the kernel, or pending: never more than this
            long most = 12L << 20;
            byte[] buffer = new byte[1 << 20];
            long read = 0;
            for (int n = client.in().read(buffer);
                    read + n < length;
                    n = client.in().read(buffer)) {
                read += n;
                assertThat(length - source.left.get() - read).isLessThan(most);
            }
            assertThat(server.nextFinished().outcome().sent()).isEqualTo(length);
        }
    }

    @Test
    void pendingBytesOfAReaderThatStopsAreBounded() {
        Endless source = new Endless(1L << 30);
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(source, Body.UNKNOWN));
        try (EmbeddedServer server = new EmbeddedServer(handler, TestServer.settings(TestServer.timeouts(10_000)))) {
            server.stopTaking();
            server.receive("GET / HTTP/1.1\r\n" + HOST);
            assertThat(server.pending()).isBetween(64L << 10, 192L << 10);
        }
    }

    @Test
    void contentThatNobodyAsksForStaysWithTheClient() throws Exception {
        List<Source> sources = new ArrayList<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Handler handler = (request, exchange) -> {
            if (request.body() instanceof Body.Live live) {
                sources.add(live.source());
            }
            begun.complete(null);
            return new CompletableFuture<>();
        };
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 1L << 40, TestServer.timeouts(60_000));
        try (TestServer server = new TestServer(handler, settings);
                RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n" + HOST);
            begun.get(10, TimeUnit.SECONDS);
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    for (byte[] piece = new byte[PIECE]; ; sent.addAndGet(PIECE)) {
                        client.send(piece);
                    }
                } catch (IOException blockedUntilTheEnd) {
                    // the test has closed the connection
                }
            });
            long before = -1;
            for (long now = sent.get(); now != before || now == 0; now = sent.get()) {
                before = now;
                sender.join(Duration.ofMillis(200)); // until nothing moves any more
            }
            assertThat(sent.get()).isLessThan(64L << 20); // the kernel's buffers, and one window of ours
            client.reset();
            sender.join();
            assertThat(sources).hasSize(1);
        }
    }

    @Test
    void aLargeUploadStreamsThrough() throws Exception {
        int megabytes = 64;
        ListenerSettings settings =
                new ListenerSettings("test", TestServer.HEAD, 10, 1L << 40, TestServer.timeouts(60_000));
        Handler count = (request, exchange) -> {
            CountingReader reader = new CountingReader();
            if (request.body() instanceof Body.Live live) {
                new io.larder.http.Pump(live.source(), reader).resume();
            }
            return reader.total.thenCompose(total -> TestServer.text(String.valueOf(total)));
        };
        try (TestServer server = new TestServer(count, settings);
                RawClient client = server.connect()) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST);
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                client.send("100000\r\n").send(megabyte).send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo(String.valueOf((long) megabytes << 20));
        }
    }

    static final class CountingReader implements io.larder.http.Pump.Taker {
        final CompletableFuture<Long> total = new CompletableFuture<>();
        private long count;

        @Override
        public boolean chunk(Bytes bytes) {
            count += bytes.length();
            return true;
        }

        @Override
        public void end(Headers trailers) {
            total.complete(count);
        }

        @Override
        public void failed(Throwable cause) {
            total.completeExceptionally(cause);
        }
    }

    @Test
    void aClientThatTakesNothingIsCut() throws Exception {
        Handler handler =
                (request, exchange) -> TestServer.answer(200, new Body.Live(new Endless(1L << 40), Body.UNKNOWN));
        ListenerSettings.Timeouts timeouts = new ListenerSettings.Timeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMillis(100),
                Duration.ofSeconds(10));
        try (TestServer server = new TestServer(handler, TestServer.settings(timeouts));
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\n" + HOST);
            assertThat(server.nextFinished().outcome().complete()).isFalse();
            assertThat(client.line()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aPipelineOfOneWhoNeverReadsWaits() {
        AtomicLong served = new AtomicLong();
        Handler handler = (request, exchange) -> {
            served.incrementAndGet();
            return TestServer.text("x".repeat(10_000));
        };
        try (EmbeddedServer server = new EmbeddedServer(handler, TestServer.settings(TestServer.timeouts(10_000)))) {
            server.stopTaking();
            server.receive(("GET / HTTP/1.1\r\n" + HOST).repeat(200));
            assertThat(server.pending()).isLessThan(128L << 10);
            assertThat(served.get()).isLessThan(15);
            assertThat(server.channel.config().isAutoRead()).isFalse(); // nor is more read of what it sends
        }
    }
}
