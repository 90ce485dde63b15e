package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.Journal;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Cidr;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.HttpDate;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.Destination;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.Template;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import io.larder.whatif.Described;
import io.larder.whatif.Explain;
import io.larder.whatif.Explanation;
import io.larder.whatif.Setup;
import io.larder.whatif.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is explained is what happens: the same requests, put to the gateway and to {@link Explain}, at the same moments. */
class ExplainAgreesTest {
    private static final int STEPS = 5_000;

    private static final CacheRules PLAIN = CacheRules.DEFAULTS;
    private static final CacheRules LISTENS = PLAIN.withClientDirectives(true)
            .withKey(new KeyRules(
                    new KeyRules.Query(List.of(new Glob("utm_*")), List.of(), true),
                    List.of(FieldName.of("X-Country")),
                    List.of("lang")))
            .withCookies(new CacheRules.CookieRules(
                    List.of(new Glob("_ga")), PLAIN.cookies().sessions(), CacheRules.SetCookie.STRIP))
            .withBypass(new CacheRules.Bypass(List.of(new Glob("nocache")), List.of(FieldName.of("X-Bypass"))));
    private static final CacheRules OWN = PLAIN.withLifetimes(new CacheRules.Lifetimes(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    true,
                    Map.of(404, Duration.ofSeconds(5)),
                    PLAIN.lifetimes().targeted(),
                    0,
                    Duration.ofSeconds(90)))
            .withGrace(new CacheRules.Grace(
                    Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ZERO))
            .withStoring(new CacheRules.Storing(8, 2, false));

    private static final CacheRules MINE = PLAIN.withSharing(new CacheRules.Sharing(
            CacheRules.Guarding.ON,
            new CacheRules.Personal(new CacheRules.Selector.OfCookie("sessionid"), Duration.ofSeconds(8))));

    private static final Destination SPLIT = new Destination(
            List.of(new Destination.Share("app", 6_000), new Destination.Share("next", 4_000)),
            new Destination.Writes("primary", Duration.ofSeconds(5)));

    private final ManualLoop loop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final TrustedProxies trusted =
            new TrustedProxies(List.of(Cidr.parse("10.0.0.0/8").orElseThrow()));
    private final Site site = new Site(
            "site",
            List.of("a.example", "*.b.example"),
            null,
            Set.of(),
            List.of(
                    route("/off/**", Conditions.NONE, new Action.Proxy("app", null), null),
                    route("/gone/**", Conditions.NONE, new Action.Redirect(Template.compile("/{**}"), 301), null),
                    route(
                            "/plain/**",
                            new Conditions(Set.of(), Map.of(), Map.of(), Map.of("beta", new Glob("*"))),
                            new Action.Proxy("app", Template.compile("/beta/{**}")),
                            new CachePlan(PLAIN, CachePlan.Collapse.OFF)),
                    route(
                            "/plain/**",
                            Conditions.NONE,
                            new Action.Proxy("app", null),
                            new CachePlan(PLAIN, CachePlan.Collapse.NODE)),
                    route(
                            "/listens/**",
                            Conditions.NONE,
                            new Action.Proxy("app", null),
                            new CachePlan(LISTENS, CachePlan.Collapse.NODE)),
                    route(
                            "/own/**",
                            Conditions.NONE,
                            new Action.Proxy("app", null),
                            new CachePlan(OWN, CachePlan.Collapse.NODE)),
                    route(
                            "/mine/**",
                            Conditions.NONE,
                            new Action.Proxy("app", null),
                            new CachePlan(MINE, CachePlan.Collapse.NODE)),
                    route(
                            "/split/**",
                            Conditions.NONE,
                            new Action.Proxy(SPLIT, null),
                            new CachePlan(PLAIN, CachePlan.Collapse.NODE)),
                    route("/split-off/**", Conditions.NONE, new Action.Proxy(SPLIT, null), null)));
    private final Gateway gateway = new Gateway(
            List.of(new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, false, false))),
            List.of("web"),
            trusted,
            this::upstream,
            new SharedCache(store, new Flights(store), Runnable::run));
    private final Setup setup =
            new Setup(new RouteTable(List.of(site)), List.of("web"), trusted, Map.of(), new NoSigns());
    private final Map<String, Integer> seen = new TreeMap<>();
    private Random random = new Random();
    private int underWay;

    private static Route route(String path, Conditions conditions, Action action, @Nullable CachePlan cache) {
        return new Route(path, "test.yaml:1:1", PathPattern.compile(path), conditions, action, cache);
    }

    private Origin upstream(String name) {
        return new Origin(
                (request, exchange) -> {
                    exchange.journal().attempted(name, name + ":80");
                    return origin.handle(request, exchange);
                },
                new HostRule.Preserve());
    }

    /** What the gateway has. */
    private final class Now extends StoreNow {
        Now() {
            super(store);
        }

        @Override
        public int uses(CacheKey key) {
            return Math.max(0, super.uses(key) - underWay); // the gateway has counted what is under way
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theVerdictIsWhatHappens(long seed) throws Exception {
        random = new Random(seed);
        for (int i = 0; i < STEPS; i++) {
            if (chance(3)) {
                loop.advance(Duration.ofMillis(random.nextInt(12_000)));
            }
            if (chance(60)) {
                store.purge(new Purge.Url("a.example", "/plain/1"));
            }
            play(i);
        }
        // all that can be told apart was met often enough to mean something
        assertThat(seen.keySet())
                .contains("hit", "stale", "miss", "revalidated", "bypass", "error", "none")
                .contains("response 304", "response 200", "response 206", "response 503")
                .contains("because hit-for-miss", "because unkeyed", "because session-cookie")
                .contains("because vary-miss", "because stale-if-error", "because stale-while-revalidate")
                .contains("alike hit", "because read-your-writes", "asked app", "asked next", "asked primary")
                .contains("because only-if-cached", "because range", "because not-modified", "because min-uses");
    }

    private void play(int number) throws Exception {
        Request request = request();
        InetAddress peer = InetAddress.getByName(chance(5) ? "10.0.0.1" : "192.0.2." + (1 + random.nextInt(4)));
        String what = "step " + number + ": " + request.method() + " " + request.target() + " " + request.headers();
        Explanation before = explained(request, peer, null);
        Exchange exchange = exchange(peer);
        int asked = origin.calls.size();
        Collector answer = Collector.of(gateway.handle(request, exchange));
        loop.run();
        boolean waits = origin.calls.size() > asked && answer.response == null;
        assertThat(waits)
                .as(what + "\n" + before)
                .isEqualTo(Set.of("miss", "validate", "bypass")
                        .contains(before.verdict().outcome()));
        if (!waits) {
            settle(asked);
            agrees(before.verdict(), exchange.journal(), what);
            if (before.steps().stream().anyMatch(step -> step.topic().equals("alike"))) {
                seen.merge("alike " + before.verdict().outcome(), 1, Integer::sum);
            }
            return;
        }
        ScriptedOrigin.Call call = origin.last();
        assertThat(asked(before)).as(what).isEqualTo(call.exchange().journal().upstream());
        seen.merge("asked " + asked(before), 1, Integer::sum);
        assertThat(asks(before)).as(what).isEqualTo(conditions(call.request().headers()));
        boolean detour = call.request().headers().contains(Fields.RANGE)
                && !request.headers().contains(Fields.RANGE); // for what is missing of parts
        Response response = detour ? response(call, 200) : response(call, 0);
        underWay = 1;
        Explanation after = explained(request, peer, response);
        underWay = 0;
        seen.merge("response " + response.status(), 1, Integer::sum);
        call.answer().complete(response);
        loop.run();
        what += "\n-> " + response.status() + " " + response.headers() + "\n" + after;
        if (after.verdict().outcome().equals("validate")) { // asked once more
            settle(asked);
        } else {
            agrees(after.verdict(), exchange.journal(), what);
            assertThat(said(answer).contains("; stored")).as(what).isEqualTo(isStored(after));
        }
    }

    /** Answers what is asked beside what was compared: behind a stale response, or once more. */
    private void settle(int from) {
        for (int next = from; next < origin.calls.size(); next++) {
            ScriptedOrigin.Call call = origin.calls.get(next);
            if (!call.answer().isDone()) {
                call.answer().complete(response(call, 0));
                loop.run();
            }
        }
    }

    private void agrees(Explanation.Verdict verdict, Journal journal, String what) {
        seen.merge(verdict.outcome(), 1, Integer::sum);
        seen.merge("because " + verdict.reason(), 1, Integer::sum);
        if (verdict.outcome().equals("none") && verdict.reason() == null) {
            assertThat(journal.cache()).as(what).isEqualTo("-"); // no site, or no route
            return;
        }
        assertThat(journal.cache()).as(what).isEqualTo(verdict.outcome());
        assertThat(journal.reason()).as(what).isEqualTo(verdict.reason());
    }

    private static String said(Collector answer) {
        Response response = Objects.requireNonNull(answer.response);
        String status = response.added().first(Fields.CACHE_STATUS);
        return status == null ? "" : status;
    }

    private static boolean isStored(Explanation explanation) {
        Step last = explanation.steps().getLast();
        return last.topic().equals("response")
                && ("stored".equals(last.reason()) || "revalidated".equals(last.reason()));
    }

    /** The upstream. */
    private static String asked(Explanation explanation) {
        return explanation.steps().stream()
                .filter(step -> step.topic().equals("server"))
                .flatMap(step -> step.notes().stream())
                .filter(note -> note.name().equals("upstream"))
                .map(note -> note.text().replaceFirst(",.*", ""))
                .findFirst()
                .orElse("none");
    }

    private static List<String> asks(Explanation explanation) {
        return explanation.steps().stream()
                .filter(step -> step.topic().equals("origin"))
                .flatMap(step -> step.notes().stream())
                .filter(note -> note.name().equals("asks"))
                .map(Step.Note::text)
                .toList();
    }

    private static List<String> conditions(Headers sent) {
        StringBuilder all = new StringBuilder();
        for (FieldName name : List.of(
                Fields.IF_NONE_MATCH,
                Fields.IF_MODIFIED_SINCE,
                Fields.IF_MATCH,
                Fields.IF_UNMODIFIED_SINCE,
                Fields.IF_RANGE,
                Fields.RANGE)) {
            String value = sent.combined(name);
            if (value != null) {
                all.append(all.isEmpty() ? "" : ", ").append(name).append(": ").append(value);
            }
        }
        return all.isEmpty() ? List.of() : List.of(all.toString());
    }

    private Explanation explained(Request request, InetAddress peer, @Nullable Response response) {
        return Explain.of(setup, new Described(request, "web", peer, response), new Now(), true, loop.now());
    }

    private Exchange exchange(InetAddress peer) {
        Client client = new Client(new InetSocketAddress(peer, 40_000), peer.getHostAddress(), "web", 80);
        return Exchange.begin(new RequestId(random.nextLong()), loop, client, Interim.NONE);
    }

    private boolean chance(int in) {
        return random.nextInt(in) == 0;
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private Request request() {
        String host = one("a.example", "a.example", "a.example", "a.example", "x.b.example", "stranger.example");
        String path = one(
                "/plain/1",
                "/plain/1",
                "/plain/2",
                "/listens/1",
                "/listens/1",
                "/own/1",
                "/own/1",
                "/own/2",
                "/mine/1",
                "/split/1");
        path = chance(40)
                ? one("/split-off/1", "/off/1", "/gone/1", "/nowhere", "/own/..%2foff/1", "/%70lain/1")
                : path;
        path += chance(3) ? "/film" + random.nextInt(2) : "";
        path += chance(4) ? one("?b=1&a=2", "?a=2&b=1&utm_source=x", "?utm_source=y", "?b=1", "?b=1&a=1") : "";
        HeadersBuilder headers = Headers.builder();
        maybe(
                headers,
                path.startsWith("/mine") ? 1 : 12,
                "Cookie",
                one("sessionid=1", "sessionid=2", "_ga=1", "_ga=2; lang=de", "nocache=1", "beta=1", "lang=en"));
        long wrote = loop.now().toEpochMilli() + random.nextInt(-8_000, 3_000);
        maybe(headers, path.startsWith("/split") ? 4 : 20, "Cookie", "larder_wrote=" + wrote);
        maybe(headers, 25, "Authorization", "Basic eDp5");
        maybe(headers, 5, "Accept-Language", one("de", "en", "fr;q=0.5, en"));
        maybe(
                headers,
                8,
                "Cache-Control",
                one("no-cache", "max-age=3", "min-fresh=8", "max-stale", "no-store", "only-if-cached"));
        maybe(headers, 30, "X-Country", one("de", "fr"));
        maybe(headers, 60, "X-Bypass", "1");
        maybe(
                headers,
                path.contains("film") ? 2 : 12,
                "Range",
                one("bytes=0-1", "bytes=2-", "bytes=-2", "bytes=0-0,2-3", "lines=1-2", "bytes=9-"));
        maybe(headers, 20, "If-None-Match", one("\"1\"", "\"2\"", "*"));
        maybe(headers, 60, "If-Match", "\"1\"");
        maybe(headers, 60, "Upgrade", one("websocket", "h2c"));
        maybe(headers, 60, "X-HTTP-Method-Override", "DELETE");
        maybe(headers, 25, "X-Forwarded-Host", one("a.example", "other.example"));
        maybe(headers, 25, "X-Forwarded-Proto", one("http", "https"));
        maybe(headers, 4, "X-Forwarded-For", one("192.0.2.1", "192.0.2.2", "2001:db8::1", "10.0.0.2, 10.0.0.3", "me"));
        String method = chance(12) ? one("HEAD", "POST", "PUT", "BREW") : "GET";
        Body body = method.equals("POST") || chance(80) ? new Body.Whole(Bytes.utf8("x")) : Body.none();
        return new Request(method, Target.of("http", host, path), headers.build(), body);
    }

    private void maybe(HeadersBuilder headers, int in, String name, String value) {
        if (chance(in)) {
            headers.add(name, value);
        }
    }

    private Response response(ScriptedOrigin.Call call, int wanted) {
        Headers asked = call.request().headers();
        boolean conditional = asked.contains(Fields.IF_NONE_MATCH) || asked.contains(Fields.IF_MODIFIED_SINCE);
        boolean part = asked.contains(Fields.RANGE) && call.request().is("GET") && wanted == 0;
        int status = wanted != 0
                ? wanted
                : conditional && chance(2)
                        ? 304
                        : part && chance(2) ? 206 : chance(4) ? Integer.parseInt(one("404", "500", "503", "301")) : 200;
        HeadersBuilder headers = Headers.builder();
        headers.add("Date", HttpDate.format(loop.now()));
        maybe(headers, 2, "ETag", one("\"1\"", "\"1\"", "\"2\"", "W/\"1\""));
        maybe(headers, 4, "Last-Modified", HttpDate.format(loop.now().minusSeconds(random.nextInt(500))));
        headers.add(
                "Cache-Control",
                one(
                        "max-age=10",
                        "max-age=10",
                        "max-age=20, stale-while-revalidate=5",
                        "s-maxage=5",
                        "max-age=5, stale-if-error=30",
                        "no-cache",
                        "public",
                        "no-store",
                        "private",
                        "max-age=10, must-revalidate",
                        "max-age=0",
                        "must-understand, max-age=9"));
        maybe(headers, 10, "Expires", one("0", HttpDate.format(loop.now().plusSeconds(30))));
        maybe(headers, 8, "Vary", one("Accept-Language", "Cookie", "*", "Accept-Language, X-Country"));
        maybe(
                headers,
                4,
                "No-Vary-Search",
                one("params=(\"a\")", "params, except=(\"b\")", "key-order", "params=?", "params"));
        maybe(headers, 15, "Set-Cookie", "a=b");
        maybe(headers, 10, "Age", String.valueOf(random.nextInt(20)));
        if (status == 206) {
            headers.add("Content-Range", one("bytes 0-1/4", "bytes 2-3/4", "bytes 0-1/*", "bytes 1-2/4"));
        }
        String content = status == 206 ? "ab" : one("abcd", "abcd", "abcdefghij");
        boolean empty = status == 304 || call.request().is("HEAD");
        return Response.of(status, headers.build(), empty ? Body.none() : new Body.Whole(Bytes.utf8(content)));
    }
}
