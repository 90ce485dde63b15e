package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Pump;
import io.larder.http.Source;
import io.larder.netty.TlsEngine;
import io.larder.server.tls.ListenerTls;
import io.larder.testing.Eventually;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link BackPressureTest}, with encryption in between, which must hoard nothing either. */
class TlsBackPressureTest {
    private static final String HOST = "Host: shop.test\r\n\r\n";
    private static final int PIECE = 32 * 1024;

    private static ListenerTls material;
    private static SSLContext believer;

    @BeforeAll
    static void certify() throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        material = TlsServer.material(Pki.server(authority, "shop.test"));
        believer = Pki.trusting(authority, null);
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aSlowReaderHoldsNoMoreThanAWindow(TlsEngine engine) throws Exception {
        long length = 128L << 20;
        BackPressureTest.Endless source = new BackPressureTest.Endless(length);
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(source, length));
        try (TlsServer server = new TlsServer(handler, engine, material);
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("GET / HTTP/1.1\r\n" + HOST);
            client.head();
            long most = 12L << 20; // with the client, in the kernel, or pending
            byte[] buffer = new byte[1 << 20];
            long read = 0;
            while (read < length) {
                int n = client.in().read(buffer);
                assertThat(n).isPositive();
                read += n;
                assertThat(length - source.left.get() - read).isLessThan(most);
            }
            assertThat(read).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void contentThatNobodyAsksForStaysWithTheClient(TlsEngine engine) throws Exception {
        CompletableFuture<Source> begun = new CompletableFuture<>();
        Handler handler = (request, exchange) -> {
            begun.complete(request.body() instanceof Body.Live live ? live.source() : null);
            return new CompletableFuture<>();
        };
        try (TlsServer server = new TlsServer(handler, engine, material, TestServer.timeouts(60_000), 10);
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n" + HOST);
            assertThat(begun.get(20, TimeUnit.SECONDS)).isNotNull();
            AtomicLong sent = new AtomicLong();
            Thread sender = Thread.ofPlatform().start(() -> {
                try {
                    for (byte[] piece = new byte[PIECE]; ; sent.addAndGet(PIECE)) {
                        client.send(piece);
                    }
                } catch (IOException blockedUntilTheEnd) {
                    return; // the server has ended the connection
                }
            });
            long before = -1;
            for (long now = sent.get(); now != before || now == 0; now = sent.get()) {
                before = now;
                sender.join(Duration.ofMillis(500)); // until nothing moves any more
            }
            assertThat(sent.get()).isLessThan(64L << 20);
            server.listener.drain(Duration.ZERO).toCompletableFuture().get(20, TimeUnit.SECONDS);
            sender.join(Duration.ofSeconds(20));
            assertThat(sender.isAlive()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aLargeUploadStreamsThrough(TlsEngine engine) throws Exception {
        int megabytes = 48;
        Handler count = (request, exchange) -> {
            BackPressureTest.CountingReader reader = new BackPressureTest.CountingReader();
            if (request.body() instanceof Body.Live live) {
                new Pump(live.source(), reader).resume();
            }
            return reader.total.thenCompose(total -> TestServer.text(String.valueOf(total)));
        };
        try (TlsServer server = new TlsServer(count, engine, material);
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HOST);
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < megabytes; i++) {
                client.send("100000\r\n").send(megabyte).send("\r\n");
            }
            client.send("0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo(String.valueOf((long) megabytes << 20));
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aClientThatTakesNothingIsCut(TlsEngine engine) throws Exception {
        Handler handler = (request, exchange) ->
                TestServer.answer(200, new Body.Live(new BackPressureTest.Endless(1L << 40), Body.UNKNOWN));
        try (TlsServer server = new TlsServer(handler, engine, material, TestServer.timeouts(2_000), 10);
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("GET / HTTP/1.1\r\n" + HOST);
            Eventually.eventually("it is cut", () -> server.listener.connections() == 0);
        }
    }

    /** Of a response whose end is the connection's, a part must not pass for the whole (RFC 9112 §9.8). */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void whatIsCutIsSeenToBe(TlsEngine engine) throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        Source broken = new Source() {
            private boolean told;

            @Override
            public void read(Sink sink) {
                if (told) {
                    begun.complete(null); // and nothing more comes
                } else {
                    told = true;
                    sink.chunk(io.larder.http.Bytes.utf8("the beginning"));
                }
            }

            @Override
            public void cancel() {}
        };
        Handler handler = (request, exchange) -> TestServer.answer(200, new Body.Live(broken, Body.UNKNOWN));
        try (TlsServer server = new TlsServer(handler, engine, material);
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("GET / HTTP/1.0\r\n" + HOST);
            client.head();
            begun.get(20, TimeUnit.SECONDS);
            server.listener.drain(Duration.ZERO).toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(cut(client)).isTrue();
        }
    }

    private static boolean cut(RawClient client) {
        try {
            client.rest();
            return false;
        } catch (SSLException | java.net.SocketException noProperEnd) {
            return true;
        } catch (IOException other) {
            throw new AssertionError(other);
        }
    }
}
