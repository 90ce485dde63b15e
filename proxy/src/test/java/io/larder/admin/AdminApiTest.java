package io.larder.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.config.bind.Quantities;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Authority;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.Target;
import io.larder.whatif.Described;
import io.larder.whatif.Explanation;
import io.larder.whatif.Step;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Explanation EXPLAINED = new Explanation(
            "GET http://shop.example/",
            true,
            List.of(new Step(
                    "site", "which?", "shop", null, null, "larder.yaml:3:1", List.of(new Step.Note("host", "any")))),
            new Explanation.Verdict("hit", "fresh", "hit: fresh for 41 s more"));
    private static final Headers AS_JSON = Headers.of("Content-Type", "application/json");

    private final ManualLoop loop = new ManualLoop();
    private final FakeState state = new FakeState();
    private final List<PurgeOrder> orders = new ArrayList<>();
    private final List<String> drains = new ArrayList<>();
    private final List<Described> wondered = new ArrayList<>();
    private final List<String> drained = new ArrayList<>();
    private final Events events = new Events(() -> Instant.parse("2026-11-23T12:00:00Z"));
    private ReloadReport reloaded = new ReloadReport.Nothing("there is no file");
    private PurgeReport report = new PurgeReport(
            "17-0",
            12,
            true,
            false,
            Map.of("node-a", Duration.ofNanos(1_800_000)),
            List.of(),
            null,
            Duration.ofMillis(2));

    private AdminApi api(String bind, @Nullable String token) {
        return api(
                new Guard(bind, Set.of("gateway.internal"), token),
                (order, exchange) -> {
                    orders.add(order);
                    return CompletableFuture.completedFuture(report);
                },
                Runnable::run);
    }

    private AdminApi api(Guard guard, Purging purging, Executor aside) {
        AdminApi.Deeds deeds = new AdminApi.Deeds(
                purging,
                described -> {
                    wondered.add(described);
                    return EXPLAINED;
                },
                () -> CompletableFuture.completedFuture(reloaded),
                (upstream, server, out) -> {
                    drained.add((out ? "drain " : "resume ") + upstream + " " + server);
                    return !upstream.equals("app")
                            ? Draining.Outcome.NO_SUCH_UPSTREAM
                            : server.startsWith("127.") ? Draining.Outcome.DONE : Draining.Outcome.NO_SUCH_SERVER;
                },
                () -> drains.add("drain"));
        return new AdminApi(() -> guard, state, deeds, events, aside, Quantities::duration);
    }

    private Response call(AdminApi api, Request request) {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "admin", 9180);
        CompletionStage<Response> answer =
                api.handle(request, Exchange.begin(new RequestId(1), loop, client, Interim.NONE));
        loop.run();
        return answer.toCompletableFuture().join();
    }

    private Response call(Request request) {
        return call(api("127.0.0.1", null), request);
    }

    private static Request get(String path) {
        return Request.get(Target.of("http", "localhost:9180", path), Headers.EMPTY);
    }

    private static Request post(String path, String body) {
        return get(path).withMethod("POST").withHeaders(AS_JSON).withBody(new Body.Whole(Bytes.utf8(body)));
    }

    private static String text(Response response) {
        return ((Body.Whole) response.body()).bytes().toUtf8();
    }

    private static JsonNode json(Response response) throws Exception {
        return JSON.readTree(text(response));
    }

    private static void assertProblem(Response response, int status, String says) throws Exception {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers().first(Fields.CONTENT_TYPE)).isEqualTo("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").textValue()).isNotEmpty();
        assertThat(problem.get("detail").textValue()).contains(says);
        assertThat(problem.get("request-id").textValue()).isEqualTo("0000000000000001");
        assertThat(response.headers().first(FieldName.of("X-Content-Type-Options")))
                .isEqualTo("nosniff");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/|text/html; charset=utf-8|/v1/status",
                "/livez|text/plain; charset=utf-8|alive",
                "/readyz|text/plain; charset=utf-8|ready",
                "/metrics|text/plain; version=0.0.4; charset=utf-8|larder_requests_total",
                "/v1/status|application/json|\"phase\":\"ready\"",
                "/v1/status?pretty|application/json|\"uptime-seconds\":90",
                "/v1/config|application/yaml|listeners:",
                "/v1/nodes|application/json|\"cursor\":\"17-0\"",
                "/v1/upstreams|application/json|\"in-flight\":2",
                "/v1/sites|application/json|\"hosts\":[\"shop.example\"]"
            })
    void views(String path, String type, String holds) {
        Response response = call(get(path));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers().first(Fields.CONTENT_TYPE)).isEqualTo(type);
        assertThat(response.headers().first(Fields.CACHE_CONTROL)).isEqualTo("no-store");
        assertThat(response.headers().first(FieldName.of("X-Content-Type-Options")))
                .isEqualTo("nosniff");
        assertThat(text(response)).contains(holds);

        Response head = call(get(path).withMethod("HEAD"));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body().isEmpty()).isTrue();
        assertThat(head.headers().first(Fields.CONTENT_LENGTH))
                .isEqualTo(Long.toString(response.body().length()));
    }

    @Test
    void statusNamesTheWholeGateway() throws Exception {
        JsonNode status = json(call(get("/v1/status")));
        assertThat(status.fieldNames())
                .toIterable()
                .containsExactly(
                        "version",
                        "phase",
                        "started",
                        "uptime-seconds",
                        "transport",
                        "configuration",
                        "listeners",
                        "tiers",
                        "coherence",
                        "requests",
                        "upstreams",
                        "guard");
        assertThat(status.at("/guard/0/shadow/per-visitor").longValue()).isEqualTo(2);
        assertThat(status.at("/guard/0/findings/0/what").textValue()).isEqualTo("differs per visitor at byte 4312");
        assertThat(status.at("/guard/0/found/guard-form").longValue()).isEqualTo(3);
        assertThat(status.at("/started").textValue()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(status.at("/configuration").has("problem")).isFalse();
        assertThat(status.at("/tiers/0/bytes").longValue()).isEqualTo(1000);
        assertThat(status.get("coherence"))
                .isEqualTo(JSON.readTree("{\"mode\":\"shared\",\"current\":true,\"lag-ms\":120,\"epoch\":\"1a2b\"}"));
    }

    @Test
    void nodesAreThoseThatPurgeTogether() throws Exception {
        assertThat(json(call(get("/v1/nodes")))).isEqualTo(JSON.readTree("""
                {"mode":"shared",
                 "self":{"name":"a","current":true,"lag-ms":120,"max-lag-ms":5000,"when-lagging":"revalidate"},
                 "redis":{"reached":true},
                 "log":{"epoch":"1a2b","floor":"0-0","last":"17-0","unsettled-ms":0},
                 "nodes":[{"name":"a","self":true,"cursor":"17-0","behind":0,"lag-ms":120,"lease-ms":6130},
                          {"name":"b","self":false,"cursor":"16-0","behind":1,"lag-ms":5000,"lease-ms":1250}]}"""));
    }

    @Test
    void aNodeThatIsAloneSaysSo() throws Exception {
        state.nodes = new State.Nodes(
                State.Mode.SINGLE,
                new State.Self("local", true, null, null, null),
                null,
                null,
                List.of(new State.Node("local", true, null, null, null, null)));
        assertThat(json(call(get("/v1/nodes")))).isEqualTo(JSON.readTree("""
                {"mode":"single","self":{"name":"local","current":true},"nodes":[{"name":"local","self":true}]}"""));
    }

    @Test
    void notReadyIs503() {
        state.ready = false;
        Response response = call(get("/readyz"));
        assertThat(response.status()).isEqualTo(503);
        assertThat(text(response)).isEqualTo("draining\n");
        assertThat(call(get("/livez")).status()).isEqualTo(200);
    }

    @Test
    void metricsMayBeOff() throws Exception {
        state.metrics = java.util.Optional.empty();
        assertProblem(call(get("/metrics")), 404, "metrics.prometheus");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/purge, POST",
        "HEAD, /v1/purge, POST",
        "DELETE, /v1/purge, POST",
        "GET, /v1/drain, POST",
        "POST, /v1/status, 'GET, HEAD'",
        "OPTIONS, /, 'GET, HEAD'",
        "TRACE, /metrics, 'GET, HEAD'"
    })
    void otherMethodsAre405WithAllow(String method, String path, String allow) throws Exception {
        Response response = call(get(path).withMethod(method));
        assertProblem(response, 405, "use " + allow);
        assertThat(response.headers().first(Fields.ALLOW)).isEqualTo(allow);
        assertThat(drains).isEmpty();
        assertThat(orders).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/v1/", "/v1/purge/", "/v1/nodes/", "/metrics/", "//", "/v1/status/../config"})
    void otherPathsAre404(String path) throws Exception {
        assertProblem(call(get(path)), 404, "GET /");
    }

    /** DNS rebinding: only names of this very address, or literals that nobody can rebind. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, localhost:9180, 200",
        "127.0.0.1, 127.0.0.1:9180, 200",
        "127.0.0.1, 127.0.0.2, 200",
        "127.0.0.1, [::1]:9180, 200",
        "127.0.0.1, LOCALHOST, 200",
        "127.0.0.1, gateway.internal, 200",
        "127.0.0.1, evil.example, 421",
        "127.0.0.1, localhost.evil.example, 421",
        "127.0.0.1, 127.0.0.1.evil.example, 421",
        "127.0.0.1, 127.evil.0.1, 421",
        "127.0.0.1, 10.0.0.1, 421",
        "127.0.0.1, '', 421",
        "10.0.0.1, 10.0.0.1:9180, 200",
        "10.0.0.1, 10.0.0.2:9180, 421",
        "admin.example, Admin.Example:9180, 200",
        "'::', [2001:db8::1]:9180, 200",
        "0.0.0.0, 10.0.0.2:9180, 200",
        "'', 10.0.0.2:9180, 200",
        "0.0.0.0, evil.example, 421",
        "'', '', 421",
        "2001:db8::1, [2001:db8::1], 200"
    })
    void theHostMustBeOurs(String bind, String host, int status) {
        Request request = Request.get(Target.of("http", host, "/livez"), Headers.EMPTY);
        assertThat(call(api(bind, null), request).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:9180, 200",
        "http://localhost:9181, 403",
        "http://localhost, 403",
        "http://evil.example, 403",
        "'null', 403",
        "'', 403",
        "http://localhost:9180.evil.example, 403",
        "'http://localhost:9180, http://evil.example', 403",
        "http://u@localhost:9180, 403",
        "file://, 403"
    })
    void theOriginMustBeOurs(String origin, int status) {
        Request purge = post("/v1/purge", "{\"all\":true}").withHeaders(AS_JSON.with(FieldName.of("Origin"), origin));
        assertThat(call(purge).status()).isEqualTo(status);
        assertThat(orders).hasSize(status == 200 ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/status, Bearer t0ken, 200",
        "/v1/status, bearer  t0ken, 200",
        "/v1/status, Bearer t0ke, 401",
        "/v1/status, Bearer t0kenn, 401",
        "/v1/status, Bearer, 401",
        "/v1/status, Basic t0ken, 401",
        "/v1/status, '', 401",
        "/v1/nothing, '', 401",
        "/metrics, '', 401",
        "/, '', 401",
        "/livez, '', 200",
        "/readyz, '', 200"
    })
    void aTokenOpens(String path, String authorization, int status) throws Exception {
        Request request = get(path);
        if (!authorization.isEmpty()) {
            request = request.withHeaders(Headers.of("Authorization", authorization));
        }
        Response response = call(api("127.0.0.1", "t0ken"), request);
        assertThat(response.status()).isEqualTo(status);
        if (status == 401) {
            assertProblem(response, 401, "token");
            assertThat(response.headers().first(FieldName.of("WWW-Authenticate")))
                    .startsWith("Bearer");
            assertThat(text(response)).doesNotContain("t0ken");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "application/json, 200",
        "'application/json; charset=utf-8', 200",
        "Application/JSON, 200",
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "application/jsonp, 415",
        "'', 415"
    })
    void onlyJsonChangesAnything(String type, int status) {
        Request purge = post("/v1/purge", "{\"all\":true}")
                .withHeaders(type.isEmpty() ? Headers.EMPTY : Headers.of("Content-Type", type));
        assertThat(call(purge).status()).isEqualTo(status);
        assertThat(orders).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void aPurgeIsCarriedOutAndReported() throws Exception {
        String call = """
                {"urls":["HTTP://Shop.example:80/a?b=%2F","/c"],"host":"shop.example:8080","prefixes":["https://shop.example/p/"],
                 "hosts":["Other.example"],"all":false,"tags":["product-7","Größe"],
                 "matches":["https://Shop.example/P*","*/logo.png","/x/*"],"soft":true,"dry-run":true,"wait":"3s"}""";
        Response response = call(post("/v1/purge", call));
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response))
                .isEqualTo("{\"position\":\"17-0\",\"matched\":12,"
                        + "\"nodes\":{\"acked\":{\"node-a\":1.8},\"missing\":[]},\"took-ms\":2.0}\n");
        assertThat(orders)
                .containsExactly(new PurgeOrder(
                        new PurgeOrder.What(
                                List.of(
                                        Target.of("http", "shop.example", "/a?b=%2F"),
                                        Target.of("http", "shop.example:8080", "/c")),
                                List.of("product-7", "Gr\u00c3\u00b6\u00c3\u009fe"),
                                List.of(Target.of("https", "shop.example", "/p/")),
                                List.of(
                                        Glob.of("shop.example/P*"),
                                        Glob.of("*/logo.png"),
                                        Glob.of("shop.example:8080/x/*")),
                                List.of(new Authority("other.example", Authority.NO_PORT)),
                                false),
                        true,
                        null,
                        true,
                        Duration.ofSeconds(3)));
    }

    @Test
    void aDryRunSaysThatItIsOne() throws Exception {
        report = new PurgeReport("17-0", 3, true, true, Map.of(), List.of(), null, Duration.ofMillis(1));
        assertThat(text(call(post("/v1/purge", "{\"all\":true,\"dry-run\":true}"))))
                .contains("\"dry-run\":true");
    }

    @Test
    void whatIsNotCountedYetIsNotWaitedFor() throws Exception {
        report = new PurgeReport("17-0", 9_000, false, false, Map.of(), List.of(), null, Duration.ofMillis(250));
        Response response = call(post("/v1/purge", "{\"all\":true}"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).contains("\"matched\":9000,\"counting\":true,");
    }

    @Test
    void aNodeThatIsMissingMakesIt202() {
        report = new PurgeReport(
                "17-0",
                0,
                true,
                false,
                Map.of(),
                List.of("node-b"),
                "one node has not confirmed it",
                Duration.ofSeconds(5));
        Response response = call(post("/v1/purge", "{\"all\":true}"));
        assertThat(response.status()).isEqualTo(202);
        assertThat(text(response))
                .isEqualTo("{\"position\":\"17-0\",\"matched\":0,\"nodes\":{\"acked\":{},\"missing\":[\"node-b\"]},"
                        + "\"took-ms\":5000.0,\"reason\":\"one node has not confirmed it\"}\n");
    }

    @Test
    void aPurgeThatIsInNoLogIs202ThoughNobodyIsKnownToBeMissing() throws Exception {
        report = new PurgeReport(
                null,
                2,
                true,
                false,
                Map.of("node-a", Duration.ofMillis(1)),
                List.of(),
                "Redis has not been reached for 12 s",
                Duration.ofSeconds(5));
        Response response = call(post("/v1/purge", "{\"all\":true}"));
        assertThat(response.status()).isEqualTo(202);
        assertThat(json(response).has("position")).isFalse();
        assertThat(json(response).get("reason").textValue()).isEqualTo("Redis has not been reached for 12 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"all\":true}|5000",
                "{\"all\":true,\"wait\":null}|5000",
                "{\"all\":true,\"wait\":\"0s\"}|0",
                "{\"all\":true,\"wait\":\"250ms\"}|250",
                "{\"all\":true,\"wait\":\"30s\"}|30000",
                "{\"all\":true,\"wait\":\"10m\"}|600000",
            })
    void howLongToWait(String call, long millis) {
        call(post("/v1/purge", call));
        assertThat(orders).singleElement().extracting(PurgeOrder::patience).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void howSlowly() {
        call(post("/v1/purge", "{\"all\":true,\"soft\":true,\"spread\":\"60s\"}"));
        call(post("/v1/purge", "{\"all\":true,\"soft\":true,\"origin-rps\":50}"));
        assertThat(orders)
                .extracting(PurgeOrder::pace)
                .containsExactly(new PurgeOrder.Pace.Over(Duration.ofSeconds(60)), new PurgeOrder.Pace.PerSecond(50));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|nothing to purge",
                "{\"all\":false}|nothing to purge",
                "[]|JSON object",
                "''|JSON object",
                "{\"url\":[\"http://a.example/\"]}|\"url\"",
                "{\"urls\":[\"http://a.example/\"],\"softly\":true}|\"softly\"",
                "{\"tags\":[],\"soft\":true}|nothing to purge",
                "{\"tags\":\"t\"}|must be a list",
                "{\"tags\":[7]}|is not a tag",
                "{\"tags\":[\"\"]}|is not a tag",
                "{\"tags\":[\" t\"]}|is not a tag",
                "{\"tags\":[\"a\\nb\"]}|is not a tag",
                "{\"tags\":[\"a\\u009bb\"]}|is not a tag",
                "{\"matches\":[\"\"]}|is not a pattern",
                "{\"matches\":[\"a b\"]}|is not a pattern",
                "{\"matches\":[\"/p*\"]}|names no host",
                "{\"matches\":[1]}|is not a pattern",
                "{\"all\":true,\"soft\":\"yes\"}|\"soft\" must be true or false",
                "{\"all\":true,\"dry-run\":1}|\"dry-run\" must be true or false",
                "{\"all\":\"yes\"}|\"all\" must be true or false",
                "{\"all\":true,\"spread\":\"60s\"}|are for purges with \"soft\":true",
                "{\"all\":true,\"origin-rps\":5}|are for purges with \"soft\":true",
                "{\"all\":true,\"soft\":true,\"spread\":\"60s\",\"origin-rps\":5}|give one of them",
                "{\"all\":true,\"soft\":true,\"spread\":60}|\"spread\" must be",
                "{\"all\":true,\"soft\":true,\"spread\":\"25h\"}|at most",
                "{\"all\":true,\"soft\":true,\"origin-rps\":0}|\"origin-rps\" must be",
                "{\"all\":true,\"soft\":true,\"origin-rps\":\"5\"}|\"origin-rps\" must be",
                "{\"all\":true,\"soft\":true,\"origin-rps\":1.5}|\"origin-rps\" must be",
                "{\"all\":true,\"wait\":5}|\"wait\"",
                "{\"all\":true,\"wait\":\"\"}|\"wait\"",
                "{\"all\":true,\"wait\":\"5\"}|\"wait\"",
                "{\"all\":true,\"wait\":\"5 s\"}|\"wait\"",
                "{\"all\":true,\"wait\":\"-5s\"}|\"wait\"",
                "{\"all\":true,\"wait\":\"601s\"}|at most",
                "{\"all\":true,\"wait\":\"1h\"}|at most",
                "{\"all\":true,\"wait\":\"999999999999999999d\"}|at most",
                "{\"urls\":\"http://a.example/\"}|must be a list",
                "{\"urls\":[1]}|not a URL",
                "{\"urls\":[\"\"]}|not a URL",
                "{\"urls\":[\"/a\"]}|together with \"host\"",
                "{\"urls\":[\"a.example/b\"]}|absolute (http://host/path",
                "{\"urls\":[\"ftp://a.example/\"]}|absolute",
                "{\"urls\":[\"http:///a\"]}|absolute",
                "{\"urls\":[\"http://u:p@a.example/\"]}|absolute",
                "{\"urls\":[\"http://a.example/#f\"]}|not a URL as it goes over the wire",
                "{\"urls\":[\"http://a.example/é\"]}|not a URL as it goes over the wire",
                "{\"urls\":[\"http://a.example/\\r\\n\"]}|not a URL as it goes over the wire",
                "{\"hosts\":[\"http://a.example\"]}|is not a host",
                "{\"hosts\":[\"a b\"]}|is not a host",
                "{\"urls\":[\"/a\"],\"host\":\"\"}|is not a host",
                "{\"all\":true|not valid JSON",
                "{\"all\":false,\"all\":true}|not valid JSON",
                "{\"all\":true} {}|not valid JSON",
                "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]|not valid JSON"
            })
    void aWrongPurgeChangesNothingAndSaysWhy(String body, String says) throws Exception {
        assertProblem(call(post("/v1/purge", body)), 400, says);
        assertThat(orders).isEmpty();
    }

    @Test
    void aDrainIsBegunOnce() {
        Response response = call(post("/v1/drain", "{}"));
        assertThat(response.status()).isEqualTo(202);
        assertThat(text(response)).isEqualTo("{\"phase\":\"draining\"}\n");
        assertThat(drains).hasSize(1);
        for (String body : List.of("{\"now\":true}", "[]", "0", " ")) {
            assertThat(call(post("/v1/drain", body)).status()).isEqualTo(400);
        }
        assertThat(drains).hasSize(1);
    }

    /** Sends the same chunk again and again, up to a length. */
    private static final class Chunks implements Source {
        private final Bytes chunk = Bytes.of(" ".repeat(1024).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        private int left;
        boolean cancelled;

        Chunks(int kibibytes) {
            left = kibibytes;
        }

        @Override
        public void read(Sink sink) {
            if (left-- > 0) {
                sink.chunk(chunk);
            } else {
                sink.end(Headers.EMPTY);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Test
    void aBodyMayHaveOneMebibyte() throws Exception {
        Chunks most = new Chunks(1024);
        Request request = post("/v1/drain", "").withBody(new Body.Live(most, Body.UNKNOWN));
        assertProblem(call(request), 400, "no parameters");

        Chunks more = new Chunks(1025);
        assertProblem(call(request.withBody(new Body.Live(more, Body.UNKNOWN))), 413, "1 MiB");
        assertThat(more.cancelled).isTrue();

        Chunks declared = new Chunks(0);
        assertProblem(call(request.withBody(new Body.Live(declared, 1 << 21))), 413, "1 MiB");
        assertThat(declared.cancelled).isTrue();
    }

    @Test
    void explains() throws Exception {
        Response response = call(post("/v1/explain", """
                {"url":"https://shop.example/cart?id=7","method":"HEAD","headers":{"Accept":"text/html","Cookie":["a=1","b=2"]},
                 "listener":"web","client":"10.1.2.3","status":404,"response":{"Cache-Control":"max-age=5","Content-Length":"12"}}"""));
        assertThat(response.status()).isEqualTo(200);
        assertThat(JSON.readTree(text(response))).isEqualTo(JSON.readTree("""
                {"request":"GET http://shop.example/","live":true,
                 "steps":[{"topic":"site","asked":"which?","answer":"shop","place":"larder.yaml:3:1","notes":[{"name":"host","text":"any"}]}],
                 "verdict":{"outcome":"hit","reason":"fresh","sentence":"hit: fresh for 41 s more"}}"""));
        assertThat(ExplainCall.read(text(response))).isEqualTo(EXPLAINED);
        Described described = wondered.get(0);
        assertThat(described.request().method()).isEqualTo("HEAD");
        assertThat(described.request().target()).isEqualTo(Target.of("https", "shop.example", "/cart?id=7"));
        assertThat(described.request().headers().all(FieldName.of("cookie"))).containsExactly("a=1", "b=2");
        assertThat(described.listener()).isEqualTo("web");
        assertThat(described.peer().getHostAddress()).isEqualTo("10.1.2.3");
        Response answer = Objects.requireNonNull(described.response());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().length()).isEqualTo(12);
    }

    @Test
    void whatIsNotDescribedIsPlain() {
        call(post("/v1/explain", "{\"url\":\"http://localhost:8080\",\"headers\":{\"Host\":\"Shop.example\"}}"));
        Described described = wondered.get(0);
        assertThat(described.request().method()).isEqualTo("GET");
        assertThat(described.request().target()).isEqualTo(Target.of("http", "shop.example", "/"));
        assertThat(described.request().body().length()).isZero();
        assertThat(described.listener()).isNull();
        assertThat(described.response()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]|must be a JSON object",
                "{}|\"url\" must be",
                "{\"url\":7}|\"url\" must be a string",
                "{\"url\":\"/cart\"}|\"url\" must be a URL",
                "{\"url\":\"http://a b/\"}|\"url\" must be a URL",
                "{\"url\":\"ftp://a/\"}|\"url\" is not understood",
                "{\"url\":\"http://u@a/\"}|\"url\" is not understood",
                "{\"url\":\"http://a/#b\"}|\"url\" must be a URL",
                "{\"url\":\"http://a/\",\"urls\":[]}|unknown key \"urls\"",
                "{\"url\":\"http://a/\",\"method\":\"G T\"}|\"method\" must be",
                "{\"url\":\"http://a/\",\"headers\":[]}|\"headers\" must be an object",
                "{\"url\":\"http://a/\",\"headers\":{\"A B\":\"c\"}}|\"A B\"",
                "{\"url\":\"http://a/\",\"headers\":{\"A\":\"b\\r\\nC: d\"}}|\"A\"",
                "{\"url\":\"http://a/\",\"headers\":{\"Host\":\"a/b\"}}|Host is not a host",
                "{\"url\":\"http://a/\",\"headers\":{\"Content-Length\":\"-1\"}}|Content-Length must be a number",
                "{\"url\":\"http://a/\",\"client\":\"shop.example\"}|\"client\" must be an IP address",
                "{\"url\":\"http://a/\",\"client\":\"1.2.3.4.5\"}|\"client\" must be an IP address",
                "{\"url\":\"http://a/\",\"status\":100}|\"status\" must be a final status",
                "{\"url\":\"http://a/\",\"status\":\"ok\"}|\"status\" must be a final status",
            })
    void whatCannotBeExplainedIsRefused(String body, String says) throws Exception {
        assertProblem(call(post("/v1/explain", body)), 400, says);
        assertThat(wondered).isEmpty();
    }

    @Test
    void explainingIsGuardedLikeEverythingElse() throws Exception {
        String body = "{\"url\":\"http://a/\"}";
        assertProblem(call(get("/v1/explain")), 405, "use POST");
        Request foreign = post("/v1/explain", body);
        assertProblem(
                call(foreign.withHeaders(foreign.headers().with(FieldName.of("Origin"), "http://evil.example"))),
                403,
                "another origin");
        assertProblem(call(foreign.withHeaders(Headers.of("Content-Type", "text/plain"))), 415, "application/json");
        assertProblem(
                call(foreign.withTarget(Target.of("http", "evil.example:9180", "/v1/explain"))), 421, "admin address");
        assertProblem(call(api("127.0.0.1", "s3cret"), foreign), 401, "token");
        assertThat(wondered).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/upstreams/app/servers/127.0.0.1:8000   | drain  | 200 | drain app 127.0.0.1:8000",
                "/v1/upstreams/app/servers/127.0.0.1%3A8000 | resume | 200 | resume app 127.0.0.1:8000",
                "/v1/upstreams/app/servers/10.0.0.9:8000    | drain  | 404 | drain app 10.0.0.9:8000",
                "/v1/upstreams/a%20b+c/servers/127.0.0.1:1  | drain  | 404 | drain a b+c 127.0.0.1:1",
                "/v1/upstreams/app/servers/127.0.0.1:8000   | stop   | 400 |",
                "/v1/upstreams/app/servers/127%zz           | drain  | 400 |",
                "/v1/upstreams/app/servers                  | drain  | 404 |"
            })
    void aServerIsTakenOutAndLetInAgain(String path, String state, int status, @Nullable String done) throws Exception {
        Response response = call(api("127.0.0.1", null), post(path, "{\"state\":\"" + state + "\"}"));
        assertThat(response.status()).isEqualTo(status);
        assertThat(drained).isEqualTo(done == null ? List.of() : List.of(done));
        if (status == 200) {
            assertThat(text(response)).contains("\"address\":\"127.0.0.1:8000\"", "\"in-flight\":2");
        }
    }

    @Test
    void aBugBecomesAnAnswerThatTellsNothing() throws Exception {
        AdminApi broken = api(
                new Guard("127.0.0.1", Set.of(), null),
                (order, exchange) -> {
                    throw new IllegalStateException("secret");
                },
                Runnable::run);
        Response response = call(broken, post("/v1/purge", "{\"all\":true}"));
        assertProblem(response, 500, "failed");
        assertThat(text(response)).doesNotContain("secret");
    }

    @Test
    void theAnswerComesOnTheLoopWhereverThePurgeEnds() throws Exception {
        CompletableFuture<PurgeReport> elsewhere = new CompletableFuture<>();
        AdminApi api = api(new Guard("127.0.0.1", Set.of(), null), (order, exchange) -> elsewhere, Runnable::run);
        Client client = new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "admin", 9180);
        CompletableFuture<Response> answer = api.handle(
                        post("/v1/purge", "{\"all\":true}"),
                        Exchange.begin(new RequestId(1), loop, client, Interim.NONE))
                .toCompletableFuture();
        Thread other = new Thread(() -> elsewhere.complete(report));
        other.start();
        other.join();
        assertThat(answer).isNotDone();
        loop.run();
        assertThat(answer.join().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/metrics, false", "/v1/status, false", "/v1/config, false", "/livez, true", "/readyz, true", "/, true"
    })
    void whatTakesItsTimeDoesNotTakeTheLoops(String path, boolean prompt) {
        List<Runnable> waiting = new ArrayList<>();
        AdminApi api = api(
                new Guard("127.0.0.1", Set.of(), null),
                (order, exchange) -> CompletableFuture.completedFuture(report),
                waiting::add);
        Client client = new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "admin", 9180);
        CompletableFuture<Response> answer = api.handle(
                        get(path), Exchange.begin(new RequestId(1), loop, client, Interim.NONE))
                .toCompletableFuture();
        loop.run();
        assertThat(answer.isDone()).isEqualTo(prompt);
        waiting.forEach(Runnable::run);
        loop.run();
        assertThat(answer.join().status()).isEqualTo(200);
    }

    @Test
    void aReloadSaysWhatHasChanged() throws Exception {
        reloaded = new ReloadReport.Done(
                List.of(
                        new ReloadReport.Difference(ReloadReport.Kind.ADDED, "upstreams.next", "", null, "{}"),
                        new ReloadReport.Difference(
                                ReloadReport.Kind.CHANGED, "sites.shop.routes[1].cache.ttl", "/a/**", "5m", "10m")),
                List.of("/etc/shop.crt"),
                List.of("cache.memory"),
                List.of(new ReloadReport.Trouble("larder.yaml:3:1", true, "odd", null)),
                Duration.ofNanos(12_340_000));
        Response response = call(post("/v1/reload", "{}"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response)).isEqualTo(JSON.readTree("""
                {"changed":true,"changes":[
                  {"kind":"added","path":"upstreams.next","after":"{}"},
                  {"kind":"changed","path":"sites.shop.routes[1].cache.ttl","route":"/a/**","before":"5m","after":"10m"}],
                 "files":["/etc/shop.crt"],"restart-needed":["cache.memory"],"warnings":["larder.yaml:3:1: odd"],"took-ms":12.3}"""));
    }

    @Test
    void aReloadThatIsRefusedSaysWhy() throws Exception {
        reloaded = new ReloadReport.Refused(List.of(
                new ReloadReport.Trouble("larder.yaml:3:1", false, "unknown key 'x'", "did you mean 'y'?"),
                ReloadReport.Trouble.of("port taken")));
        Response response = call(post("/v1/reload", ""));
        assertProblem(response, 422, "the one before stays live");
        assertThat(json(response).get("problems")).isEqualTo(JSON.readTree("""
                [{"place":"larder.yaml:3:1","severity":"error","message":"unknown key 'x'","suggestion":"did you mean 'y'?"},
                 {"severity":"error","message":"port taken"}]"""));
    }

    @Test
    void whereThereIsNothingToReloadThatIsAConflict() throws Exception {
        assertProblem(call(post("/v1/reload", "{}")), 409, "there is no file");
        assertThat(call(post("/v1/reload", "{\"file\":1}")).status()).isEqualTo(400);
        assertThat(call(get("/v1/reload")).status()).isEqualTo(405);
    }

    @Test
    void theHeadOfTheEventsIsNobodyWhoListens() throws Exception {
        Response head = call(get("/v1/events").withMethod("HEAD"));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().first(Fields.CONTENT_TYPE)).startsWith("text/event-stream");
        assertThat(head.body().isEmpty()).isTrue();
        assertThat(events.listeners()).isZero();
        assertProblem(call(post("/v1/events", "{}")), 405, "GET, HEAD");
        assertProblem(call(api("127.0.0.1", "s3cret"), get("/v1/events")), 401, "token");
    }

    @Test
    void onlySoManyMayListen() throws Exception {
        for (int i = 0; i < 64; i++) {
            assertThat(call(get("/v1/events")).status()).isEqualTo(200);
        }
        assertProblem(call(get("/v1/events")), 503, "too many");
        assertThat(events.listeners()).isEqualTo(64);
    }
}
