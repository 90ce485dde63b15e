package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.larder.admission.PasswordHash;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.EffectiveConfig;
import io.larder.config.load.Problems;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * What visitors and operators trust a gateway with is in nothing that it writes or shows, however it goes. Each secret has a mark in it, and
 * everything is looked through for all of them, and for what Base64 makes of them.
 */
class SecretsKeptTest {
    private static final String MARK = "mark"; // in any case
    private static final String BEARER = "Bearer MARKbearerMARKbearerMARKbearer";
    private static final String COOKIE =
            "sessionid=MARKsessionMARKsessionMARK; csrftoken=MARKcsrfMARKcsrfMARKcsrfMARKcsrf12; lang=MARKlang";
    private static final String BASIC =
            Base64.getEncoder().encodeToString("ann:MARKpassword".getBytes(StandardCharsets.UTF_8));
    private static final String SECRETS =
            "Authorization: " + BEARER + "\r\nProxy-Authorization: Basic " + BASIC + "\r\nCookie: " + COOKIE + "\r\n";

    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> shown = new ArrayList<>();
    private final Level level = root().getLevel(); // a gateway sets it for the whole process

    @BeforeEach
    void listen() {
        log.start();
        root().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        root().detachAppender(log);
        root().setLevel(level);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private String config(ScriptedOrigin origin, int dead, String format) throws IOException {
        Files.writeString(
                directory.resolve("shop.users"), "ann:" + PasswordHash.of("MARKother", new byte[16], 1000) + "\n");
        Files.writeString(directory.resolve("token"), "MARKtoken");
        Files.writeString(directory.resolve("sticky.key"), "MARKstickyMARKstickyMARKsticky");
        return """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0", token-file: token }
                log: { level: trace, access: { format: %s, to: access.log } }
                cache: { memory: 16MiB%s }
                upstreams:
                  app: { servers: ["127.0.0.1:%d"], sticky: { cookie: node, key-file: sticky.key } }
                  dead: { servers: ["127.0.0.1:%d"], health: { path: /h, interval: 100ms, timeout: 90ms } }
                  hashed: { servers: ["127.0.0.1:%d"], balance: consistent-hash, hash-by: "cookie:sessionid" }
                sites:
                  shop:
                    upstream: app
                    cache-status: debug
                    headers:
                      request: { set: { Authorization: "Basic MARKupstream", X-Api-Key: MARKapi } }
                      response: { set: { Set-Cookie: "lb=MARKlb" } }
                    routes:
                      - { path: /private, cache: { private: { by: "cookie:sessionid", ttl: 1m } } }
                      - { path: /keyed, cache: { ttl: 1m, key: { cookies: [sessionid, lang], headers: [Authorization] }, set-cookie: store } }
                      - { path: /vary, cache: { ttl: 1m } }
                      - { path: /guarded, cache: { ttl: 1m, set-cookie: strip } }
                      - { path: /shadow, cache: { ttl: 1m, guard: shadow } }
                      - { path: /matched, match: { cookie: { sessionid: "MARK*" }, header: { Authorization: "Bearer MARK*" } } }
                      - { path: /limited, limit: { rate: 1/h, burst: 1, by: "cookie:sessionid" } }
                      - { path: /limited-too, limit: { rate: 1/h, burst: 1, by: "header:Authorization" } }
                      - { path: /staff, auth: { basic: { file: shop.users } } }
                      - { path: /page, fragments: { parse: esi, force: on, cookie-variables: on } }
                      - { path: /dead, upstream: dead, fragments: esi }
                      - { path: /hashed, upstream: hashed, cache: { ttl: 1m } }
                      - { path: /split, upstream: { app: 50%%, hashed: 50%% }, writes: app, read-your-writes: 5s }
                      - { path: /** }
                """.formatted(format, redis(format, dead), origin.port(), dead, origin.port());
    }

    /** One that is not there; without, pages come from the store. */
    private static String redis(String format, int dead) {
        return format.equals("json") ? ", redis: { uri: \"redis://shop:${REDIS}@127.0.0.1:" + dead + "\" }" : "";
    }

    /** Well-behaved, and not so well, by what it is asked for. */
    private static String answer(String head) {
        String path = head.split(" ", 3)[1];
        String cookie = "Set-Cookie: sessionid=MARKnew; HttpOnly\r\n";
        return switch (path) {
            case "/vary" ->
                Running.ok("Vary: Cookie, Authorization\r\nCache-Control: public, max-age=60\r\n" + cookie, "page");
            case "/guarded", "/shadow" ->
                Running.ok("Cache-Control: public, max-age=60\r\n" + cookie, "hello MARKsessionMARKsessionMARK");
            case "/page" ->
                Running.ok(
                        "Content-Type: text/html\r\nSurrogate-Control: content=\"ESI/1.0\"\r\n",
                        "<esi:include src=\"/dead\" onerror=\"continue\"/><esi:vars>$(HTTP_COOKIE)</esi:vars>");
            case "/bad-field" -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie : sessionid=MARKnew\r\n\r\n";
            case "/bad-line" -> "Set-Cookie: sessionid=MARKnew\r\n\r\n";
            case "/bad-fold" -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: a=\r\n MARKnew\r\n\r\n";
            case "/bad-value" -> "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: MARK\0new\r\n\r\n";
            case "/cut" -> "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n" + cookie + "\r\ncut";
            case "/long" ->
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: " + "MARKlong".repeat(40_000) + "\r\n\r\n";
            default -> Running.ok("Cache-Control: max-age=60\r\n" + cookie, "page");
        };
    }

    private static ScriptedOrigin origin() throws IOException {
        return ScriptedOrigin.play(wire -> {
            for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                wire.send(answer(head));
                if (head.contains("/cut ") || head.contains("/long ") || head.contains("/bad-")) {
                    return;
                }
            }
        });
    }

    private static final List<String> PATHS = List.of(
            "/private",
            "/keyed",
            "/vary",
            "/guarded",
            "/shadow",
            "/matched",
            "/limited",
            "/limited-too",
            "/staff",
            "/page",
            "/dead",
            "/hashed",
            "/split",
            "/bad-field",
            "/bad-line",
            "/bad-fold",
            "/bad-value",
            "/cut",
            "/long",
            "/a/..%2f..;/account",
            "/plain");

    private static final List<String> MALFORMED = List.of(
            "GET /a HTTP/1.1\r\nHost: shop.test\r\nAuthorization : Bearer MARK\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: shop.test\r\nCookie: a=\r\n MARK\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: shop.test\r\nCookie: MARK\0\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: shop.test\r\nCookie MARK\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: shop.test\r\nCookie: a=" + "MARK".repeat(5_000) + "\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: one\r\nHost: two\r\n" + SECRETS + "\r\n",
            "GET http://ann:MARKuser@shop.test/a HTTP/1.1\r\nHost: shop.test\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: ann:MARKhost@shop.test\r\n\r\n",
            "GET /a HTTP/9.9\r\nHost: shop.test\r\n" + SECRETS + "\r\n",
            "CONNECT shop.test:443 HTTP/1.1\r\nHost: shop.test:443\r\n" + SECRETS + "\r\n",
            "POST /a HTTP/1.1\r\nHost: shop.test\r\n" + SECRETS
                    + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            "Authorization: Bearer MARK\r\nGET / HTTP/1.1\r\n\r\n");

    @ParameterizedTest
    @ValueSource(strings = {"json", "combined"})
    void whateverHappensToRequests(String format) throws Exception {
        int dead;
        try (ScriptedOrigin gone = origin()) {
            dead = gone.port();
        }
        Map<String, String> environment = Map.of("REDIS", "MARKredis");
        try (ScriptedOrigin origin = origin();
                Running running =
                        Running.reloading(directory, 1, false, config(origin, dead, format), environment::get);
                RawClient listener = new RawClient(running.larder.adminAddress())) {
            listener.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer MARKtoken\r\n\r\n");
            for (int round = 0; round < 2; round++) {
                for (String path : PATHS) {
                    ask(running, "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\n" + SECRETS + "\r\n");
                }
                ask(running, "POST /plain HTTP/1.1\r\nHost: shop.test\r\n" + SECRETS + "Content-Length: 4\r\n\r\nMARK");
                ask(running, "GET /staff HTTP/1.1\r\nHost: shop.test\r\nAuthorization: Basic " + BASIC + "\r\n\r\n");
            }
            for (String malformed : MALFORMED) {
                ask(running, malformed);
            }
            for (String path : List.of(
                    "/v1/status",
                    "/v1/config",
                    "/v1/nodes",
                    "/v1/upstreams",
                    "/v1/sites",
                    "/metrics",
                    "/readyz",
                    "/")) {
                shown.add(operator(running, "GET " + path, "MARKtoken", ""));
                shown.add(operator(running, "GET " + path, "MARKwrong", ""));
            }
            for (String path : PATHS) {
                shown.add(operator(running, "POST /v1/explain", "MARKtoken", explained(path)));
            }
            Files.writeString(
                    directory.resolve("larder.yaml"),
                    config(origin, dead, format).replace("MARKapi", "MARKnext").replace("MARKlb", "MARKnext")
                            + "# new\n");
            shown.add(operator(running, "POST /v1/reload", "MARKtoken", "{}"));
            Files.writeString(
                    directory.resolve("larder.yaml"),
                    config(origin, dead, format)
                            .replace("${REDIS}", "MARKinline")
                            .replace("set:", "sett:"));
            shown.add(operator(running, "POST /v1/reload", "MARKtoken", "{}"));
            shown.add(operator(running, "GET /v1/status", "MARKtoken", ""));
            running.larder.stop();
            running.larder.await();
            shown.add(listener.rest());
            assertThat(shown.getLast()).contains("event: reload");
        }
        String accesses = Files.readString(directory.resolve("access.log"));
        assertThat(accesses.lines()).hasSizeGreaterThan(2 * PATHS.size());
        shown.add(accesses);
        keepsQuiet();
    }

    /** What {@code larder config} and {@code larder check} print. */
    @Test
    void whateverIsWrongWithTheConfiguration() throws Exception {
        try (ScriptedOrigin origin = origin()) {
            String good = config(origin, 1, "json");
            show(good);
            List.of(
                            good.replace("${REDIS}", "MARKinline"),
                            good.replace("${REDIS}", "MARKinline").replace("set: {", "sett: {"),
                            good.replace("Set-Cookie: \"lb", "Host: bad, Set-Cookie: \"lb"),
                            good.replace(
                                    "set: { Set-Cookie: \"lb=MARKlb\"",
                                    "set: { Cookie: \"sid=MARKsidMARKsid\", Host: x"),
                            good.replace(
                                    "set: { Set-Cookie: \"lb=MARKlb\"",
                                    "set: { Private-Token: MARKprivateMARKprivate, Host: x"),
                            good.replace("path: /matched", "pth: /matched"),
                            good.replace("servers: [\"127", "servers: [\"ann:MARKserver@127"),
                            good.replace(
                                    "auth: { basic: { file: shop.users } }",
                                    "auth: { jwt: { jwks: \"https://ann:MARKissuer@i.test/\" } }"),
                            good.replace("token-file: token", "token-file: \"\""),
                            good.replace("set: { Set-Cookie", "set: { 'Set-Cookie' ")
                                            .replace("format:", "formt:") + "  : \"")
                    .forEach(this::show);
            Loaded fronting = ConfigLoader.fronting("http://ann:MARKfront@app:1:2", ":0");
            shown.add(Problems.text(((Loaded.Bad) fronting).problems()));
        }
        keepsQuiet();
    }

    private void show(String text) {
        try {
            Path file = Files.writeString(directory.resolve("larder.yaml"), text);
            Loaded loaded = ConfigLoader.load(file, name -> name.equals("REDIS") ? "MARKredis" : null);
            switch (loaded) {
                case Loaded.Good good -> {
                    shown.add(EffectiveConfig.render(good.config()));
                    shown.add(Problems.text(good.warnings()) + Problems.json(good.warnings()));
                }
                case Loaded.Bad bad -> shown.add(Problems.text(bad.problems()) + Problems.json(bad.problems()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keepsQuiet() {
        List<String> all = new ArrayList<>(shown);
        synchronized (log) {
            for (ILoggingEvent event : log.list) {
                all.add(event.getFormattedMessage());
                for (var cause = event.getThrowableProxy(); cause != null; cause = cause.getCause()) {
                    all.add(String.valueOf(cause.getMessage()));
                }
            }
        }
        List<String> leaks = all.stream()
                .flatMap(String::lines)
                .filter(line -> line.toLowerCase(Locale.ROOT).contains(MARK) || line.contains(BASIC))
                .toList();
        assertThat(leaks).isEmpty();
    }

    /** Of the answer, everything counts that is not the origin's own word to the client. */
    private void ask(Running running, String request) throws IOException {
        try (RawClient client = running.connect()) {
            RawClient.Answer answer = client.send(request.replaceFirst("\r\n\r\n", "\r\nConnection: close\r\n\r\n"))
                    .answer();
            answer.head().stream()
                    .filter(line -> !line.startsWith("Set-Cookie:"))
                    .forEach(shown::add);
            shown.add(answer.status() < 400 ? "" : answer.body());
        } catch (IOException cut) {
            shown.add(String.valueOf(cut.getMessage()));
        }
    }

    private static String explained(String path) {
        return "{\"url\":\"http://shop.test" + path + "\",\"headers\":{\"Authorization\":\"" + BEARER
                + "\",\"Proxy-Authorization\":\"Basic " + BASIC + "\",\"Cookie\":\"" + COOKIE
                + "\"},\"status\":200,\"response\":{\"Set-Cookie\":\"a=MARKexplained\",\"Cache-Control\":\"max-age=60\"}}";
    }

    private static String operator(Running running, String line, String token, String json) throws IOException {
        String content =
                json.isEmpty() ? "" : "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n";
        return running.admin(line + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n" + content
                        + "\r\n" + json)
                .body();
    }
}
