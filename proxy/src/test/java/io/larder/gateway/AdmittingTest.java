package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.admission.Issuer;
import io.larder.admission.KeySet;
import io.larder.admission.PasswordHash;
import io.larder.admission.PasswordList;
import io.larder.admission.TokenAlgorithm;
import io.larder.admission.TokenRules;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Cidr;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.Admission;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.LimitRule;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import io.larder.store.Rates;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who comes in, in virtual time. All routes cache, and the origin says that its pages are for everybody. */
class AdmittingTest {
    private static final AuthRule.Passwords PASSWORDS = new AuthRule.Passwords("site/p", "The Shop");
    private static final AuthRule.Tokens TOKENS = new AuthRule.Tokens(
            "site/t",
            "api",
            Fields.AUTHORIZATION,
            new TokenRules(Set.of(TokenAlgorithm.ES256), null, List.of(), Duration.ZERO));
    private static final AuthRule.Tokens OTHER_FIELD =
            new AuthRule.Tokens("site/x", "api", FieldName.of("X-Token"), TOKENS.expected());
    private static final Issuer ISSUER = Issuer.of("one", "ES256");
    private static final String HASH =
            PasswordHash.of("secret", new byte[16], 1000).toString();

    private final ManualLoop loop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private final Keys keys = new Keys();
    private final Gateway gateway = gateway();
    private Exchange last = exchange("10.0.0.1");

    private static final class Keys implements TokenKeys {
        private @Nullable Known known;
        private int missed;

        @Override
        public @Nullable Known now() {
            return known;
        }

        @Override
        public void missed() {
            missed++;
        }

        void know(Issuer issuer, long version) {
            known = new Known(KeySet.of(issuer.jwks().getBytes(StandardCharsets.UTF_8)), version);
        }
    }

    private Gateway gateway() {
        AccessRules inside = new AccessRules(List.of(block("10.0.0.0/8")), List.of(block("10.9.0.0/16")));
        List<Route> routes = List.of(
                route("/in/**", new Admission(inside, null, null)),
                route("/limited/**", new Admission(null, limit("l", new LimitRule.By.ClientIp()), null)),
                route("/key/**", new Admission(null, limit("k", new LimitRule.By.Header(FieldName.of("X-Key"))), null)),
                route("/cookie/**", new Admission(null, limit("c", new LimitRule.By.Cookie("who")), null)),
                route("/p/**", new Admission(null, limit("p", new LimitRule.By.ClientIp()), PASSWORDS)),
                route("/t/**", new Admission(null, null, TOKENS)),
                route("/x/**", new Admission(null, null, OTHER_FIELD)),
                route("/open/**", Admission.OPEN));
        Site site = new Site("site", List.of(), null, Set.of(), routes, new Admission(inside, null, null));
        Map<AuthRule, Credentials> credentials = Map.of(
                PASSWORDS, new PasswordCheck(PASSWORDS, PasswordList.of("ann:" + HASH), this::later, Bytes.EMPTY),
                TOKENS, new TokenCheck(TOKENS, keys, Runnable::run, Bytes.EMPTY),
                OTHER_FIELD, new TokenCheck(OTHER_FIELD, keys, Runnable::run, Bytes.EMPTY));
        return new Gateway(
                List.of(new SiteRules(
                        site,
                        FieldEdits.NONE,
                        new FieldEdits(Map.of(FieldName.of("X-Edited"), "yes"), List.of()),
                        new Report(Report.Detail.ON, true, false))),
                List.of("web"),
                new TrustedProxies(List.of(block("10.1.0.0/16"))),
                name -> new Origin(this::answer, new HostRule.Preserve(), null, null),
                new SharedCache(store, new Flights(store), Runnable::run),
                new Doorkeepers(Rates.alone(), rule -> Objects.requireNonNull(credentials.get(rule))));
    }

    private void later(Runnable task) {
        if (waiting.size() == 2) {
            throw new RejectedExecutionException("full");
        }
        waiting.add(task);
    }

    private CompletableFuture<Response> answer(Request request, Exchange exchange) {
        asked.add(request.target().path());
        Headers headers = Headers.of("Cache-Control", "public, max-age=600");
        return CompletableFuture.completedFuture(
                Response.of(200, headers, new Body.Whole(Bytes.utf8("page " + asked.size()))));
    }

    private static LimitRule limit(String name, LimitRule.By by) {
        return new LimitRule(name, Gcra.of(1, Duration.ofSeconds(1), 2), by, false);
    }

    private static Cidr block(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static Route route(String path, Admission admission) {
        return new Route(
                path,
                "test.yaml:1",
                PathPattern.compile(path),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE),
                null,
                admission);
    }

    private Exchange exchange(String peer) {
        Client client = new Client(new InetSocketAddress(peer, 5000), peer, "web", 80);
        return Exchange.begin(new RequestId(1), loop, client, Interim.NONE);
    }

    private CompletableFuture<Response> ask(String peer, String path, String... fields) {
        last = exchange(peer);
        Request request = Request.get(Target.of("http", "a.example", path), Headers.of(fields));
        CompletableFuture<Response> answer = gateway.handle(request, last).toCompletableFuture();
        loop.run();
        return answer;
    }

    private Response get(String peer, String path, String... fields) {
        return ask(peer, path, fields).join();
    }

    private static @Nullable String field(Response response, String name) {
        return response.headers().combined(FieldName.of(name));
    }

    @ParameterizedTest(name = "{0} behind {1}: {2}")
    @CsvSource({
        "10.0.0.1, , 200",
        "10.9.0.1, , 403",
        "203.0.113.9, , 403",
        "10.1.0.1, 10.0.0.1, 200",
        "10.1.0.1, 203.0.113.9, 403",
        "10.1.0.1, 10.9.0.1, 403",
        "203.0.113.9, 10.0.0.1, 403",
    })
    void theClientsOwnAddressCounts(String peer, String behind, int status) {
        get("10.0.0.1", "/in/page"); // it is stored, and that opens no door
        Response response = behind == null ? get(peer, "/in/page") : get(peer, "/in/page", "X-Forwarded-For", behind);
        assertThat(response.status()).isEqualTo(status);
        assertThat(asked).hasSize(1);
        assertThat(field(response, "X-Edited")).isEqualTo("yes");
        if (status == 403) {
            assertThat(field(response, "Proxy-Status")).isEqualTo("larder; error=http_request_denied");
            assertThat(field(response, "X-Request-ID")).isNotNull();
            assertThat(last.journal().reason()).isEqualTo("access");
        }
    }

    @Test
    void whatNoRouteTakesIsAsTheSiteSays() {
        assertThat(get("10.0.0.1", "/nowhere").status()).isEqualTo(404);
        assertThat(get("203.0.113.9", "/nowhere").status()).isEqualTo(403);
    }

    /** Some origin reads each of these as a path under /in/ (Spelling), which lets in others than /open/ does. */
    @ParameterizedTest
    @CsvSource({
        "/open/..%2fin/page",
        "/open/%2e%2e/in/page",
        "/open/..;/in/page",
        "/IN/page",
        "/in%2fpage",
        "/open//../in/page",
        "/open/..%5cin/page"
    })
    void aPathWithTwoReadingsOpensNoDoor(String path) {
        assertThat(get("203.0.113.9", path).status()).isEqualTo(403);
        assertThat(asked).isEmpty();
    }

    @Test
    void whoComesTooOftenIsToldWhenToComeAgain() {
        Response first = get("203.0.113.9", "/limited/a");
        assertThat(field(first, "RateLimit-Policy")).isEqualTo("\"default\";q=2;w=2");
        assertThat(field(first, "RateLimit")).isEqualTo("\"default\";r=1;t=1");
        assertThat(field(get("203.0.113.9", "/limited/a"), "RateLimit")).isEqualTo("\"default\";r=0;t=2");
        Response third = get("203.0.113.9", "/limited/a");
        assertThat(third.status()).isEqualTo(429);
        assertThat(field(third, "RateLimit")).isEqualTo("\"default\";r=0;t=2");
        assertThat(field(third, "Retry-After")).isEqualTo("1");
        assertThat(field(third, "Cache-Control")).isEqualTo("no-store");
        assertThat(last.journal().reason()).isEqualTo("limit");
        assertThat(get("203.0.113.10", "/limited/a").status()).isEqualTo(200);
        loop.advance(Duration.ofSeconds(1));
        assertThat(get("203.0.113.9", "/limited/a").status()).isEqualTo(200);
        assertThat(get("203.0.113.9", "/limited/a").status()).isEqualTo(429);
        assertThat(asked).hasSize(1); // hits count, and a stored page has nobody's quota
        assertThat(field(get("203.0.113.9", "/open/a"), "RateLimit")).isNull();
    }

    @ParameterizedTest(name = "{0}: {1} and {2} are one client: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            /limited/ | 2001:db8:0:1::1 | 2001:db8:0:1::2 | true
            /limited/ | 2001:db8:0:1::1 | 2001:db8:0:2::1 | false
            /limited/ | ::ffff:192.0.2.1 | 192.0.2.1      | true
            /limited/ | 192.0.2.1       | 192.0.2.2       | false
            """)
    void aNetworkOfIpv6IsOneClient(String path, String one, String other, boolean same) {
        get("10.1.0.1", path, "X-Forwarded-For", one);
        get("10.1.0.1", path, "X-Forwarded-For", one);
        assertThat(get("10.1.0.1", path, "X-Forwarded-For", other).status()).isEqualTo(same ? 429 : 200);
    }

    @ParameterizedTest
    @CsvSource({"/key/, X-Key, one, two", "/cookie/, Cookie, who=one, who=two"})
    void clientsAreToldByWhatTheyBringOrElseByTheirAddress(String path, String field, String one, String two) {
        get("203.0.113.1", path, field, one);
        get("203.0.113.2", path, field, one);
        assertThat(get("203.0.113.3", path, field, one).status()).isEqualTo(429);
        assertThat(get("203.0.113.3", path, field, two).status()).isEqualTo(200);
        assertThat(get("203.0.113.3", path).status()).isEqualTo(200);
        assertThat(get("203.0.113.3", path).status()).isEqualTo(200);
        assertThat(get("203.0.113.3", path).status()).isEqualTo(429);
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void check() {
        while (!waiting.isEmpty()) {
            waiting.remove().run();
        }
        loop.run();
    }

    @Test
    void aPasswordIsCheckedElsewhereAndOnce() {
        CompletableFuture<Response> first = ask("203.0.113.9", "/p/a", "Authorization", basic("ann:secret"));
        assertThat(first).isNotDone();
        check();
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(get("203.0.113.9", "/p/a", "Authorization", basic("ann:secret"))
                        .status())
                .isEqualTo(200);
        assertThat(asked).hasSize(1);
        loop.advance(Duration.ofMinutes(6));
        CompletableFuture<Response> later = ask("203.0.113.9", "/p/a", "Authorization", basic("ann:secret"));
        assertThat(later).isNotDone();
        check();
        assertThat(later.join().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"ann:wrong", "ann:", "bob:secret", ":secret", "annsecret", "ann:secret2"})
    void aWrongPasswordGetsNothingThatIsStored(String shown) {
        CompletableFuture<Response> good = ask("203.0.113.1", "/p/a", "Authorization", basic("ann:secret"));
        check();
        assertThat(good.join().status()).isEqualTo(200);
        CompletableFuture<Response> answer = ask("203.0.113.2", "/p/a", "Authorization", basic(shown));
        check();
        assertThat(answer.join().status()).isEqualTo(401);
        assertThat(field(answer.join(), "WWW-Authenticate")).isEqualTo("Basic realm=\"The Shop\", charset=\"UTF-8\"");
        assertThat(field(answer.join(), "X-Edited")).isEqualTo("yes");
        assertThat(last.journal().reason()).isEqualTo("auth");
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"''", "Basic", "'Basic '", "Basic ****", "Basic /w==", "Bearer YW5uOnNlY3JldA=="})
    void whatIsNoPasswordIsNotChecked(String shown) {
        assertThat(get("203.0.113.9", "/p/a", "Authorization", shown).status()).isEqualTo(401);
        assertThat(get("203.0.113.8", "/p/a").status()).isEqualTo(401);
        assertThat(get("203.0.113.7", "/p/a", "Authorization", basic("ann:secret"), "Authorization", "x")
                        .status())
                .isEqualTo(401);
        assertThat(waiting).isEmpty();
    }

    @Test
    void guessesAreLimitedAndDoNotPileUp() {
        assertThat(ask("203.0.113.1", "/p/a", "Authorization", basic("ann:1"))).isNotDone();
        assertThat(ask("203.0.113.1", "/p/a", "Authorization", basic("ann:2"))).isNotDone();
        assertThat(get("203.0.113.1", "/p/a", "Authorization", basic("ann:3")).status())
                .isEqualTo(429);
        Response busy = get("203.0.113.2", "/p/a", "Authorization", basic("ann:secret"));
        assertThat(busy.status()).isEqualTo(503);
        assertThat(field(busy, "Retry-After")).isEqualTo("1");
    }

    private String token(Issuer issuer, long seconds) {
        return issuer.token("{\"exp\":" + (loop.now().getEpochSecond() + seconds) + "}");
    }

    @Test
    void aTokenOpensUntilItEnds() {
        String bearer = "Bearer " + token(ISSUER, 60);
        assertThat(get("203.0.113.9", "/t/a", "Authorization", bearer).status()).isEqualTo(503); // no keys yet
        keys.know(ISSUER, 1);
        assertThat(get("203.0.113.9", "/t/a", "Authorization", bearer).status()).isEqualTo(200);
        assertThat(get("203.0.113.9", "/t/a", "Authorization", bearer).status()).isEqualTo(200);
        assertThat(asked).hasSize(1);
        Response without = get("203.0.113.9", "/t/a");
        assertThat(without.status()).isEqualTo(401);
        assertThat(field(without, "WWW-Authenticate")).isEqualTo("Bearer realm=\"api\"");
        loop.advance(Duration.ofSeconds(60));
        Response ended = get("203.0.113.9", "/t/a", "Authorization", bearer);
        assertThat(ended.status()).isEqualTo(401);
        assertThat(field(ended, "WWW-Authenticate")).isEqualTo("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aKeyThatIsTakenBackClosesTheDoorAtOnce() {
        keys.know(ISSUER, 1);
        String bearer = "Bearer " + token(ISSUER, 600);
        assertThat(get("203.0.113.9", "/t/a", "Authorization", bearer).status()).isEqualTo(200);
        keys.know(Issuer.of("two", "ES256"), 2);
        assertThat(get("203.0.113.9", "/t/a", "Authorization", bearer).status()).isEqualTo(401);
        assertThat(keys.missed).isEqualTo(1);
    }

    @Test
    void aTokenMayComeInAFieldOfItsOwn() {
        keys.know(ISSUER, 1);
        assertThat(get("203.0.113.9", "/x/a", "X-Token", token(ISSUER, 60)).status())
                .isEqualTo(200);
        assertThat(get("203.0.113.9", "/x/a", "X-Token", "Bearer " + token(ISSUER, 60))
                        .status())
                .isEqualTo(200);
        assertThat(get("203.0.113.9", "/x/a", "Authorization", "Bearer " + token(ISSUER, 60))
                        .status())
                .isEqualTo(401);
    }
}
