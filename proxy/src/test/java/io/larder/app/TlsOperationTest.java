package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.larder.netty.TlsEngine;
import io.larder.testing.Eventually;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.Staple;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway to which clients come with TLS and without. */
class TlsOperationTest {
    private static X509Bundle authority;
    private static X509Bundle before;
    private static X509Bundle after;
    private static SSLContext believer;

    @TempDir
    Path directory;

    @BeforeAll
    static void certify() throws Exception {
        authority = Pki.authority("The tests");
        before = Pki.server(authority, "before", "shop.test", "*.shop.test");
        after = Pki.server(authority, "after", "shop.test", "*.shop.test");
        believer = Pki.trusting(authority, null);
    }

    @BeforeEach
    void write() {
        Pki.write(directory, "shop", before);
    }

    private static String config(ScriptedOrigin origin, String site) {
        return """
                listeners:
                  web: { bind: "127.0.0.1:0" }
                  secure: { bind: "127.0.0.1:0", tls: { certificates: [{ cert: shop.crt, key: shop.key }] } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                upstreams: { app: { servers: ["127.0.0.1:%d"] } }
                sites: { shop: { upstream: app%s } }
                """.formatted(origin.port(), site);
    }

    private Running start(ScriptedOrigin origin, String site, boolean watched) throws IOException {
        return Running.reloading(directory, 2, watched, config(origin, site));
    }

    private static InetSocketAddress secure(Running running) {
        return Objects.requireNonNull(running.larder.addresses().get("secure"));
    }

    private static RawClient encrypted(Running running) throws IOException {
        return new RawClient(Pki.connect(believer, secure(running), "shop.test"));
    }

    private static ScriptedOrigin origin() throws IOException {
        return ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\n", "page")));
    }

    /** RFC 7239 §5.4, RFC 9111 §4: what came by https is said to have, and is stored for itself. */
    @Test
    void theOriginIsToldAndBothAreStored() throws Exception {
        try (ScriptedOrigin origin = origin();
                Running running = start(origin, "", false);
                RawClient plain = running.connect();
                RawClient client = encrypted(running)) {
            assertThat(client.send(Running.get("/")).answer().body()).isEqualTo("page");
            assertThat(plain.send(Running.get("/")).answer().body()).isEqualTo("page");
            assertThat(origin.requests()).hasSize(2);
            assertThat(origin.requests().get(0)).contains("X-Forwarded-Proto: https\r\n", ";proto=https\r\n");
            assertThat(origin.requests().get(1)).contains("X-Forwarded-Proto: http\r\n", ";proto=http\r\n");
            Eventually.eventually(
                    "it is stored",
                    () -> client.send(Running.get("/"))
                            .answer()
                            .field("X-Cache")
                            .equals("HIT"));
            JsonNode listeners = running.status().get("listeners");
            assertThat(listeners.get(0).path("tls").isObject()).isFalse();
            assertThat(listeners.get(1).get("tls").get("engine").asText())
                    .isEqualTo(TlsEngine.pick(null).text());
            assertThat(Instant.parse(listeners
                            .get(1)
                            .get("tls")
                            .get("certificates-until")
                            .asText()))
                    .isEqualTo(before.getCertificate().getNotAfter().toInstant());
            assertThat(metric(running, "larder_tls_handshakes_total{listener=\"secure\",version=\"TLSv1.3\"}"))
                    .isEqualTo("1.0");
        }
    }

    private static String metric(Running running, String name) throws IOException {
        return running.adminGet("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    /** RFC 9110 §15.4.9; RFC 6797 §7.2: the time to come is spoken of over TLS alone. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  / | shop.test | | 308 | https://shop.test/",
                "POST /a?b=c&d=%20 | shop.test:8080 | | 308 | https://shop.test/a?b=c&d=%20",
                "HEAD //evil.test/x | www.shop.test | | 308 | https://www.shop.test//evil.test/x",
                "GET  /.well-known/acme-challenge/token | shop.test | | 200 |",
                "GET  /.well-known/other | shop.test | | 308 | https://shop.test/.well-known/other",
                "GET  / | shop.test | https | 200 |",
                "GET  / | shop.test | http | 308 | https://shop.test/",
            })
    void whoComesInTheClearIsSentToHttps(String line, String host, String proto, int status, String location)
            throws Exception {
        String site = ", https: { redirect: on, hsts: 365d }, headers: { response: { set: { X-Site: ours } } },"
                + " routes: [ { path: /.well-known/acme-challenge/** }, { path: /** } ]";
        String method = line.split(" +", 2)[0];
        try (ScriptedOrigin origin = origin();
                Running running = Running.reloading(
                        directory, 2, false, config(origin, site) + "trusted-proxies: [127.0.0.1]\n");
                RawClient plain = running.connect()) {
            String forwarded = proto == null ? "" : "X-Forwarded-Proto: " + proto + "\r\n";
            String length = method.equals("POST") ? "Content-Length: 0\r\n" : "";
            RawClient.Answer answer = plain.send(line.replaceFirst(" +", " ") + " HTTP/1.1\r\nHost: " + host + "\r\n"
                            + forwarded + length + "\r\n")
                    .answer(method);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.field("Location")).isEqualTo(location == null ? "" : location);
            assertThat(answer.field("X-Site")).isEqualTo("ours");
            boolean overTls = "https".equals(proto);
            assertThat(answer.field("Strict-Transport-Security")).isEqualTo(overTls ? "max-age=31536000" : "");
            assertThat(origin.requests()).hasSize(status == 200 ? 1 : 0);
        }
    }

    /** A claim from nobody in particular changes nothing, and whoever comes over TLS is told of the time to come. */
    @Test
    void whoComesOverTlsIsServedAndTold() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(
                        ScriptedOrigin.always(Running.ok("Strict-Transport-Security: max-age=1\r\n", "page")));
                Running running = start(origin, ", https: { redirect: on, hsts: 1d }", false);
                RawClient plain = running.connect();
                RawClient client = encrypted(running)) {
            RawClient.Answer answer = client.send(Running.get("/")).answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.head().stream().filter(line -> line.startsWith("Strict-Transport-Security")))
                    .containsExactly("Strict-Transport-Security: max-age=86400");
            String claiming = "GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-Proto: https\r\n\r\n";
            assertThat(plain.send(claiming).answer().status()).isEqualTo(308);
            assertThat(running.adminPost("/v1/explain", "{\"url\":\"http://shop.test/a\"}")
                            .body())
                    .contains("308 to https://shop.test/a");
        }
    }

    /** New certificates are shown to new clients, and nobody who is there notices. */
    @Test
    void certificatesAreExchangedUnderLoad() throws Exception {
        int clients = 4;
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong served = new AtomicLong();
        try (ScriptedOrigin origin = origin();
                Running running = start(origin, "", true);
                SSLSocket kept = Pki.connect(believer, secure(running), "shop.test");
                ExecutorService crowd = Executors.newFixedThreadPool(clients)) {
            RawClient old = new RawClient(kept);
            assertThat(old.send(Running.get("/")).answer().status()).isEqualTo(200);
            List<Future<?>> running4 = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                running4.add(crowd.submit(() -> {
                    while (!over.get()) {
                        try (RawClient client = encrypted(running)) {
                            for (int n = 0; n < 3; n++) {
                                assertThat(client.send(Running.get("/"))
                                                .answer()
                                                .status())
                                        .isEqualTo(200);
                                served.incrementAndGet();
                            }
                        }
                    }
                    return null;
                }));
            }
            for (int turn = 0; turn < 3; turn++) {
                X509Bundle next = turn % 2 == 0 ? after : before;
                String name = turn % 2 == 0 ? "after" : "before";
                Pki.write(directory, "shop", next);
                Eventually.eventually(
                        "the new one is shown", () -> shown(running).equals(name));
            }
            over.set(true);
            for (Future<?> each : running4) {
                each.get();
            }
            assertThat(served.get()).isPositive();
            assertThat(Pki.shown(kept)).isEqualTo("before");
            assertThat(old.send(Running.get("/")).answer().status()).isEqualTo(200);
            assertThat(running.status().get("configuration").get("current").asBoolean())
                    .isTrue();
        }
    }

    private static String shown(Running running) throws Exception {
        try (SSLSocket socket = Pki.connect(Pki.trusting(authority, null), secure(running), "shop.test")) {
            return Pki.shown(socket);
        }
    }

    @Test
    void aKeyThatDoesNotFitChangesNothing() throws Exception {
        try (ScriptedOrigin origin = origin();
                Running running = start(origin, "", false)) {
            Files.writeString(directory.resolve("shop.key"), after.getPrivateKeyPEM());
            JsonNode problem = running.reload(422).get("problems").get(0);
            assertThat(problem.get("place").asText()).contains("larder.yaml:3:");
            assertThat(problem.get("message").asText())
                    .isEqualTo("the key in " + directory.resolve("shop.key")
                            + " is not that of the first certificate in " + directory.resolve("shop.crt"));
            assertThat(shown(running)).isEqualTo("before");
            Files.writeString(directory.resolve("shop.crt"), after.getCertificatePathPEM());
            JsonNode report = running.reload(200);
            assertThat(shown(running)).isEqualTo("after");
            assertThat(report.get("changed").asBoolean()).isTrue();
            assertThat(report.get("changes")).isEmpty();
            assertThat(report.get("files"))
                    .extracting(JsonNode::asText)
                    .containsExactly(
                            directory.resolve("shop.crt").toString(),
                            directory.resolve("shop.key").toString());
            JsonNode again = running.reload(200);
            assertThat(again.get("changed").asBoolean()).isFalse();
            assertThat(again.get("files")).isEmpty();
        }
    }

    /** TLS comes to a port that was open without, and goes again. */
    @Test
    void aListenerBeginsToSpeakTls() throws Exception {
        try (ScriptedOrigin origin = origin();
                Running running = start(origin, "", false)) {
            String text = config(origin, "");
            String plain = text.replace(", tls: { certificates: [{ cert: shop.crt, key: shop.key }] }", "");
            InetSocketAddress address = secure(running);
            Files.writeString(directory.resolve("larder.yaml"), plain);
            running.reload(200);
            try (RawClient client = new RawClient(address)) {
                assertThat(client.send(Running.get("/")).answer().status()).isEqualTo(200);
                Files.writeString(directory.resolve("larder.yaml"), text);
                running.reload(200);
                assertThat(shown(running)).isEqualTo("before");
                assertThat(client.send(Running.get("/")).answer().status()).isEqualTo(200);
            }
        }
    }

    /** RFC 6066 §8: what the authority says goes with the certificate, as long as it is not outdated. */
    @Test
    void whatTheAuthoritySaysIsStapled() throws Exception {
        Instant now = Instant.now();
        byte[] current = Staple.good(authority, before, now.minusSeconds(60), now.plus(Duration.ofDays(3)));
        byte[] outdated = Staple.good(authority, before, now.minus(Duration.ofDays(9)), now.minusSeconds(60));
        Path file = directory.resolve("shop.crt.ocsp");
        try (ScriptedOrigin origin = origin();
                Running running = start(origin, "", true)) {
            assertThat(stapled(running)).isEmpty();
            Files.write(file, current);
            Eventually.eventually("it is stapled", () -> stapled(running).size() == 1);
            assertThat(stapled(running).get(0)).isEqualTo(current);
            Files.write(file, Staple.good(authority, after, now.minusSeconds(60), now.plus(Duration.ofDays(3))));
            Eventually.eventually("another's is not", () -> stapled(running).isEmpty());
            Files.write(file, current);
            Eventually.eventually("it is stapled again", () -> stapled(running).size() == 1);
            Files.write(file, outdated);
            Eventually.eventually("it is not stapled", () -> stapled(running).isEmpty());
        }
    }

    /** RFC 6455 §4: what is upgraded goes on, encrypted, both ways. */
    @Test
    void aWebSocketPasses() throws Exception {
        String switched = String.join(
                "\r\n",
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "",
                "");
        String asked = String.join(
                "\r\n",
                "GET /chat HTTP/1.1",
                "Host: shop.test",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                "");
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    wire.readHead();
                    wire.send(switched);
                    wire.send("echo " + wire.read(5));
                });
                Running running = start(origin, "", false);
                RawClient client = encrypted(running)) {
            client.send(asked);
            assertThat(client.head().get(0)).startsWith("HTTP/1.1 101 ");
            client.send("hello");
            assertThat(new String(client.exactly(10), StandardCharsets.US_ASCII))
                    .isEqualTo("echo hello");
        }
    }

    private static List<byte[]> stapled(Running running) throws Exception {
        try (SSLSocket socket = Pki.connect(Pki.trusting(authority, null), secure(running), "shop.test")) {
            return ((ExtendedSSLSession) socket.getSession()).getStatusResponses();
        }
    }
}
