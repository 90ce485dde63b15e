package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.Issuer;
import io.larder.admission.PasswordHash;
import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole gateways that do not let in everybody. */
class DoorTest {
    private static final String PAGE = "Cache-Control: public, max-age=600\r\n";

    @TempDir
    private Path directory;

    private static ScriptedOrigin origin() throws IOException {
        return ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(PAGE, "page")));
    }

    private static RawClient.Answer get(Running running, String target, String... fields) throws IOException {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n");
        for (String field : fields) {
            request.append(field).append("\r\n");
        }
        try (RawClient client = running.connect()) {
            return client.send(request.append("\r\n").toString()).answer();
        }
    }

    private static String basic(String name, String password) {
        byte[] octets = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(octets);
    }

    private static String line(String name, String password) {
        return name + ":" + PasswordHash.of(password, new byte[16], 1000) + "\n";
    }

    @Test
    void addressesAndRatesDecideBeforeTheCache() throws Exception {
        try (ScriptedOrigin origin = origin();
                Running running = Running.start(directory, origin, 2, """
                        trusted-proxies: [127.0.0.1]
                        sites:
                          shop:
                            upstream: app
                            access: { deny: [203.0.113.0/24] }
                            limit: { rate: 1/h, burst: 3 }
                            routes:
                              - { path: /partners/**, access: { allow: [203.0.113.0/24] }, limit: { rate: 1/d, burst: 1 } }
                              - { path: /** }
                        """)) {
            assertThat(get(running, "/a", "X-Forwarded-For: 203.0.113.9").status())
                    .isEqualTo(403);
            assertThat(get(running, "/partners/a", "X-Forwarded-For: 203.0.113.9")
                            .status())
                    .isEqualTo(200);
            assertThat(get(running, "/partners/a", "X-Forwarded-For: 203.0.113.9")
                            .status())
                    .isEqualTo(429);
            assertThat(get(running, "/partners/a", "X-Forwarded-For: 198.51.100.1")
                            .status())
                    .isEqualTo(403);
            for (int i = 3; i > 0; i--) {
                RawClient.Answer answer = get(running, "/a", "Forwarded: for=198.51.100.1");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.field("RateLimit")).startsWith("\"default\";r=" + (i - 1) + ";t=");
            }
            RawClient.Answer refused = get(running, "/a", "Forwarded: for=198.51.100.1");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Long.parseLong(refused.field("Retry-After"))).isBetween(3500L, 3600L);
            assertThat(running.adminGet("/metrics").body())
                    .contains("reason=\"limit\"", "reason=\"access\"", "larder_rate_limits_decided_alone_total 0.0");
        }
    }

    @Test
    void aReloadForgivesNobody() throws Exception {
        String limited = """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                upstreams: { app: { servers: ["127.0.0.1:%d"] } }
                sites: { shop: { upstream: app, limit: { rate: 1/h, burst: %d } } }
                """;
        try (ScriptedOrigin origin = origin();
                Running running = Running.reloading(directory, 1, false, limited.formatted(origin.port(), 1))) {
            assertThat(get(running, "/").status()).isEqualTo(200);
            Files.writeString(directory.resolve("larder.yaml"), limited.formatted(origin.port(), 2));
            running.reload(200);
            assertThat(get(running, "/").status()).isEqualTo(200);
            assertThat(get(running, "/").status()).isEqualTo(429);
        }
    }

    @Test
    void nodesCountTogetherAndEachByItselfWithoutRedis() throws Exception {
        try (RedisServer redis = RedisServer.start();
                ScriptedOrigin origin = origin();
                Running one = node("one", origin, redis);
                Running two = node("two", origin, redis)) {
            eventually("both have a connection", () -> running(one) && running(two));
            assertThat(get(one, "/").status()).isEqualTo(200);
            assertThat(get(two, "/").status()).isEqualTo(200);
            assertThat(get(one, "/").status()).isEqualTo(200);
            RawClient.Answer refused = get(two, "/");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.field("RateLimit")).startsWith("\"default\";r=0;t=");
            assertThat(get(one, "/").status()).isEqualTo(429);
            redis.kill();
            eventually("a node decides alone", () -> get(one, "/").status() == 200);
            assertThat(one.adminGet("/metrics").body()).doesNotContain("larder_rate_limits_decided_alone_total 0.0");
        }
    }

    private Running node(String name, ScriptedOrigin origin, RedisServer redis) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        return Running.start(own, origin, 1, """
                cache: { memory: 16MiB, redis: { uri: "redis://127.0.0.1:%d", node: %s, timeout: 2s } }
                sites: { shop: { upstream: app, limit: { rate: 3/h, scope: fleet } } }
                """.formatted(redis.port(), name));
    }

    private static boolean running(Running node) throws IOException {
        return node.adminGet("/readyz").status() == 200
                && node.adminGet("/metrics").body().contains("larder_in_step 1.0");
    }

    @Test
    void passwordsOpenUntilTheyAreTakenOut() throws Exception {
        Path users = Files.writeString(directory.resolve("shop.users"), line("ann", "secret"));
        String site = """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                upstreams: { app: { servers: ["127.0.0.1:PORT"] } }
                sites:
                  shop:
                    upstream: app
                    auth: { basic: { file: shop.users } }
                    routes: [{ path: /open/**, auth: off }, { path: /** }]
                """;
        try (ScriptedOrigin origin = origin();
                Running running =
                        Running.reloading(directory, 2, true, site.replace("PORT", String.valueOf(origin.port())))) {
            RawClient.Answer asked = get(running, "/a");
            assertThat(asked.status()).isEqualTo(401);
            assertThat(asked.field("WWW-Authenticate")).isEqualTo("Basic realm=\"shop\", charset=\"UTF-8\"");
            assertThat(get(running, "/open/a").status()).isEqualTo(200);
            assertThat(get(running, "/a", basic("ann", "wrong")).status()).isEqualTo(401);
            assertThat(get(running, "/a", basic("ann", "secret")).status()).isEqualTo(200);
            assertThat(get(running, "/a", basic("ann", "secret")).field("Cache-Status"))
                    .contains("hit");
            assertThat(get(running, "/a").status()).isEqualTo(401);

            Files.writeString(users, line("bob", "other"));
            eventually(
                    "ann is let in no more",
                    () -> get(running, "/a", basic("ann", "secret")).status() == 401);
            assertThat(get(running, "/a", basic("bob", "other")).status()).isEqualTo(200);

            Files.writeString(users, "nonsense");
            eventually(
                    "the file is refused",
                    () -> running.status()
                            .at("/config/problem")
                            .asText()
                            .concat(running.status().toString())
                            .contains("shop.users"));
            assertThat(get(running, "/a", basic("bob", "other")).status()).isEqualTo(200);
        }
    }

    @Test
    void tokensAreCheckedByTheKeysThatAnIssuerPublishes() throws Exception {
        Issuer first = Issuer.of("first", "ES256");
        Issuer second = Issuer.of("second", "RS256");
        AtomicReference<String> published = new AtomicReference<>(first.jwks());
        String claims = "{\"aud\":\"shop\",\"exp\":" + (Instant.now().getEpochSecond() + 600) + "}";
        try (ScriptedOrigin issuer = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        String jwks = String.valueOf(published.get());
                        wire.send(
                                jwks.isEmpty()
                                        ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
                                        : Running.ok("Content-Type: application/jwk-set+json\r\n", jwks));
                    }
                });
                ScriptedOrigin origin = origin();
                Running running = Running.start(directory, origin, 2, """
                        sites:
                          shop:
                            upstream: app
                            auth: { jwt: { jwks: "http://127.0.0.1:%d/keys", audience: shop } }
                        """.formatted(issuer.port()))) {
            String bearer = "Authorization: Bearer " + first.token(claims);
            eventually("the keys are there", () -> get(running, "/a", bearer).status() == 200);
            assertThat(get(running, "/a").status()).isEqualTo(401);
            assertThat(get(running, "/a", bearer.replace("Bearer ", "Bearer x")).status())
                    .isEqualTo(401);

            published.set(second.jwks());
            String next = "Authorization: Bearer " + second.token(claims);
            // unknown keys make the gateway ask again, but not at once: it has just asked
            eventually("the new key is known", () -> get(running, "/a", next).status() == 200);
            assertThat(get(running, "/a", bearer).status()).isEqualTo(401);

            published.set("");
            assertThat(get(running, "/a", next).status()).isEqualTo(200);
            assertThat(origin.requests().getFirst()).contains("Authorization: Bearer ");
        }
    }

    /** Issuers whose keys never come to an end take no time from others, neither at the start nor when those change. */
    @Test
    void issuersThatStallHoldUpNobodyElsesKeys() throws Exception {
        Issuer first = Issuer.of("first", "ES256");
        Issuer second = Issuer.of("second", "ES256");
        AtomicReference<String> published = new AtomicReference<>(first.jwks());
        CountDownLatch over = new CountDownLatch(1);
        String claims = "{\"exp\":" + (Instant.now().getEpochSecond() + 600) + "}";
        try (ScriptedOrigin stalling = ScriptedOrigin.play(wire -> {
                    wire.readRequest();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"keys\":[");
                    wire.pauseUntil(over, 60_000);
                });
                ScriptedOrigin issuer = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        wire.send(Running.ok("", String.valueOf(published.get())));
                    }
                });
                ScriptedOrigin origin = origin();
                Running running = Running.start(directory, origin, 2, """
                        sites:
                          shop:
                            upstream: app
                            routes:
                              - { path: /a/**, auth: { jwt: { jwks: "http://127.0.0.1:%1$d/a" } } }
                              - { path: /b/**, auth: { jwt: { jwks: "http://127.0.0.1:%1$d/b" } } }
                              - { path: /c/**, auth: { jwt: { jwks: "http://127.0.0.1:%1$d/c" } } }
                              - { path: /good/**, auth: { jwt: { jwks: "http://127.0.0.1:%2$d/keys" } } }
                              - { path: /** }
                        """.formatted(stalling.port(), issuer.port()))) {
            String bearer = "Authorization: Bearer " + first.token(claims);
            Duration patience = Duration.ofSeconds(9); // less than any of those that stall is waited for
            eventually(
                    patience,
                    () -> "the keys are there",
                    () -> get(running, "/good/1", bearer).status() == 200);
            for (String stalled : List.of("/a/1", "/b/1", "/c/1")) {
                assertThat(get(running, stalled, bearer).status()).isEqualTo(503);
            }
            assertThat(get(running, "/open").status()).isEqualTo(200);
            published.set(second.jwks());
            String next = "Authorization: Bearer " + second.token(claims);
            eventually(
                    patience,
                    () -> "the new key is known",
                    () -> get(running, "/good/1", next).status() == 200);
            assertThat(stalling.connections()).as("those that stall were asked").isEqualTo(3);
        } finally {
            over.countDown();
        }
    }

    @Test
    void aPartOfAPageIsForThoseWhoMayHaveIt() throws Exception {
        Files.writeString(directory.resolve("shop.users"), line("ann", "secret"));
        Files.writeString(directory.resolve("other.users"), line("ann", "secret"));
        String page = "<esi:include src=\"/inner/part\" onerror=\"continue\"/>"
                + "<esi:include src=\"/other/part\" onerror=\"continue\"/>.";
        ScriptedOrigin.Script site = wire -> {
            for (String request = wire.nextRequest(); !request.isEmpty(); request = wire.nextRequest()) {
                boolean part = request.contains("/part ");
                wire.send(
                        part
                                ? Running.ok(PAGE, request.contains("/inner/") ? "inner" : "other")
                                : Running.ok(
                                        PAGE + "Content-Type: text/html\r\nSurrogate-Control: content=\"ESI/1.0\"\r\n",
                                        page));
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.play(site);
                Running running = Running.start(directory, origin, 1, """
                        sites:
                          shop:
                            upstream: app
                            auth: { basic: { file: shop.users } }
                            routes:
                              - { path: /open/**, auth: off, fragments: esi }
                              - { path: /other/**, auth: { basic: { file: other.users, realm: other } } }
                              - { path: /**, fragments: esi }
                        """)) {
            assertThat(get(running, "/page", basic("ann", "secret")).body()).isEqualTo("inner.");
            assertThat(get(running, "/open/page").body()).isEqualTo(".");
        }
    }

    @Test
    void aProxyInFrontSaysWhoseConnectionItIs() throws Exception {
        Path log = directory.resolve("access.log");
        try (ScriptedOrigin origin = origin();
                Running running = Running.start(
                        directory,
                        origin,
                        1,
                        "listeners: { web: { bind: '127.0.0.1:0', proxy-protocol: require,"
                                + " limits: { connections-per-client: 1 } } }",
                        "trusted-proxies: [127.0.0.1]",
                        "log: { access: { to: \"" + log + "\" } }",
                        "sites: { shop: { upstream: app, access: { allow: [203.0.113.0/24] } } }");
                RawClient inside = running.connect();
                RawClient outside = running.connect();
                RawClient again = running.connect()) {
            inside.send("PROXY TCP4 203.0.113.9 192.0.2.1 5000 80\r\n" + Running.get("/"));
            assertThat(inside.answer().status()).isEqualTo(200);
            assertThat(origin.requests().getFirst()).contains("X-Forwarded-For: 203.0.113.9\r\n");
            outside.send("PROXY TCP4 198.51.100.9 192.0.2.1 5000 80\r\n");
            outside.send("GET / HTTP/1.1\r\nHost: shop.test\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n");
            assertThat(outside.answer().status()).isEqualTo(403);
            again.send("PROXY TCP4 203.0.113.9 192.0.2.1 5001 80\r\n" + Running.get("/"));
            assertThat(again.isEnded()).isTrue();
            assertThat(running.adminGet("/metrics").body())
                    .contains("larder_connections_turned_away_total{reason=\"client-limit\"} 1.0");
            Running.await("both are logged", () -> Files.readAllLines(log).size() == 2);
            List<String> lines = Files.readAllLines(log);
            assertThat(lines.get(0)).contains("\"client\":\"203.0.113.9\"");
            assertThat(lines.get(1)).contains("\"client\":\"198.51.100.9\"", "\"status\":403", "\"reason\":\"access\"");
        }
    }
}
