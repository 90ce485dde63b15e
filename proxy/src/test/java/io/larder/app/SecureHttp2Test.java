package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.Eventually;
import io.larder.testing.FrameWire;
import io.larder.testing.FrameWire.Frame;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/2 over TLS through a whole gateway, with a client that is not ours. */
class SecureHttp2Test {
    @TempDir
    Path directory;

    private SSLContext trusting;

    @BeforeEach
    void certify() throws Exception {
        X509Bundle own = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(directory.resolve("own.crt"), own.getCertificatePathPEM());
        Files.writeString(directory.resolve("own.key"), own.getPrivateKeyPEM());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        store.setCertificateEntry("own", own.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    private Running start(ScriptedOrigin origin, String protocols) throws Exception {
        return Running.start(directory, origin, 1, """
                listeners:
                  web: { bind: "127.0.0.1:0", tls: { certificates: [{ cert: own.crt, key: own.key }] }%s }
                """.formatted(protocols));
    }

    private static HttpRequest get(Running running, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + running.port() + path))
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "''                            | HTTP_2",
                "', protocols: [http/1.1, h2]' | HTTP_1_1",
                "', protocols: [h2]'           | HTTP_2",
                "', protocols: [http/1.1]'     | HTTP_1_1"
            })
    void whatIsSpokenIsAgreedOn(String protocols, HttpClient.Version version) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
                ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "hello")));
                Running running = start(origin, protocols.replace("'", ""))) {
            HttpResponse<String> answer = client.send(get(running, "/"), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.version()).isEqualTo(version);
            assertThat(origin.requests().getFirst()).contains("X-Forwarded-Proto: https\r\n");
        }
    }

    /** Its header comes before TLS does, and the client that it names is the client of everything that follows. */
    @Test
    void aProxyMayComeFirst() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "hello")));
                Running running = Running.start(directory, origin, 1, """
                        trusted-proxies: [127.0.0.1]
                        listeners:
                          web:
                            bind: "127.0.0.1:0"
                            proxy-protocol: require
                            tls: { certificates: [{ cert: own.crt, key: own.key }] }
                        """);
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), running.port())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream()
                    .write("PROXY TCP4 203.0.113.7 192.0.2.1 40000 443\r\n".getBytes(StandardCharsets.US_ASCII));
            try (Socket secure = trusting.getSocketFactory().createSocket(plain, "localhost", running.port(), false)) {
                secure.getOutputStream().write(Running.get("/").getBytes(StandardCharsets.US_ASCII));
                byte[] answer = secure.getInputStream().readNBytes(12);
                assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            }
            assertThat(origin.requests().getFirst()).contains("X-Forwarded-For: 203.0.113.7\r\n");
        }
    }

    @Test
    void manyAtOnceAreServedFromTheCache() throws Exception {
        String page = "x".repeat(100_000);
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
                ScriptedOrigin origin =
                        ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\n", page)));
                Running running = start(origin, "")) {
            client.send(get(running, "/page"), HttpResponse.BodyHandlers.ofString());
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 90; i++) {
                answers.add(client.sendAsync(get(running, "/page"), HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                HttpResponse<String> got = answer.get(20, TimeUnit.SECONDS);
                assertThat(got.body()).isEqualTo(page);
                assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(got.headers().firstValue("Cache-Status").orElse("")).contains("hit");
            }
            assertThat(origin.requests()).hasSize(1);
        }
    }

    private RawClient connect(Running running) throws Exception {
        return new RawClient(Pki.connect(
                trusting,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port()),
                "localhost",
                own -> own.setApplicationProtocols(new String[] {"h2"})));
    }

    private static String[] asked(String path) {
        return new String[] {":method", "GET", ":scheme", "https", ":authority", "localhost", ":path", path};
    }

    /** A client that leaves, by a reset of its stream or of all, is asked for at the origin no longer. */
    @Test
    void theOriginIsLeftAloneByWhomTheClientHasLeft() throws Exception {
        CountDownLatch left = new CountDownLatch(2);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    if (wire.nextRequest().contains("/slow")) {
                        try {
                            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf");
                            wire.awaitClose();
                        } finally {
                            left.countDown(); // a reset is an end, too
                        }
                    } else {
                        wire.send(Running.ok("", "hello"));
                    }
                });
                Running running = start(origin, "");
                RawClient client = connect(running)) {
            FrameWire frames = FrameWire.greet(client);
            frames.headers(1, true, asked("/slow/1"));
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("half");
            frames.reset(1, 8);
            Eventually.eventually("the first is left", () -> left.getCount() == 1);
            frames.headers(3, true, asked("/quick"));
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("hello");
            frames.headers(5, true, asked("/slow/2"));
            assertThat(frames.next(FrameWire.DATA).text()).isEqualTo("half");
            client.reset();
            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aFloodIsSeenByWhoeverScrapes() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "hello")));
                Running running = start(origin, "");
                RawClient client = connect(running)) {
            assertThat(running.adminGet("/metrics").body()).doesNotContain("larder_http2_floods_total{");
            FrameWire frames = FrameWire.greet(client);
            for (int i = 0; i < 60; i++) {
                frames.settings();
            }
            Frame farewell = frames.any();
            while (farewell != null && farewell.type() != FrameWire.GOAWAY) {
                farewell = frames.any();
            }
            assertThat(farewell).isNotNull();
            assertThat(running.adminGet("/metrics").body())
                    .contains("larder_http2_floods_total{kind=\"settings\"} 1.0");
        }
    }
}
