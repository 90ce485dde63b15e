package io.larder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.exchange.Handler;
import io.larder.netty.TlsEngine;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.tls.ListenerTls;
import io.larder.testing.Eventually;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS as clients meet it, with both engines over real sockets. */
class TlsTest {
    private static final Handler HELLO = (request, exchange) ->
            TestServer.text(request.target().scheme() + " " + request.target().authority());

    private static X509Bundle authority;
    private static X509Bundle first;
    private static X509Bundle shop;
    private static X509Bundle wild;
    private SSLContext believer;

    @BeforeAll
    static void certify() throws Exception {
        authority = Pki.authority("The tests");
        first = Pki.server(authority, "first.test");
        shop = Pki.server(authority, "shop.test", "www.shop.test");
        wild = Pki.server(authority, "wild", "*.shop.test");
    }

    /** One a test: the JDK's client asks for the name of the session that it resumes, and ports come again. */
    @BeforeEach
    void believe() throws Exception {
        believer = Pki.trusting(authority, null);
    }

    private static String get(String host) {
        return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    /** RFC 6066 §3, RFC 9525 §6.3: exact before wildcard, one label for an asterisk, else the first. */
    @ParameterizedTest
    @CsvSource({
        "OPENSSL, shop.test, shop.test",
        "OPENSSL, www.shop.test, shop.test",
        "OPENSSL, WWW.Shop.Test, shop.test",
        "OPENSSL, img.shop.test, wild",
        "OPENSSL, a.img.shop.test, first.test",
        "OPENSSL, other.test, first.test",
        "OPENSSL, , first.test",
        "JDK, shop.test, shop.test",
        "JDK, WWW.Shop.Test, shop.test",
        "JDK, img.shop.test, wild",
        "JDK, a.img.shop.test, first.test",
        "JDK, , first.test",
    })
    void theCertificateIsChosenByName(TlsEngine engine, String name, String shown) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(first, shop, wild));
                SSLSocket socket = Pki.connect(believer, server.address(), name)) {
            assertThat(Pki.shown(socket)).isEqualTo(shown);
            String host = name == null ? "whoever.test" : name;
            assertThat(new RawClient(socket).send(get(host)).answer().body()).startsWith("https ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENSSL, TLS_1_2, TLSv1.2, TLSv1.2",
        "OPENSSL, TLS_1_2, TLSv1.3, TLSv1.3",
        "OPENSSL, TLS_1_3, TLSv1.3, TLSv1.3",
        "OPENSSL, TLS_1_3, TLSv1.2, nothing-in-common",
        "OPENSSL, TLS_1_2, TLSv1.1, nothing-in-common",
        "JDK, TLS_1_2, TLSv1.2, TLSv1.2",
        "JDK, TLS_1_2, TLSv1.3, TLSv1.3",
        "JDK, TLS_1_3, TLSv1.2, nothing-in-common",
        "JDK, TLS_1_2, TLSv1.1, nothing-in-common",
    })
    void oldVersionsAreRefused(TlsEngine engine, ListenerTls.Version least, String offered, String counted)
            throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(least, null, shop))) {
            boolean known = counted.startsWith("TLS");
            if (offered.equals("TLSv1.1")) { // the JDK does not speak it any more: an old client's first words
                try (Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
                    socket.getOutputStream().write(Hellos.hello(0x0302, List.of(0xc02f, 0xc013), 0));
                    assertThat(socket.getInputStream().read()).isIn(-1, 21); // an alert, or nothing
                }
            } else if (known) {
                try (SSLSocket socket = Pki.connect(
                        believer, server.address(), null, own -> own.setProtocols(new String[] {offered}))) {
                    assertThat(socket.getSession().getProtocol()).isEqualTo(offered);
                }
            } else {
                assertThatThrownBy(() -> Pki.connect(
                                believer, server.address(), null, own -> own.setProtocols(new String[] {offered})))
                        .isInstanceOf(IOException.class);
            }
            Eventually.eventually("it is counted", () -> !server.handshakes.isEmpty());
            assertThat(server.handshakes).containsOnlyKeys(counted);
        }
    }

    /** RFC 9325 §4.2: forward secrecy and AEAD, or nothing. */
    @ParameterizedTest
    @CsvSource({
        "OPENSSL, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true",
        "OPENSSL, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, true",
        "OPENSSL, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "OPENSSL, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false",
        "OPENSSL, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384, false",
        "JDK, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true",
        "JDK, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, true",
        "JDK, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, false",
    })
    void weakCiphersAreRefused(TlsEngine engine, String cipher, boolean taken) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop))) {
            if (taken) {
                try (SSLSocket socket = Pki.connect(believer, server.address(), null, own -> {
                    own.setProtocols(new String[] {"TLSv1.2"});
                    own.setCipherSuites(new String[] {cipher});
                })) {
                    assertThat(socket.getSession().getCipherSuite()).isEqualTo(cipher);
                }
            } else {
                assertThatThrownBy(() -> Pki.connect(believer, server.address(), null, own -> {
                            own.setProtocols(new String[] {"TLSv1.2"});
                            own.setCipherSuites(new String[] {cipher});
                        }))
                        .isInstanceOf(IOException.class);
                Eventually.eventually("it is counted", () -> server.counted("nothing-in-common") == 1);
            }
        }
    }

    /** Beginning anew inside a connection costs a server more than a client (RFC 9325 §3.5). The JDK is told by a property at start. */
    @ParameterizedTest
    @EnumSource(names = "OPENSSL")
    void nobodyBeginsAnew(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                SSLSocket socket = speaking(believer, server, "TLSv1.2")) {
            RawClient client = new RawClient(socket);
            assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        client.send(get("shop.test")).answer();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void theServerPrefers(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                SSLSocket socket = Pki.connect(believer, server.address(), null, own -> {
                    own.setProtocols(new String[] {"TLSv1.2"});
                    own.setCipherSuites(new String[] {
                        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
                    });
                })) {
            assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        }
    }

    /** RFC 7301 §3.2: what both have; a client that offers nothing of ours, or nothing, gets HTTP/1.1. */
    @ParameterizedTest
    @CsvSource({
        "OPENSSL, http/1.1, http/1.1",
        "OPENSSL, h2+http/1.1, http/1.1",
        "OPENSSL, h2, ''",
        "OPENSSL, , ''",
        "JDK, h2+http/1.1, http/1.1",
        "JDK, h2, ''",
        "JDK, , ''",
    })
    void theProtocolIsAgreedOn(TlsEngine engine, String offered, String agreed) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                SSLSocket socket = Pki.connect(
                        believer,
                        server.address(),
                        null,
                        own -> own.setApplicationProtocols(
                                offered == null ? new String[0] : offered.split("\\+", -1)))) {
            assertThat(socket.getApplicationProtocol()).isEqualTo(agreed);
            assertThat(new RawClient(socket).send(get("shop.test")).answer().status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OPENSSL, TLSv1.2, none", "OPENSSL, TLSv1.2, wrong", "OPENSSL, TLSv1.2, right",
        "OPENSSL, TLSv1.3, none", "OPENSSL, TLSv1.3, wrong", "OPENSSL, TLSv1.3, right",
        "JDK, TLSv1.2, none", "JDK, TLSv1.2, wrong", "JDK, TLSv1.2, right",
        "JDK, TLSv1.3, none", "JDK, TLSv1.3, wrong", "JDK, TLSv1.3, right",
    })
    void clientsShowACertificate(TlsEngine engine, String version, String shown) throws Exception {
        X509Bundle partners = Pki.authority("Partners");
        X509Bundle own = switch (shown) {
            case "right" -> Pki.client(partners, "partner");
            case "wrong" -> Pki.client(Pki.authority("Partners"), "partner");
            default -> null;
        };
        ListenerTls material = TlsServer.material(ListenerTls.Version.TLS_1_2, partners.getCertificatePEM(), shop);
        SSLContext context = Pki.trusting(authority, own);
        try (TlsServer server = new TlsServer(HELLO, engine, material)) {
            if (shown.equals("right")) {
                for (int i = 0; i < 2; i++) { // the second one resumes what the first began
                    try (SSLSocket socket = speaking(context, server, version)) {
                        assertThat(new RawClient(socket)
                                        .send(get("shop.test"))
                                        .answer()
                                        .status())
                                .isEqualTo(200);
                    }
                }
            } else {
                // a client of TLS 1.3 has shaken hands before its certificate is judged (RFC 8446 §4.4.2.4)
                assertThatThrownBy(() -> {
                            try (SSLSocket socket = speaking(context, server, version)) {
                                new RawClient(socket).send(get("shop.test")).answer();
                            }
                        })
                        .isInstanceOf(IOException.class);
                Eventually.eventually("it is counted", () -> server.counted("client-certificate") == 1);
            }
        }
    }

    private static SSLSocket speaking(SSLContext context, TlsServer server, String version) throws IOException {
        return Pki.connect(context, server.address(), null, own -> own.setProtocols(new String[] {version}));
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void sessionsAreResumed(TlsEngine engine, String version) throws Exception {
        SSLContext context = Pki.trusting(authority, null);
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop))) {
            List<Long> created = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                try (SSLSocket socket = speaking(context, server, version)) {
                    new RawClient(socket).send(get("shop.test")).answer(); // the ticket comes with the first answer
                    created.add(socket.getSession().getCreationTime());
                }
                Eventually.eventually("time passes", () -> System.currentTimeMillis() > created.get(0));
            }
            assertThat(created.get(1)).as("when the session was created").isEqualTo(created.get(0));
        }
    }

    /** RFC 9110 §15.5.20: a host of another certificate than the one that was asked for. */
    @ParameterizedTest
    @CsvSource({
        "OPENSSL, shop.test, shop.test, 200",
        "OPENSSL, shop.test, www.shop.test, 200",
        "OPENSSL, shop.test, www.shop.test:8443, 200",
        "OPENSSL, shop.test, img.shop.test, 421",
        "OPENSSL, shop.test, first.test, 421",
        "OPENSSL, shop.test, other.test, 421",
        "OPENSSL, other.test, first.test, 200",
        "OPENSSL, , shop.test, 200",
        "JDK, shop.test, img.shop.test, 421",
    })
    void aHostOfAnotherCertificateIsMisdirected(TlsEngine engine, String name, String host, int status)
            throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(first, shop, wild));
                RawClient client = server.connect(believer, name)) {
            assertThat(client.send(get(host)).answer().status()).isEqualTo(status);
        }
    }

    @Test
    void aClientThatSaysItIsDoneStillGetsItsAnswerWhereTheEngineCan() throws Exception {
        try (TlsServer server = new TlsServer(HELLO, TlsEngine.JDK, TlsServer.material(shop));
                SSLSocket socket = speaking(believer, server, "TLSv1.3")) {
            RawClient client = new RawClient(socket);
            client.send(get("shop.test"));
            socket.shutdownOutput(); // close_notify, and the read side stays (RFC 8446 §6.1)
            assertThat(client.answer().body()).isEqualTo("https shop.test");
            assertThat(client.rest()).as("a proper end").isEmpty();
        }
    }

    /** OpenSSL's engine closes both ways at once, as TLS 1.2 demands: what is under way is given up. */
    @Test
    void aClientThatSaysItIsDoneIsLetGo() throws Exception {
        Handler never = (request, exchange) -> new CompletableFuture<>();
        try (TlsServer server = new TlsServer(never, TlsEngine.OPENSSL, TlsServer.material(shop));
                SSLSocket socket = speaking(believer, server, "TLSv1.3")) {
            new RawClient(socket).send(get("shop.test"));
            socket.shutdownOutput();
            Eventually.eventually("it is gone", () -> server.listener.connections() == 0);
        }
    }

    /** A response without a length must end with close_notify: else nobody can tell it from one that was cut. */
    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void theEndOfAConnectionIsSaid(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                RawClient client = server.connect(believer, "shop.test")) {
            client.send("GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("https shop.test");
            assertThat(client.rest()).isEmpty(); // the JDK throws where there is no close_notify
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void garbageIsCountedAndEnded(TlsEngine engine) throws Exception {
        Random random = new Random(7);
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop))) {
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[1 + random.nextInt(3000)];
                random.nextBytes(bytes);
                if (i % 2 == 0) { // as if it were a record of a handshake
                    byte[] head = {22, 3, 1, 0, (byte) 200, 1, 0, 0, (byte) 196};
                    System.arraycopy(head, 0, bytes, 0, Math.min(bytes.length, head.length));
                }
                try (Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                    drain(socket);
                }
            }
            Eventually.eventually("all are gone", () -> server.listener.connections() == 0);
            assertThat(server.handshakes.values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(200);
            try (RawClient client = server.connect(believer, "shop.test")) {
                assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
            }
        }
    }

    private static void drain(Socket socket) {
        try {
            socket.setSoTimeout(20_000);
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            return; // it is ended as well
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aHelloThatIsTooLongIsRefusedBeforeItHasCome(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write(Hellos.hello(0x0303, List.of(0xc02b), Hello.MOST));
            drain(socket);
            Eventually.eventually("it is counted", () -> !server.handshakes.isEmpty());
            assertThat(server.handshakes).containsOnlyKeys("hello-too-long");
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void plainHttpIsToldSo(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                RawClient client = new RawClient(server.address())) {
            RawClient.Answer answer = client.send(get("shop.test")).answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("https://");
            assertThat(client.isEnded()).isTrue();
            Eventually.eventually("it is counted", () -> server.counted("not-tls") == 1);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void halfHandshakesAreCutAndOthersServed(TlsEngine engine) throws Exception {
        int many = 500;
        byte[] hello = Hellos.hello(0x0303, List.of(0xc02b), 0);
        ListenerSettings.Timeouts timeouts = TestServer.timeouts(2_000);
        List<Socket> half = new ArrayList<>();
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop), timeouts, 1000)) {
            for (int i = 0; i < many; i++) {
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort());
                half.add(socket);
                // nothing, a part of the first words, or all of them and nothing more
                socket.getOutputStream().write(hello, 0, new int[] {0, 1, 40, hello.length}[i % 4]);
            }
            try (RawClient client = server.connect(believer, "shop.test")) {
                assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
            }
            Eventually.eventually("all are cut", () -> server.counted("timeout") == many);
            for (Socket socket : half) {
                drain(socket);
            }
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void oneConnectionTooManyIsNotShaken(TlsEngine engine) throws Exception {
        ListenerSettings.Timeouts timeouts = TestServer.timeouts(20_000);
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop), timeouts, 1);
                RawClient client = server.connect(believer, "shop.test")) {
            assertThatThrownBy(() -> server.connect(believer, "shop.test").close())
                    .isInstanceOfAny(SSLException.class, IOException.class);
            assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void anIdleConnectionIsClosedInGoodOrder(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop), TestServer.timeouts(1_000), 10);
                RawClient client = server.connect(believer, "shop.test")) {
            assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void aDrainedListenerEndsWhatIdlesAndWhatShakes(TlsEngine engine) throws Exception {
        try (TlsServer server = new TlsServer(HELLO, engine, TlsServer.material(shop));
                RawClient client = server.connect(believer, "shop.test");
                Socket half = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            half.getOutputStream().write("x".getBytes(StandardCharsets.US_ASCII), 0, 0);
            Eventually.eventually("both are there", () -> server.listener.connections() == 2);
            assertThat(client.send(get("shop.test")).answer().status()).isEqualTo(200);
            int cut = server.listener
                    .drain(java.time.Duration.ofSeconds(20))
                    .toCompletableFuture()
                    .get(25, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(cut).isZero();
            assertThat(client.rest()).isEmpty();
        }
    }
}
