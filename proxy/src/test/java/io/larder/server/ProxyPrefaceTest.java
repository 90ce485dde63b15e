package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Handler;
import io.larder.exchange.Telemetry.Turned;
import io.larder.http.Cidr;
import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.route.TrustedProxies;
import io.larder.server.connection.ListenerSettings;
import io.larder.testing.Eventually;
import io.larder.testing.RawClient;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that come through a proxy which says whose they are, and clients that have too many. */
class ProxyPrefaceTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n";
    private static final String PROXIED = "PROXY TCP4 203.0.113.9 192.0.2.1 56324 443\r\n";
    private static final TrustedProxies LOOPBACK =
            new TrustedProxies(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
    private static final Handler NAMING =
            (request, exchange) -> TestServer.text(exchange.client().literal() + " "
                    + exchange.client().address() + " "
                    + exchange.client().peer().getPort());

    private static TestServer server(boolean proxied, int perClient, long timeoutMillis) throws Exception {
        return server(proxied, perClient, timeoutMillis, new Loops(Transport.pick(null), 2));
    }

    private static TestServer server(boolean proxied, int perClient, long timeoutMillis, Loops loops) throws Exception {
        Duration others = Duration.ofSeconds(10);
        ListenerSettings settings = new ListenerSettings(
                "test",
                TestServer.HEAD,
                100,
                1000,
                new ListenerSettings.Timeouts(Duration.ofMillis(timeoutMillis), others, others, others, others),
                new ListenerSettings.Entrance(proxied, perClient),
                ListenerSettings.Protocols.ALL,
                null);
        TestServer server = new TestServer(NAMING, settings, loops);
        server.proxies = LOOPBACK;
        return server;
    }

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void theClientIsWhomTheProxyNames(String transport) throws Exception {
        try (TestServer server = server(true, 100, 10_000, new Loops(Transport.pick(transport), 2))) {
            try (RawClient client = server.connect()) {
                assertThat(client.send(PROXIED + GET).answer().body()).isEqualTo("203.0.113.9 203.0.113.9 56324");
                assertThat(client.send(GET).answer().body()).isEqualTo("203.0.113.9 203.0.113.9 56324");
            }
            try (RawClient client = server.connect()) {
                client.send(HexFormat.of()
                        .parseHex("0d0a0d0a000d0a515549540a2121002720010db800000000000000000000000920010db8"
                                + "000000000000000000000001000101bb040000"));
                assertThat(client.send(GET).answer().body()).isEqualTo("2001:db8::9 2001:db8::9 1");
            }
        }
    }

    @Test
    void itMayComeInPieces() throws Exception {
        try (TestServer server = server(true, 100, 10_000);
                RawClient client = server.connect()) {
            for (char c : (PROXIED + GET).toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.answer().body()).startsWith("203.0.113.9");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", "LOCAL"})
    void whoSpeaksForHimselfIsThePeer(String header) throws Exception {
        try (TestServer server = server(true, 100, 10_000);
                RawClient client = server.connect()) {
            client.send(
                    header.equals("LOCAL")
                            ? HexFormat.of().parseHex("0d0a0d0a000d0a515549540a20000000")
                            : header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.send(GET).answer().body()).startsWith("127.0.0.1 127.0.0.1 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, "PROXY TCP9 x\r\n" + GET})
    void withoutAHeaderNobodyIsServed(String sent) throws Exception {
        try (TestServer server = server(true, 100, 10_000);
                RawClient client = server.connect()) {
            client.send(sent);
            assertThat(client.isEnded()).isTrue();
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.PROXY_HEADER);
            assertThat(server.finished).isEmpty();
            Eventually.eventually("it is gone", () -> server.listener.connections() == 0);
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (TestServer server = server(true, 100, 50);
                RawClient client = server.connect()) {
            client.send("PROXY TCP4");
            assertThat(client.isEnded()).isTrue();
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.PROXY_HEADER);
        }
    }

    @Test
    void aClientThatEndsInsideTheHeaderIsLetGo() throws Exception {
        try (TestServer server = server(true, 100, 10_000);
                RawClient client = server.connect()) {
            client.send("PROXY TCP4").endOutput();
            assertThat(client.isEnded()).isTrue();
            Eventually.eventually("it is gone", () -> server.listener.connections() == 0);
        }
    }

    @Test
    void nobodyElsesHeaderIsBelieved() throws Exception {
        try (TestServer server = server(true, 100, 10_000)) {
            server.proxies = new TrustedProxies(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()));
            try (RawClient client = server.connect()) {
                client.send(PROXIED + GET);
                assertThat(client.isEnded()).isTrue();
            }
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.PROXY_UNTRUSTED);
        }
    }

    @Test
    void aHeaderWhereNoneIsExpectedIsABadRequest() throws Exception {
        try (TestServer server = server(false, 100, 10_000);
                RawClient client = server.connect()) {
            assertThat(client.send(PROXIED + GET).answer().status()).isEqualTo(400);
        }
    }

    @Test
    void drainingClosesOneWhoseHeaderComesLate() throws Exception {
        try (TestServer server = server(true, 100, 10_000);
                RawClient client = server.connect()) {
            client.send("PROXY TCP4 ");
            Eventually.eventually("it is there", () -> server.listener.connections() == 1);
            server.listener.drain(Duration.ofSeconds(5)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            client.send("203.0.113.9 192.0.2.1 56324 443\r\n" + GET);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aClientHasSoManyConnectionsAndOthersTheirOwn() throws Exception {
        try (TestServer server = server(true, 2, 10_000);
                RawClient first = server.connect();
                RawClient second = server.connect();
                RawClient third = server.connect();
                RawClient other = server.connect()) {
            assertThat(first.send(PROXIED + GET).answer().status()).isEqualTo(200);
            assertThat(second.send(PROXIED + GET).answer().status()).isEqualTo(200);
            third.send(PROXIED + GET);
            assertThat(third.isEnded()).isTrue();
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CLIENT_LIMIT);
            assertThat(other.send(PROXIED.replace("203.0.113.9", "203.0.113.10") + GET)
                            .answer()
                            .status())
                    .isEqualTo(200);
            first.reset();
            Eventually.eventually("there is room again", () -> {
                try (RawClient again = server.connect()) {
                    return again.send(PROXIED + GET).answer().status() == 200;
                }
            });
        }
    }

    @Test
    void aNetworkOfIpv6IsOneClient() throws Exception {
        String header = "PROXY TCP6 2001:db8:1:2::%d 2001:db8::1 1 443\r\n";
        try (TestServer server = server(true, 1, 10_000);
                RawClient first = server.connect();
                RawClient second = server.connect();
                RawClient other = server.connect()) {
            assertThat(first.send(header.formatted(1) + GET).answer().status()).isEqualTo(200);
            second.send(header.formatted(2) + GET);
            assertThat(second.isEnded()).isTrue();
            assertThat(other.send(header.formatted(2).replace("1:2::", "1:3::") + GET)
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void withoutAProxyThePeersAreCounted() throws Exception {
        try (TestServer server = server(false, 1, 10_000);
                RawClient first = server.connect()) {
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
            try (RawClient second = server.connect()) {
                assertThat(second.isEnded()).isTrue();
            }
            assertThat(TestServer.next(server.turned)).isEqualTo(Turned.CLIENT_LIMIT);
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
        }
    }
}
