package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.admission.PasswordHash;
import io.larder.admission.PasswordList;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.Journal;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Cidr;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.Admission;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.HttpsRule;
import io.larder.route.LimitRule;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import io.larder.store.Rates;
import io.larder.whatif.Described;
import io.larder.whatif.Explain;
import io.larder.whatif.Explanation;
import io.larder.whatif.Setup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is explained of who is let in is what happens. Two things a question cannot foretell, since asking must change nothing: whether an
 * allowance is used up, and whether a password is right. There, the explanation says that they are asked for.
 */
class ExplainDoorsAgreeTest {
    private static final int STEPS = 5_000;
    private static final AuthRule.Passwords PASSWORDS = new AuthRule.Passwords("p", "The Shop");
    private static final String RIGHT = "Basic YW5uOnNlY3JldA=="; // ann:secret
    private static final String WRONG = "Basic YW5uOndyb25n"; // ann:wrong
    private static final AccessRules INSIDE =
            new AccessRules(List.of(block("10.0.0.0/8")), List.of(block("10.9.0.0/16")));
    private static final AccessRules NOT_THEM =
            new AccessRules(List.of(), List.of(block("192.0.2.0/25"), block("2001:db8::/32")));
    private static final LimitRule LIMIT =
            new LimitRule("l", Gcra.of(1, Duration.ofSeconds(30), 2), new LimitRule.By.ClientIp(), false);

    private final ManualLoop loop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final TrustedProxies trusted = new TrustedProxies(List.of(block("10.1.0.0/16")));
    private final List<SiteRules> sites = List.of(
            site("plain.example", Admission.OPEN, false),
            site("closed.example", new Admission(INSIDE, null, null), false),
            site("members.example", new Admission(NOT_THEM, null, PASSWORDS), false),
            site("secure.example", new Admission(NOT_THEM, LIMIT, PASSWORDS), true));
    private final Gateway gateway = new Gateway(
            sites,
            List.of("web"),
            trusted,
            name -> new Origin(ExplainDoorsAgreeTest::answer, new HostRule.Preserve()),
            new SharedCache(store, new Flights(store), Runnable::run),
            new Doorkeepers(
                    Rates.alone(),
                    rule -> new PasswordCheck(
                            PASSWORDS,
                            PasswordList.of("ann:" + PasswordHash.of("secret", new byte[16], 1000)),
                            Runnable::run,
                            Bytes.EMPTY)));
    private final Setup setup = new Setup(
            new RouteTable(sites.stream().map(SiteRules::site).toList()),
            List.of("web"),
            trusted,
            Map.of(),
            Map.of("secure.example", new HttpsRule(true, null)),
            Map.of(),
            new NoSigns());
    private final Map<String, Integer> seen = new TreeMap<>();
    private Random random = new Random();

    /** Of each kind of door one, and one of all; what no route says of itself is as the site says. */
    private static SiteRules site(String host, Admission usual, boolean redirect) {
        List<Route> routes = List.of(
                route("/.well-known/acme-challenge/**", usual, true),
                route("/in/**", new Admission(INSIDE, null, usual.auth()), true),
                route("/out/**", new Admission(NOT_THEM, null, null), true),
                route("/staff/**", new Admission(usual.access(), null, PASSWORDS), true),
                route("/slow/**", new Admission(usual.access(), LIMIT, null), true),
                route("/all/**", new Admission(INSIDE, LIMIT, PASSWORDS), true),
                route("/own/**", new Admission(INSIDE, null, PASSWORDS), false),
                route("/page/**", usual, true));
        return new SiteRules(
                new Site(host, List.of(host), null, Set.of(), routes, usual),
                FieldEdits.NONE,
                FieldEdits.NONE,
                false,
                new Report(Report.Detail.ON, false, false),
                new HttpsRule(redirect, null),
                null,
                List.of());
    }

    private static Route route(String path, Admission admission, boolean proxied) {
        Action action = proxied ? new Action.Proxy("app", null) : new Action.Respond(200, "own", "text/plain");
        CachePlan plan = proxied ? new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE) : null;
        return new Route(
                path, "test.yaml:1:1", PathPattern.compile(path), Conditions.NONE, action, plan, null, admission);
    }

    private static Cidr block(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static CompletionStage<Response> answer(Request request, Exchange exchange) {
        Headers headers = Headers.of("Cache-Control", "public, max-age=5");
        return CompletableFuture.completedFuture(Response.of(200, headers, new Body.Whole(Bytes.utf8("page"))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whoIsExplainedToComeInComesIn(long seed) throws Exception {
        random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            loop.advance(Duration.ofMillis(random.nextInt(2_000)));
            play(i);
        }
        assertThat(seen.keySet())
                .contains("421 null", "308 answered-here", "403 access", "401 auth", "401 auth shown", "429 limit")
                .contains(
                        "404 null",
                        "200 answered-here",
                        "200 fresh",
                        "200 null",
                        "200 unkeyed",
                        "403 access ambiguous");
    }

    private void play(int number) throws Exception {
        Request request = request();
        InetAddress peer = InetAddress.getByName(
                one("10.0.0.7", "10.1.0.1", "10.9.0.1", "192.0.2.1", "192.0.2.200", "2001:db8::1", "2001:db9::1"));
        Explanation explained =
                Explain.of(setup, new Described(request, "web", peer, null), new StoreNow(store), true, loop.now());
        Client client = new Client(new InetSocketAddress(peer, 40_000), peer.getHostAddress(), "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(number), loop, client, Interim.NONE);
        Collector answer = Collector.of(gateway.handle(request, exchange));
        loop.run();
        agrees(Objects.requireNonNull(answer.response), explained, exchange.journal(), request);
    }

    private void agrees(Response response, Explanation explained, Journal journal, Request request) {
        Explanation.Verdict verdict = explained.verdict();
        String what = request.method() + " " + request.target().uri() + "\n" + request.headers() + "\n"
                + response.status() + " " + journal.cache() + " " + journal.reason() + "\n" + explained;
        boolean shows = request.headers().contains(Fields.AUTHORIZATION);
        if (journal.reason().equals("limit")) {
            assertThat(asksFor(explained, "limit")).as(what).isTrue();
            seen.merge("429 limit", 1, Integer::sum);
            return;
        }
        if (journal.reason().equals("auth") && shows) {
            assertThat(asksFor(explained, "auth")).as(what).isTrue();
            seen.merge("401 auth shown", 1, Integer::sum);
            return;
        }
        boolean silent = verdict.outcome().equals("none") && verdict.reason() == null; // no site, or no route
        assertThat(journal.cache()).as(what).isEqualTo(silent ? "-" : happens(verdict.outcome()));
        if (silent || verdict.reason() != null) { // of a miss, the response says why it is stored or not
            assertThat(journal.reason()).as(what).isEqualTo(silent ? "-" : verdict.reason());
        }
        if (verdict.outcome().equals("none")) {
            String status = Integer.toString(response.status());
            assertThat(verdict.sentence()).as(what).containsPattern("\\b" + status + "\\b");
        }
        boolean ambiguous =
                verdict.sentence().contains("403") && request.target().path().contains("..");
        seen.merge(response.status() + " " + verdict.reason() + (ambiguous ? " ambiguous" : ""), 1, Integer::sum);
    }

    private static String happens(String outcome) {
        return outcome.equals("validate") ? "miss" : outcome;
    }

    private static boolean asksFor(Explanation explained, String topic) {
        return explained.steps().stream().anyMatch(step -> step.topic().equals(topic));
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private Request request() {
        String host = one("plain.example", "closed.example", "members.example", "secure.example", "stranger.example");
        String path = one(
                "/in/",
                "/out/",
                "/staff/",
                "/slow/",
                "/all/",
                "/own/",
                "/page/",
                "/.well-known/acme-challenge/",
                "/nowhere/");
        path += one("1", "2", "3");
        if (random.nextInt(12) == 0) {
            path = one(
                    "/page/..%2fstaff/1",
                    "/page/..%2fin/1", "/out/..%2fpage/1", "/page/..%2fpage/2", "/%70age/1", "//in/1", "/STAFF/1");
        }
        HeadersBuilder headers = Headers.builder();
        maybe(headers, 2, "Authorization", one(RIGHT, RIGHT, RIGHT, WRONG, "Basic", "Bearer x"));
        maybe(headers, 3, "X-Forwarded-For", one("10.0.0.9", "192.0.2.1", "192.0.2.200", "10.9.0.2", "nobody"));
        maybe(headers, 4, "X-Forwarded-Proto", one("http", "https"));
        String method = random.nextInt(10) == 0 ? one("HEAD", "POST") : "GET";
        return new Request(method, Target.of("http", host, path), headers.build(), Body.none());
    }

    private void maybe(HeadersBuilder headers, int in, String name, String value) {
        if (random.nextInt(in) == 0) {
            headers.add(name, value);
        }
    }
}
