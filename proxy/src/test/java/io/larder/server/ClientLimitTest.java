package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Handler;
import io.larder.exchange.Telemetry.Turned;
import io.larder.netty.TlsEngine;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.tls.ListenerTls;
import io.larder.testing.FrameWire;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One client's connections, and all of a listener's, whatever is spoken on them. */
class ClientLimitTest {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");
    private static final String GET = "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n";
    private static final ListenerSettings.Entrance TWO = new ListenerSettings.Entrance(false, 2);

    private static ListenerSettings settings(int connections, ListenerSettings.Entrance entrance) {
        return new ListenerSettings(
                "test",
                TestServer.HEAD,
                connections,
                TestServer.BODY,
                TestServer.timeouts(20_000),
                entrance,
                ListenerSettings.Protocols.ALL,
                null);
    }

    /** A request on {@code client}, by what it speaks; its answer has come. */
    private static void served(RawClient client, boolean http2) throws IOException {
        if (http2) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, true, ":method", "GET", ":scheme", "https", ":authority", "shop.test", ":path", "/");
            assertThat(frames.head().fields().status()).asString().isEqualTo("200");
        } else {
            assertThat(client.send(GET).answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void oneMoreThanAClientMayHaveIsClosedAndCounted(boolean first, boolean second) throws Exception {
        try (TestServer server = new TestServer(OK, settings(100, TWO));
                RawClient one = server.connect();
                RawClient two = server.connect()) {
            served(one, first);
            served(two, second);
            for (int i = 0; i < 5; i++) {
                try (RawClient third = server.connect()) {
                    assertThat(third.isEnded()).isTrue();
                }
                assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CLIENT_LIMIT);
            }
            one.reset();
            eventually("there is room again", () -> server.listener.connections() == 1);
            try (RawClient again = server.connect()) {
                served(again, second);
            }
            assertThat(server.turned).isEmpty();
            assertThat(server.rejected).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, http/1.1", "OPENSSL, h2", "JDK, http/1.1", "JDK, h2"})
    void overTlsItIsNotEvenShaken(TlsEngine engine, String protocol) throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        SSLContext believer = Pki.trusting(authority, null);
        ListenerTls material = TlsServer.withHttp2(Pki.server(authority, "shop.test"));
        boolean http2 = protocol.equals("h2");
        try (TlsServer server = new TlsServer(OK, engine, material, TestServer.timeouts(20_000), 100, TWO);
                RawClient one = connect(believer, server, protocol);
                RawClient two = connect(believer, server, protocol)) {
            served(one, http2);
            served(two, http2);
            assertThatThrownBy(() -> connect(believer, server, protocol).close())
                    .isInstanceOf(IOException.class);
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CLIENT_LIMIT);
            assertThat(server.handshakes.values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as("handshakes, good or bad")
                    .isEqualTo(2);
            one.reset();
            eventually("there is room again", () -> server.listener.connections() == 1);
            try (RawClient again = connect(believer, server, protocol)) {
                served(again, http2);
            }
        }
    }

    private static RawClient connect(SSLContext believer, TlsServer server, String protocol) throws IOException {
        return new RawClient(Pki.connect(
                believer, server.address(), "shop.test", own -> own.setApplicationProtocols(new String[] {protocol})));
    }

    /** One past the listener's limit is told so in words that each client has; far past it nobody is told anything. */
    @Test
    void aListenerThatIsFullSaysSoAndThenNothing() throws Exception {
        try (TestServer server = new TestServer(OK, settings(1, ListenerSettings.Entrance.OPEN));
                RawClient one = server.connect()) {
            served(one, false);
            try (RawClient second = server.connect()) {
                RawClient.Answer told = second.answer();
                assertThat(told.status()).isEqualTo(503);
                assertThat(told.closes()).isTrue();
                assertThat(TestServer.next(server.rejected).status()).isEqualTo(503);
            }
            RawClient[] many = new RawClient[300];
            for (int i = 0; i < many.length; i++) {
                many[i] = server.connect();
            }
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CONNECTION_LIMIT);
            for (RawClient each : many) {
                each.close();
            }
            eventually("they are gone", () -> server.listener.connections() == 1);
            served(one, false);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL", "JDK"})
    void aListenerThatIsFullShakesNoHands(TlsEngine engine) throws Exception {
        X509Bundle authority = Pki.authority("The tests");
        SSLContext believer = Pki.trusting(authority, null);
        ListenerTls material = TlsServer.withHttp2(Pki.server(authority, "shop.test"));
        try (TlsServer server = new TlsServer(OK, engine, material, TestServer.timeouts(20_000), 1);
                RawClient one = connect(believer, server, "h2")) {
            assertThatThrownBy(() -> connect(believer, server, "h2").close()).isInstanceOf(IOException.class);
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CONNECTION_LIMIT);
            served(one, true);
        }
    }
}
