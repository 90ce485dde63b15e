package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.Loop;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Cidr;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.InvalidationRule;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.Template;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import io.larder.store.OpenPurge;
import io.larder.store.Store;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What purges do to what is stored and to what is on its way, in virtual time. */
class PurgingTest {
    private static final String FRESH = "max-age=60";

    private final ManualLoop loop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Flights flights = new Flights(store);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Gateway gateway = new Gateway(
            List.of(site("shop", "shop.example"), site("blog", "blog.example")),
            List.of("web"),
            new TrustedProxies(List.of(cidr("10.1.0.0/16"))),
            name -> new Origin(origin, new HostRule.Preserve()),
            new SharedCache(store, flights, Runnable::run));

    private static Cidr cidr(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    private static SiteRules site(String name, String host) {
        Route route = new Route(
                "product",
                "test.yaml:1",
                PathPattern.compile("/p/{id}"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE, List.of(Template.compile("product-{id}"))));
        Route rest = new Route(
                "all",
                "test.yaml:2",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(CacheRules.DEFAULTS, CachePlan.Collapse.NODE));
        InvalidationRule rule = new InvalidationRule(
                Set.of("PUT"),
                PathPattern.compile("/api/{id}"),
                List.of(Template.compile("product-{id}")),
                List.of(Template.compile("/list?of={id}")),
                List.of(Template.compile("/feeds/")),
                Purge.Mode.HARD);
        return new SiteRules(
                new Site(name, List.of(host), null, Set.of(), List.of(route, rest)),
                FieldEdits.NONE,
                FieldEdits.NONE,
                new Report(Report.Detail.ON, true, false),
                new PurgeAccess(Set.of("PURGE"), List.of(cidr("127.0.0.1"), cidr("10.2.0.0/16"))),
                List.of(rule));
    }

    private Collector send(String peer, String method, String url, String... headers) {
        int slash = url.indexOf('/');
        Target target = Target.of("http", url.substring(0, slash), url.substring(slash));
        Client client = new Client(new InetSocketAddress(peer, 40000), peer, "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(1), loop, client, Interim.NONE);
        Request request = Request.get(target, Headers.of(headers)).withMethod(method);
        Collector answer = Collector.of(gateway.handle(request, exchange));
        loop.run();
        return answer;
    }

    private Collector get(String url) {
        return send("127.0.0.1", "GET", url);
    }

    private Collector purge(String url, String... headers) {
        return send("127.0.0.1", "PURGE", url, headers);
    }

    private void stored(String url, String body, String... headers) {
        get(url);
        origin.last().respond(200, body, headers);
        assertThat(get(url).field("X-Cache")).isEqualTo("HIT");
    }

    private void soft(Purge purge) {
        store.purge(List.of(purge), Purge.Mode.SOFT);
    }

    private boolean isStored(String url) {
        int asked = origin.calls.size();
        boolean answered = get(url).response != null;
        if (!answered) {
            origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        }
        return answered && origin.calls.size() == asked;
    }

    @Test
    void aFetchThatBeganBeforeAPurgeOfItsTagIsNotStored() {
        Collector early = get("shop.example/a");
        store.purge(new Purge.Tag("t"));
        origin.last().respond(200, "old", "Cache-Control", FRESH, "Surrogate-Key", "s t");
        assertThat(early.text()).isEqualTo("old");
        assertThat(isStored("shop.example/a")).isFalse();
        get("shop.example/b");
        store.purge(new Purge.Tag("t"));
        origin.last().respond(200, "x", "Cache-Control", FRESH, "Surrogate-Key", "s");
        assertThat(isStored("shop.example/b")).as("another tag").isTrue();
    }

    @Test
    void whoComesAfterAPurgeOfATagGetsNothingFromBeforeIt() {
        Collector leader = get("shop.example/a");
        Collector before = get("shop.example/a");
        store.purge(new Purge.Tag("t"));
        Collector after = get("shop.example/a");
        Collector later = get("shop.example/a");
        assertThat(origin.calls).as("nobody can know the tag yet").hasSize(1);
        origin.last().respond(200, "old", "Cache-Control", FRESH, "Surrogate-Key", "t");
        loop.run();
        assertThat(leader.text()).isEqualTo("old");
        assertThat(before.text()).as("asked before the purge").isEqualTo("old");
        assertThat(after.response).isNull();
        assertThat(origin.calls)
                .as("both who came after wait for one more fetch")
                .hasSize(2);
        origin.last().respond(200, "new", "Cache-Control", FRESH, "Surrogate-Key", "t");
        loop.run();
        assertThat(after.text()).isEqualTo("new");
        assertThat(later.text()).isEqualTo("new");
        assertThat(get("shop.example/a").text()).isEqualTo("new");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void aPurgeOfAnotherTagChangesNothingForThoseWhoFollow() {
        get("shop.example/a");
        store.purge(new Purge.Tag("other"));
        Collector follower = get("shop.example/a");
        origin.last().respond(200, "x", "Cache-Control", FRESH, "Surrogate-Key", "t");
        loop.run();
        assertThat(follower.text()).isEqualTo("x");
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void aSoftPurgeServesWhatThereIsAndRefreshesOnce() {
        stored("shop.example/a", "old", "Cache-Control", FRESH, "Surrogate-Key", "t");
        soft(new Purge.Tag("t"));
        List<Collector> clients =
                IntStream.range(0, 20).mapToObj(i -> get("shop.example/a")).toList();
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo("old");
            assertThat(client.field("Cache-Status")).isEqualTo("larder; hit; ttl=0; detail=soft-purged");
            assertThat(client.field("X-Cache")).isEqualTo("STALE");
        });
        assertThat(origin.calls).hasSize(2);
        origin.last().respond(200, "new", "Cache-Control", FRESH, "Surrogate-Key", "t");
        assertThat(get("shop.example/a").text()).isEqualTo("new");
        assertThat(get("shop.example/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void a304ClearsASoftPurge() {
        stored("shop.example/a", "same", "Cache-Control", FRESH, "ETag", "\"1\"");
        soft(new Purge.Prefix("shop.example", "/"));
        assertThat(get("shop.example/a").field("X-Cache")).isEqualTo("STALE");
        assertThat(origin.last().request().headers().toString()).contains("If-None-Match: \"1\"");
        origin.last().respond(304, "", "ETag", "\"1\"");
        Collector after = get("shop.example/a");
        assertThat(after.field("Cache-Status")).isEqualTo("larder; hit; ttl=60");
        assertThat(after.text()).isEqualTo("same");
    }

    @Test
    void aRefreshThatBeganBeforeASoftPurgeDoesNotClearIt() {
        stored("shop.example/a", "one", "Cache-Control", FRESH);
        soft(new Purge.Url("shop.example", "/a"));
        get("shop.example/a");
        ScriptedOrigin.Call refresh = origin.last();
        soft(new Purge.Url("shop.example", "/a"));
        refresh.respond(200, "two", "Cache-Control", FRESH);
        Collector after = get("shop.example/a");
        assertThat(after.text()).isEqualTo("two");
        assertThat(after.field("Cache-Status")).contains("detail=soft-purged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECTION_REFUSED", "RESPONSE_TIMEOUT", "503"})
    void whereTheRefreshFailsTheOldOneGoesOnWithinItsTerms(String trouble) {
        stored("shop.example/a", "old", "Cache-Control", FRESH + ", stale-if-error=10");
        soft(new Purge.Host("shop.example"));
        for (int i = 0; i < 3; i++) {
            int asked = origin.calls.size();
            assertThat(get("shop.example/a").text()).isEqualTo("old");
            assertThat(origin.calls).as("asks again").hasSize(asked + 1);
            if (trouble.equals("503")) {
                origin.last().respond(503, "down");
            } else {
                origin.last().fail(Failure.Kind.valueOf(trouble));
            }
            loop.advance(Duration.ofSeconds(2));
        }
        loop.advance(Duration.ofHours(2));
        Collector late = get("shop.example/a");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        loop.run();
        assertThat(late.status()).as("past its terms").isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache"})
    void whatMustBeValidatedOnceStaleIsNotServedUnasked(String directive) {
        get("shop.example/a");
        origin.last().respond(200, "old", "Cache-Control", FRESH + ", " + directive, "ETag", "\"1\"");
        soft(new Purge.Url("shop.example", "/a"));
        Collector waits = get("shop.example/a");
        assertThat(waits.response).isNull();
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        loop.run();
        assertThat(waits.status()).isEqualTo(504);
    }

    @Test
    void aRoutesTagIsTheSameForEverySpellingOfItsPath() {
        stored("shop.example/p/7", "plain", "Cache-Control", FRESH);
        stored("shop.example/p/%37", "spelled", "Cache-Control", FRESH);
        stored("shop.example/p/77", "other", "Cache-Control", FRESH);
        assertThat(purge("shop.example/", "Surrogate-Key", "product-7").text()).contains("\"matched\":2");
        assertThat(isStored("shop.example/p/7")).isFalse();
        assertThat(isStored("shop.example/p/77")).isTrue();
    }

    @ParameterizedTest(name = "{0} saying it is for {1}: {2}")
    @CsvSource({
        "127.0.0.1, , 200",
        "10.2.3.4, , 200",
        "10.3.0.1, , 403",
        "::1, , 403",
        "10.1.0.1, , 403",
        "10.1.0.1, 10.2.0.9, 200",
        "10.1.0.1, '10.2.0.9, 203.0.113.1', 403",
        "203.0.113.1, 127.0.0.1, 403",
        "10.1.0.1, nonsense, 403",
    })
    void onlyTheAddressesThatMayPurge(String peer, String forwardedFor, int status) {
        stored("shop.example/a", "x", "Cache-Control", FRESH);
        Collector answer = forwardedFor == null
                ? send(peer, "PURGE", "shop.example/a")
                : send(peer, "PURGE", "shop.example/a", "X-Forwarded-For", forwardedFor);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(isStored("shop.example/a")).isEqualTo(status == 403);
    }

    @Test
    void aPurgeIsNeverForwarded() {
        assertThat(purge("shop.example/nothing").text())
                .isEqualTo("{\"position\":\"1\",\"matched\":0,\"soft\":false,\"complete\":true,\"missing\":[]}\n");
        send("10.9.9.9", "PURGE", "shop.example/nothing");
        assertThat(origin.calls).isEmpty();
        send("127.0.0.1", "BAN", "shop.example/nothing");
        assertThat(origin.calls).as("a method like any other").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop.example/a", "shop.example:80/a", "shop.example:443/a"})
    void aUrlGoesWhicheverImpliedPortIsWritten(String url) {
        stored("shop.example/a", "x", "Cache-Control", FRESH);
        stored("shop.example:8080/a", "kept", "Cache-Control", FRESH);
        assertThat(purge(url).text()).contains("\"matched\":1");
        assertThat(isStored("shop.example/a")).isFalse();
        assertThat(isStored("shop.example:8080/a")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Surrogate-Key", "xkey", "Cache-Tag"})
    void tagsAreThoseOfTheSiteThatIsAsked(String field) {
        stored("shop.example/a", "x", "Cache-Control", FRESH, "xkey", "t");
        stored("blog.example/a", "y", "Cache-Control", FRESH, "xkey", "t");
        assertThat(purge("shop.example/whatever", field, "t").text()).contains("\"matched\":1");
        assertThat(isStored("shop.example/a")).isFalse();
        assertThat(isStored("blog.example/a")).isTrue();
        store.purge(new Purge.Tag("t"));
        assertThat(isStored("blog.example/a")).as("operators purge everywhere").isFalse();
    }

    @Test
    void aListOfNoTagsIsAMistakeAndNotTheUrl() {
        stored("shop.example/a", "x", "Cache-Control", FRESH);
        assertThat(purge("shop.example/a", "Surrogate-Key", " ").status()).isEqualTo(400);
        assertThat(isStored("shop.example/a")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"Larder-Purge, soft, true", "Fastly-Soft-Purge, 1, true", "Larder-Purge, hard, false"})
    void aPurgeCanBeSoft(String field, String value, boolean soft) {
        stored("shop.example/a", "x", "Cache-Control", FRESH);
        assertThat(purge("shop.example/a", field, value).text()).contains("\"matched\":1,\"soft\":" + soft);
        Collector next = get("shop.example/a");
        assertThat(next.response != null).isEqualTo(soft);
    }

    /** A gateway whose purges other nodes have to confirm. */
    private Gateway among(OpenPurge purge) {
        Store shared = (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) ->
                        method.getName().equals("purge") ? purge.announcement() : method.invoke(store, arguments));
        return new Gateway(
                List.of(site("shop", "shop.example")),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(origin, new HostRule.Preserve()),
                new SharedCache(shared, flights, Runnable::run));
    }

    private static Exchange exchange(Loop on) {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 40000), "127.0.0.1", "web", 80);
        return Exchange.begin(new RequestId(1), on, client, Interim.NONE);
    }

    private static Request purgeOf(String path) {
        return Request.get(Target.of("http", "shop.example", path), Headers.EMPTY)
                .withMethod("PURGE");
    }

    private Collector purge(Gateway gateway) {
        Collector answer = Collector.of(gateway.handle(purgeOf("/a"), exchange(loop)));
        loop.run();
        return answer;
    }

    @Test
    void aPurgeIsAnsweredWhenAllNodesHaveConfirmedIt() {
        OpenPurge open = new OpenPurge();
        Collector answer = purge(among(open));
        loop.advance(Duration.ofMillis(1_900));
        assertThat(answer.response).isNull();
        open.complete("8-0", "a", "b");
        loop.run();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .isEqualTo("{\"position\":\"8-0\",\"matched\":3,\"soft\":false,\"complete\":true,\"missing\":[]}\n");
    }

    @Test
    void aPurgeIsAnsweredAfterTwoSecondsAllTheSame() {
        Collector answer = purge(among(new OpenPurge()));
        loop.advance(Duration.ofMillis(1_999));
        assertThat(answer.response).isNull();
        loop.advance(Duration.ofMillis(1));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text())
                .isEqualTo("{\"position\":\"7-0\",\"matched\":3,\"soft\":false,\"complete\":false,"
                        + "\"missing\":[\"b\"],\"reason\":\"one node has not confirmed it\"}\n");
    }

    @Test
    void nobodyWaitsForALogThatIsKnownToBeOutOfReach() {
        OpenPurge open = new OpenPurge();
        open.outage = "Redis has not been reached for 12 s";
        Collector answer = purge(among(open));
        loop.advance(Duration.ZERO);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text()).contains("\"complete\":false", "\"reason\":\"Redis has not been reached for 12 s\"");
    }

    /** A thread that is done with whatever it is given before whoever gave it goes on. */
    private static final class HastyLoop implements Loop, AutoCloseable {
        private final ManualLoop clock = new ManualLoop();
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "the-loop"));

        @Override
        public void execute(Runnable task) {
            Future<?> done = thread.submit(task);
            if (!isHere()) {
                await(done);
                await(thread.submit(() -> {})); // what it has given itself to do is done, too
            }
        }

        private static void await(Future<?> done) {
            try {
                done.get(10, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private static boolean isHere() {
            return Thread.currentThread().getName().equals("the-loop");
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            execute(task);
            return () -> {};
        }

        @Override
        public Instant now() {
            return clock.now();
        }

        @Override
        public long nanos() {
            return clock.nanos();
        }

        @Override
        public void check() {
            assertThat(isHere()).isTrue();
        }

        @Override
        public void close() {
            thread.shutdownNow();
        }
    }

    @Test
    void theAnswerComesOnTheLoopHoweverSoonTheWaitIsOver() throws Exception {
        CompletableFuture<Store.Purged> here = new CompletableFuture<>();
        OpenPurge open = new OpenPurge(here);
        open.outage = "Redis has not been reached for 12 s";
        Gateway gateway = among(open);
        CompletableFuture<String> answeredOn = new CompletableFuture<>();
        try (HastyLoop hasty = new HastyLoop()) {
            hasty.execute(() -> gateway.handle(purgeOf("/a"), exchange(hasty))
                    .thenAccept(
                            answer -> answeredOn.complete(Thread.currentThread().getName())));
            here.complete(OpenPurge.done());
            assertThat(answeredOn.get(10, TimeUnit.SECONDS)).isEqualTo("the-loop");
        }
    }

    @Test
    void aWriteDoesNotWaitForOtherNodes() {
        Gateway gateway = among(new OpenPurge());
        Request request = Request.get(Target.of("http", "shop.example", "/api/7"), Headers.EMPTY)
                .withMethod("PUT");
        Collector answer = Collector.of(gateway.handle(request, exchange(loop)));
        loop.run();
        origin.last().respond(204, "");
        loop.run();
        assertThat(answer.status()).isEqualTo(204);
    }

    @ParameterizedTest(name = "{0} {1} answered {2}: stale is {3}")
    @CsvSource({
        "PUT, /api/7, 200, true",
        "PUT, /api/7, 204, true",
        "PUT, /api/7, 303, true",
        "PUT, /api/7, 404, false",
        "PUT, /api/7, 500, false",
        "POST, /api/7, 200, false",
        "PUT, /api/8, 200, false",
        "PUT, /other/7, 200, false",
        "PUT, /api/%37, 200, true",
    })
    void aWriteMakesStaleWhatTheSiteSays(String method, String path, int status, boolean stale) {
        stored("shop.example/p/7", "x", "Cache-Control", FRESH);
        stored("shop.example/list?of=7", "x", "Cache-Control", FRESH);
        stored("blog.example/p/7", "x", "Cache-Control", FRESH);
        stored("blog.example/list?of=7", "x", "Cache-Control", FRESH);
        send("127.0.0.1", method, "shop.example" + path);
        origin.last().respond(status, "");
        assertThat(isStored("shop.example/p/7")).isEqualTo(!stale);
        assertThat(isStored("shop.example/list?of=7")).isEqualTo(!stale);
        assertThat(isStored("blog.example/p/7")).isTrue();
        assertThat(isStored("blog.example/list?of=7")).isTrue();
    }

    @Test
    void aWriteMakesStalePrefixesOfItsHost() {
        stored("shop.example/feeds/a", "x", "Cache-Control", FRESH);
        stored("blog.example/feeds/a", "x", "Cache-Control", FRESH);
        send("127.0.0.1", "PUT", "shop.example/api/1");
        origin.last().respond(204, "");
        assertThat(isStored("shop.example/feeds/a")).isFalse();
        assertThat(isStored("blog.example/feeds/a")).isTrue();
    }

    @ParameterizedTest(name = "{0} answered {1} with {2}: gone is {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | 200 | \"g\"           | true",
                "POST | 302 | \"f\", \"g\";q=1  | true",
                "POST | 500 | \"g\"           | false",
                "GET  | 200 | \"g\"           | false",
                "POST | 200 | \"G\"           | false",
                "POST | 200 | g               | false",
                "POST | 200 | \"g\", 7        | false",
                "POST | 200 | \"g\",          | false",
            })
    void aWriteMakesStaleTheGroupsThatItsAnswerNames(String method, int status, String groups, boolean gone) {
        stored("shop.example/a", "x", "Cache-Control", FRESH, "Cache-Groups", "\"g\"");
        stored("shop.example:81/a", "x", "Cache-Control", FRESH, "Cache-Groups", "\"g\"");
        send("127.0.0.1", method, "shop.example/form");
        origin.last().respond(status, "", "Cache-Group-Invalidation", groups);
        assertThat(isStored("shop.example/a")).isEqualTo(!gone);
        assertThat(isStored("shop.example:81/a")).as("another origin").isTrue();
    }

    @Test
    void noClientWaitsLongerBecauseTenThousandPatternsWerePurged() {
        stored("shop.example/a", "x", "Cache-Control", FRESH);
        for (int i = 0; i < 10_000; i++) {
            store.purge(new Purge.Prefix("shop.example", "/never/" + i));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(get("shop.example/a").field("X-Cache")).isEqualTo("HIT");
        }
    }
}
