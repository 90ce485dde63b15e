package io.larder.server;

import static io.larder.testing.Eventually.eventually;
import static io.larder.testing.Http3Exchange.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.netty.TlsEngine;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.Serving;
import io.larder.server.tls.ListenerTls;
import io.larder.server.tls.Termination;
import io.larder.testing.Http3Client;
import io.larder.testing.Pki;
import io.netty.pkitesting.X509Bundle;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who clients of HTTP/3 are shown, and whom they have to show: as over TCP. */
class Http3TlsTest {
    private static final Handler OK = (request, exchange) -> TestServer.text("ok");

    private final X509Bundle authority;
    private final X509Bundle first;
    private final X509Bundle shop;
    private final X509Bundle wild;

    Http3TlsTest() throws Exception {
        authority = Pki.authority("authority");
        first = Pki.server(authority, "first.test");
        shop = Pki.server(authority, "shop.test", "www.shop.test");
        wild = Pki.server(authority, "wild", "*.shop.test");
    }

    private TestServer server(ListenerTls material) throws Exception {
        return new TestServer(OK, Http3Server.Like.USUAL.with(material));
    }

    private static String name(Http3Client client) throws Exception {
        return client.shown().getSubjectX500Principal().getName().replace("CN=", "");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.test, shop.test",
        "www.shop.test, shop.test",
        "img.shop.test, wild",
        "a.img.shop.test, first.test",
        "other.test, first.test",
        ", first.test",
    })
    void theCertificateIsChosenByName(String asked, String shown) throws Exception {
        Http3Client.Way way = Http3Client.Way.trusting(authority).asking(asked);
        try (TestServer server = server(Http3Server.material(null, first, shop, wild));
                Http3Client client = new Http3Client(server.listener.address(), way)) {
            assertThat(name(client)).isEqualTo(shown);
        }
    }

    @Test
    void aHostOfAnotherCertificateIsMisdirected() throws Exception {
        Http3Client.Way way = Http3Client.Way.trusting(authority).asking("shop.test");
        try (TestServer server = server(Http3Server.material(null, first, shop, wild));
                Http3Client client = new Http3Client(server.listener.address(), way)) {
            String[] head = request("GET", "/");
            head[5] = "www.shop.test";
            assertThat(client.open().head(true, head).answer().status()).isEqualTo("200");
            head[5] = "img.shop.test";
            assertThat(client.open().head(true, head).answer().status()).isEqualTo("421");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "shop.test", "img.shop.test"})
    void clientsShowACertificate(String asked) throws Exception {
        X509Bundle clients = Pki.authority("clients");
        Http3Client.Way way = Http3Client.Way.trusting(authority).asking(asked.equals("none") ? null : asked);
        String clientCa = clients.getCertificatePEM();
        try (TestServer server = server(Http3Server.material(clientCa, first, shop, wild))) {
            Http3Client.Way known = way.showing(Pki.client(clients, "somebody"));
            try (Http3Client client = new Http3Client(server.listener.address(), known)) {
                String[] head = request("GET", "/");
                head[5] = asked;
                assertThat(client.open().head(true, head).answer().status()).isEqualTo("200");
            }
            for (Http3Client.Way other :
                    new Http3Client.Way[] {way, way.showing(Pki.client(Pki.authority("others"), "somebody"))}) {
                assertThatThrownBy(() -> {
                            try (Http3Client client = new Http3Client(server.listener.address(), other)) {
                                client.get("/").answer();
                            }
                        })
                        .isInstanceOf(Throwable.class);
                assertThat(server.finished).as("only that of who is known").hasSize(1);
            }
        }
    }

    @Test
    void aNewCertificateIsShownToWhoComesThen() throws Exception {
        Http3Client.Way way = Http3Client.Way.trusting(authority);
        try (TestServer server = server(Http3Server.material(null, first));
                Http3Client before = new Http3Client(server.listener.address(), way)) {
            assertThat(name(before)).isEqualTo("first.test");
            Serving serving = new Serving(() -> OK, Telemetry.NONE, () -> new RequestId(1));
            server.listener
                    .change(Http3Server.Like.USUAL.with(Http3Server.material(null, shop)), loop -> serving)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            try (Http3Client then = new Http3Client(server.listener.address(), way)) {
                assertThat(name(then)).isEqualTo("shop.test");
                assertThat(then.get("/").answer().status()).isEqualTo("200");
            }
            assertThat(before.get("/").answer().status())
                    .as("who was there goes on")
                    .isEqualTo("200");
        }
    }

    @Test
    void whereHttp3IsTakenAwayNobodyNewComes() throws Exception {
        Http3Client.Way way = Http3Client.Way.trusting(authority);
        try (TestServer server = server(Http3Server.material(null, first));
                Http3Client before = new Http3Client(server.listener.address(), way)) {
            Termination tls = Termination.of(
                    TlsServer.material(first), TlsEngine.OPENSSL, RandomGenerator.getDefault(), System.nanoTime());
            ListenerSettings with = Http3Server.Like.USUAL.with(Http3Server.material(null, first));
            ListenerSettings without = new ListenerSettings(
                    "secure",
                    with.head(),
                    with.connections(),
                    with.body(),
                    with.timeouts(),
                    with.entrance(),
                    ListenerSettings.Protocols.ALL,
                    tls);
            Serving serving = new Serving(() -> OK, Telemetry.NONE, () -> new RequestId(1));
            server.listener
                    .change(without, loop -> serving)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> new Http3Client(server.listener.address(), way))
                    .isInstanceOf(Exception.class);
            assertThat(before.get("/").answer().status())
                    .as("who was there goes on")
                    .isEqualTo("200");
            server.listener.openFor(with, server.loops);
            server.listener.change(with, loop -> serving).toCompletableFuture().get(10, TimeUnit.SECONDS);
            try (Http3Client again = new Http3Client(server.listener.address(), way)) {
                assertThat(again.get("/").answer().status()).isEqualTo("200");
            }
        }
    }

    /** RFC 9000 §8.1.2: whoever is really there finds in; who only claims to be is asked to show it. */
    @Test
    void whereManyHandshakesAreUnderWayClientsShowWhereTheyAre() throws Exception {
        ListenerTls material = Http3Server.material(null, first);
        Http3Server.Like like = Http3Server.Like.USUAL.withRoom(1_000, Integer.MAX_VALUE);
        try (TestServer server = new TestServer(OK, like.with(material));
                DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            InetSocketAddress address = server.listener.address();
            List<byte[]> hellos = Http3Client.firstWords(Http3Client.Way.trusting(authority), 101);
            for (byte[] hello : hellos.subList(0, 100)) {
                socket.send(new DatagramPacket(hello, hello.length, address));
            }
            eventually("they are under way", () -> server.listener.connections() == 100);
            byte[] last = hellos.getLast();
            socket.send(new DatagramPacket(last, last.length, address));
            DatagramPacket answer = new DatagramPacket(new byte[2048], 2048);
            do {
                socket.receive(answer);
            } while ((answer.getData()[0] & 0xf0) != 0xf0); // a Retry, behind what is said to the others
            assertThat(server.listener.connections()).isEqualTo(100);
            try (Http3Client client = new Http3Client(address, Http3Client.Way.trusting(authority))) {
                assertThat(client.get("/").answer().status()).isEqualTo("200");
            }
        }
    }

    @Test
    void handshakesThatAreNotCompletedAreForgotten() throws Exception {
        ListenerSettings.Timeouts timeouts = TestServer.timeouts(500);
        ListenerTls material = Http3Server.material(null, first);
        try (TestServer server = new TestServer(
                        OK, Http3Server.Like.USUAL.within(timeouts).with(material));
                DatagramSocket socket = new DatagramSocket()) {
            for (byte[] hello : Http3Client.firstWords(Http3Client.Way.trusting(authority), 20)) {
                socket.send(new DatagramPacket(hello, hello.length, server.listener.address()));
            }
            eventually("they are under way", () -> server.listener.connections() == 20);
            eventually("none is left", () -> server.listener.connections() == 0);
        }
    }
}
