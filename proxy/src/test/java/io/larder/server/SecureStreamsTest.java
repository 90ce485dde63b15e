package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.netty.TlsEngine;
import io.larder.server.h1.Http1Connection;
import io.larder.server.h2.Http2Codec;
import io.larder.server.tls.ListenerTls;
import io.larder.testing.FrameWire;
import io.larder.testing.LoggedLines;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 over TLS where clients break off, or break the rules. */
class SecureStreamsTest {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final String[] GET = {":method", "GET", ":scheme", "https", ":authority", "shop.test", ":path", "/"};

    private static ListenerTls material;
    private static SSLContext believer;

    @BeforeAll
    static void certify() throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        material = TlsServer.withHttp2(Pki.server(authority, "shop.test"));
        believer = Pki.trusting(authority, null);
    }

    private static SSLSocket over(Socket raw, TlsServer server) throws IOException {
        SSLSocket socket = (SSLSocket) believer.getSocketFactory()
                .createSocket(raw, "shop.test", server.address().getPort(), false);
        javax.net.ssl.SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static Socket raw(TlsServer server) throws IOException {
        Socket raw = new Socket(server.address().getAddress(), server.address().getPort());
        raw.setSoTimeout(20_000);
        return raw;
    }

    /** Octets that are no records of TLS, before its handshake and behind it. */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void garbageIsNoBugAndIsCountedOnce(TlsEngine engine) throws Exception {
        Random random = new Random(20261130);
        int rounds = 60;
        try (LoggedLines codec = new LoggedLines(Http2Codec.class);
                LoggedLines connection = new LoggedLines(Http1Connection.class);
                LoggedLines netty = new LoggedLines("io.netty");
                TlsServer server = new TlsServer(OK, engine, material)) {
            for (int i = 0; i < rounds; i++) {
                byte[] garbage = new byte[1 + random.nextInt(600)];
                random.nextBytes(garbage);
                garbage[0] = 1; // no record of a handshake begins so
                try (Socket raw = raw(server)) {
                    if (i % 3 == 0) {
                        raw.getOutputStream().write(garbage);
                    } else {
                        SSLSocket secure = over(raw, server);
                        assertThat(secure.getApplicationProtocol()).isEqualTo("h2");
                        if (i % 3 == 1) {
                            FrameWire frames = FrameWire.greet(new RawClient(secure));
                            frames.headers(1, true, GET);
                            frames.head();
                        }
                        if (random.nextBoolean()) { // as if it were a record of content, which nobody has sealed
                            byte[] head = {23, 3, 3, (byte) (garbage.length >> 8), (byte) garbage.length};
                            raw.getOutputStream().write(head);
                        }
                        raw.getOutputStream().write(garbage);
                    }
                    awaitEnd(raw);
                }
            }
            eventually("all are gone", () -> server.listener.connections() == 0);
            assertThat(server.handshakes).containsOnlyKeys("not-tls", "TLSv1.3");
            assertThat(server.counted("not-tls"))
                    .isGreaterThanOrEqualTo(rounds / 3); // or in one read with the last of it
            assertThat(server.counted("not-tls") + server.counted("TLSv1.3")).isEqualTo(rounds);
            assertThat(codec.isEmpty()).isTrue();
            assertThat(connection.isEmpty()).isTrue();
            assertThat(netty.isEmpty()).isTrue();
        }
    }

    private static void awaitEnd(Socket raw) throws IOException {
        try {
            raw.shutdownOutput();
            raw.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    /** Whoever resets one stream, or the connection, is worked for no longer; the connection of one stream lives on. */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aResetFreesItsStreams(TlsEngine engine) throws Exception {
        BlockingQueue<CompletableFuture<Void>> begun = new LinkedBlockingQueue<>();
        Handler never = (request, exchange) -> {
            CompletableFuture<Void> gone = new CompletableFuture<>();
            begun.add(gone);
            CompletableFuture<io.larder.http.Response> answer = new CompletableFuture<>();
            exchange.departure().onGone(() -> {
                gone.complete(null);
                answer.completeExceptionally(
                        new io.larder.exchange.Failure(io.larder.exchange.Failure.Kind.CLIENT_GONE, "the client left"));
            });
            return answer;
        };
        try (TlsServer server = new TlsServer(never, engine, material);
                Socket raw = raw(server)) {
            FrameWire frames = FrameWire.greet(new RawClient(over(raw, server)));
            int stream = 1;
            for (int i = 0; i < 150; i++, stream += 2) { // more than may be under way at once
                frames.headers(stream, true, GET);
                CompletableFuture<Void> gone = TestServer.next(begun);
                frames.reset(stream, 8);
                gone.get(10, java.util.concurrent.TimeUnit.SECONDS);
            }
            List<CompletableFuture<Void>> left = new ArrayList<>();
            for (int i = 0; i < 10; i++, stream += 2) {
                frames.headers(stream, true, GET);
                left.add(TestServer.next(begun));
            }
            new RawClient(raw).reset();
            for (CompletableFuture<Void> gone : left) {
                gone.get(10, java.util.concurrent.TimeUnit.SECONDS);
            }
            eventually("the connection is gone", () -> server.listener.connections() == 0);
        }
    }
}
