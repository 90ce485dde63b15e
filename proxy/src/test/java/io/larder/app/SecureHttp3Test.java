package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.testing.Http3Client;
import io.larder.testing.Http3Exchange;
import io.larder.testing.Http3Exchange.Answer;
import io.larder.testing.Pki;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP/3 through a whole gateway: found by Alt-Svc, served as by the others, changed while it is spoken. */
class SecureHttp3Test {
    private static final String CACHED = "Cache-Control: max-age=60\r\nAlt-Svc: h3=\":9\"\r\n";

    @TempDir
    Path directory;

    private X509Bundle authority;

    @BeforeEach
    void certify() throws Exception {
        authority = Pki.authority("authority");
        Pki.write(directory, "own", Pki.server(authority, "localhost"));
    }

    private static String config(ScriptedOrigin origin, int port, String protocols) {
        return """
                listeners: { web: { bind: "127.0.0.1:%d", tls: { certificates: [{ cert: own.crt, key: own.key }] }, protocols: %s } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                upstreams: { app: { servers: ["127.0.0.1:%d"] } }
                sites: { shop: { upstream: app } }
                """.formatted(port, protocols, origin.port());
    }

    private Http3Client connect(Running running) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port());
        return new Http3Client(address, Http3Client.Way.trusting(authority));
    }

    private RawClient overTls(Running running) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port());
        return new RawClient(Pki.connect(Pki.trusting(authority, null), address, "localhost"));
    }

    private static String get(String host) {
        return "GET /page HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    @Test
    void whatIsStoredForOneIsServedToTheOther() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(CACHED, "page")));
                Running running = Running.reloading(directory, 2, false, config(origin, 0, "[h3, h2, http/1.1]"));
                Http3Client client = connect(running);
                RawClient old = overTls(running)) {
            Answer first = client.get("/page").answer();
            assertThat(first.text()).isEqualTo("page");
            assertThat(first.field("cache-status")).contains("fwd=");
            Answer second = client.get("/page").answer();
            assertThat(second.text()).isEqualTo("page");
            assertThat(second.field("cache-status")).contains("hit");
            assertThat(old.send(get("localhost")).answer().field("cache-status"))
                    .contains("hit");
            assertThat(origin.requests()).hasSize(1);
            assertThat(origin.requests().getFirst()).contains("X-Forwarded-Proto: https\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'[h2, http/1.1, h3]', localhost, h3=\":443\"; ma=86400",
        "'[h2, http/1.1, h3]', localhost:8443, h3=\":8443\"; ma=86400",
        "'[h2, http/1.1]', localhost, h3=\":9\"",
    })
    void http3IsAnnouncedOnThePortThatWasAskedFor(String protocols, String host, String announced) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(CACHED, "page")));
                Running running = Running.reloading(directory, 1, false, config(origin, 0, protocols));
                RawClient client = overTls(running)) {
            for (String how : List.of("a miss", "a hit")) {
                RawClient.Answer answer = client.send(get(host)).answer();
                assertThat(answer.head().stream()
                                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("alt-svc:")))
                        .as(how)
                        .containsExactly("Alt-Svc: " + announced);
            }
        }
    }

    @Test
    void clientsOfHttp2AreTold() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .sslContext(Pki.trusting(authority, null))
                        .build();
                ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(CACHED, "page")));
                Running running = Running.reloading(directory, 1, false, config(origin, 0, "[h2, h3]"))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + running.port() + "/page"))
                    .build();
            for (String how : List.of("a miss", "a hit")) {
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.headers().allValues("alt-svc"))
                        .as(how)
                        .containsExactly("h3=\":" + running.port() + "\"; ma=86400");
            }
        }
    }

    @Test
    void aReloadAddsItAndTakesItAwayAndChangesItsCertificate() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(CACHED, "page")));
                Running running = Running.reloading(directory, 2, false, config(origin, 0, "[http/1.1]"))) {
            Path file = directory.resolve("larder.yaml");
            assertThatThrownBy(() -> connect(running)).isInstanceOf(Exception.class);
            Files.writeString(file, config(origin, 0, "[http/1.1, h3]"));
            running.reload(200);
            try (Http3Client before = connect(running)) {
                assertThat(before.get("/page").answer().text()).isEqualTo("page");
                Pki.write(directory, "own", Pki.server(authority, "localhost", "new.localhost"));
                running.reload(200);
                try (Http3Client then = connect(running)) {
                    assertThat(then.shown().getSubjectAlternativeNames()).hasSize(2);
                    assertThat(then.get("/page").answer().text()).isEqualTo("page");
                }
                assertThat(before.get("/page").answer().text()).isEqualTo("page");
                Files.writeString(file, config(origin, 0, "[http/1.1]"));
                running.reload(200);
                assertThatThrownBy(() -> connect(running)).isInstanceOf(Exception.class);
                assertThat(before.get("/page").answer().text())
                        .as("who was there")
                        .isEqualTo("page");
            }
        }
    }

    @Test
    void contentPassesToTheOriginAndBack() throws Exception {
        String text = "x".repeat(300_000);
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", text)));
                Running running = Running.reloading(directory, 1, false, config(origin, 0, "[http/1.1, h3]"));
                Http3Client client = connect(running)) {
            Http3Exchange exchange = client.open().head(false, Http3Exchange.request("POST", "/form"));
            exchange.data(false, "a=1&").data(true, "b=2");
            Answer answer = exchange.answer();
            assertThat(answer.text()).isEqualTo(text);
            assertThat(origin.requests().getFirst()).contains("a=1&").contains("b=2");
        }
    }

    /** RFC 9220: as on a stream of HTTP/2. */
    @Test
    void aWebSocketOpensOnAStream() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    String key = EchoSocket.field(wire.nextRequest(), "Sec-WebSocket-Key");
                    wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + EchoSocket.accept(key) + "\r\n\r\nfirst");
                    wire.send(wire.read(4) + " heard");
                    wire.awaitClose();
                });
                Running running = Running.reloading(directory, 1, false, config(origin, 0, "[http/1.1, h3]"));
                Http3Client client = connect(running)) {
            Http3Exchange socket = client.open()
                    .head(
                            false,
                            Http3Exchange.request("CONNECT", "/chat", ":protocol", "websocket", "origin", "https://a"));
            assertThat(socket.nextHead().status()).isEqualTo("200");
            assertThat(socket.text(5)).isEqualTo("first");
            socket.data(false, "said");
            assertThat(socket.text(10)).isEqualTo("said heard");
            socket.end();
            assertThat(socket.text(1)).as("both have ended").isEmpty();
            assertThat(origin.requests().getFirst())
                    .startsWith("GET /chat HTTP/1.1\r\n")
                    .contains("Upgrade: websocket\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'[h3]', '', found by nobody",
        "'[h3, h2]', 'proxy-protocol: require, ', no PROXY header",
    })
    void whatCannotBeIsSaid(String protocols, String more, String why) {
        String text = """
                trusted-proxies: [127.0.0.1]
                listeners: { web: { bind: "127.0.0.1:0", %stls: { certificates: [{ cert: own.crt, key: own.key }] }, protocols: %s } }
                upstreams: { app: { servers: ["127.0.0.1:9"] } }
                sites: { shop: { upstream: app } }
                """.formatted(more, protocols);
        assertThatThrownBy(() -> Running.load(directory, text))
                .hasMessageContaining("'h3'")
                .hasMessageContaining(why);
    }
}
