package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Fence;
import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Bytes;
import io.larder.http.Cidr;
import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.Template;
import io.larder.route.TrustedProxies;
import io.larder.store.Announcement;
import io.larder.store.LocalStore;
import io.larder.store.Store;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets what was made for somebody else, nor the trouble that somebody else has brought upon himself. */
class SharingTest {
    private static final String FRESH = "max-age=60";

    private final ManualLoop loop = new ManualLoop();
    private final ManualLoop otherLoop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Flights flights = new Flights(store);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final List<Exchange> exchanges = new ArrayList<>();
    private List<Cidr> trusted = List.of();

    private static Route route(String path, Conditions conditions, CacheRules rules) {
        return new Route(
                path,
                "test.yaml:1",
                PathPattern.compile(path),
                conditions,
                new Action.Proxy("app", null),
                new CachePlan(rules, CachePlan.Collapse.NODE));
    }

    private static Route all() {
        return route("/**", Conditions.NONE, CacheRules.DEFAULTS);
    }

    private static SiteRules site(String name, Set<String> listeners, Route... routes) {
        Site site = new Site(name, List.of(), null, listeners, List.of(routes));
        return new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false));
    }

    private Gateway gateway(Handler behind, Store keeping, SiteRules... sites) {
        return new Gateway(
                List.of(sites),
                List.of("web", "lan"),
                new TrustedProxies(trusted),
                name -> new Origin(behind, new HostRule.Preserve()),
                new SharedCache(keeping, flights, Runnable::run));
    }

    private Gateway gateway(Route... routes) {
        return gateway(origin, store, site("site", Set.of(), routes));
    }

    private Exchange exchange(ManualLoop on, String listener) {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Client client = new Client(peer, "127.0.0.1", listener, 80);
        Exchange exchange = Exchange.begin(new RequestId(exchanges.size()), on, client, Interim.NONE);
        exchanges.add(exchange);
        return exchange;
    }

    private Collector get(Gateway gateway, String path, String... headers) {
        return get(gateway, loop, "web", path, headers);
    }

    private Collector get(Gateway gateway, ManualLoop on, String listener, String path, String... headers) {
        Request request = Request.get(Target.of("http", "a.example", path), Headers.of(headers));
        return Collector.of(gateway.handle(request, exchange(on, listener)));
    }

    private void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
            otherLoop.run();
        }
    }

    @Test
    void sitesThatListenersTellApartShareNothing() {
        Gateway gateway =
                gateway(origin, store, site("public", Set.of("web"), all()), site("internal", Set.of("lan"), all()));
        get(gateway, loop, "lan", "/a");
        origin.last().respond(200, "secret", "Cache-Control", FRESH);
        Collector outside = get(gateway, loop, "web", "/a");
        assertThat(outside.response).as("has to ask its own origin").isNull();
        assertThat(get(gateway, loop, "lan", "/a").field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void routesThatConditionsTellApartShareNothing() {
        Conditions beta = new Conditions(Set.of(), Map.of(), Map.of(), Map.of("beta", Glob.of("*")));
        Gateway gateway = gateway(route("/**", beta, CacheRules.DEFAULTS), all());
        get(gateway, "/a", "Cookie", "beta=1");
        origin.last().respond(200, "new", "Cache-Control", FRESH);
        assertThat(get(gateway, "/a").response).isNull();
        origin.last().respond(200, "old", "Cache-Control", FRESH);
        assertThat(get(gateway, "/a", "Cookie", "beta=1").text()).isEqualTo("new");
        assertThat(get(gateway, "/a").text()).isEqualTo("old");
        store.purge(new Purge.Url("a.example", "/a"));
        assertThat(get(gateway, "/a").response).isNull();
        assertThat(get(gateway, "/a", "Cookie", "beta=1").response).isNull();
    }

    @Test
    void aFieldThatNoOriginSeesSelectsNoVariant() {
        Gateway gateway = gateway(all());
        get(gateway, "/a", "Connection", "close, Accept-Language", "Accept-Language", "de");
        assertThat(origin.last().request().headers().contains(FieldName.of("Accept-Language")))
                .isFalse();
        origin.last().respond(200, "hello", "Cache-Control", FRESH, "Vary", "Accept-Language");
        Collector german = get(gateway, "/a", "Accept-Language", "de");
        assertThat(german.response).isNull();
        assertThat(get(gateway, "/a").text()).isEqualTo("hello");
    }

    @Test
    void aFieldThatNoOriginSeesIsNotInTheKey() {
        KeyRules byCountry = new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("X-Country")), List.of());
        Gateway gateway = gateway(route("/**", Conditions.NONE, CacheRules.DEFAULTS.withKey(byCountry)));
        get(gateway, "/a", "Connection", "X-Country", "X-Country", "DE");
        origin.last().respond(200, "for nowhere", "Cache-Control", FRESH);
        assertThat(get(gateway, "/a", "X-Country", "DE").response).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host",
                "X-Forwarded-Port",
                "X-Forwarded-Prefix",
                "X-Original-URL",
                "X-Rewrite-URL",
                "X-Host"
            })
    void whatOnlyAProxyMaySayGoesNoFurtherFromAnybodyElse(String name) {
        get(gateway(all()), "/a", name, "evil.example");
        assertThat(origin.last().request().headers().toString()).doesNotContain("evil");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Host, other.example, false",
        "X-Forwarded-Host, A.example, true",
        "X-Original-URL, /other, false",
        "X-Forwarded-Port, 443, true",
    })
    void whatATrustedProxySaysOfTheUrlIsNotStoredUnderAnotherOne(String name, String value, boolean shared) {
        trusted = List.of(Cidr.parse("127.0.0.0/8").orElseThrow());
        Gateway gateway = gateway(all());
        Collector client = get(gateway, "/a", name, value);
        assertThat(origin.last().request().headers().first(FieldName.of(name))).isEqualTo(value);
        origin.last().respond(200, "x", "Cache-Control", FRESH);
        assertThat(client.field("Cache-Status")).contains(shared ? "stored" : "detail=unkeyed");
        assertThat(store.stats().entries()).isEqualTo(shared ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/account/../static/x, false",
        "/account/..%2fstatic/x, false",
        "/account/%2e%2e/static/x, false",
        "/static/x, true",
        "/static/caf%C3%A9, true",
        "/static//x;v=1, true",
        "/static/a/../x, true",
    })
    void aPathThatSomeOriginFindsUnderAnotherRouteIsNotStored(String path, boolean shared) {
        CacheRules long1 = CacheRules.DEFAULTS.withLifetimes(
                new CacheRules.Lifetimes(Duration.ofDays(1), null, false, Map.of(), List.of(), 0, Duration.ofDays(7)));
        Route account = new Route(
                "account",
                "test.yaml:1",
                PathPattern.compile("/account/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                null);
        Gateway gateway = gateway(account, route("/static/**", Conditions.NONE, long1));
        Collector client = get(gateway, path);
        origin.last().respond(200, "whose?");
        assertThat(client.text()).isEqualTo("whose?");
        assertThat(store.stats().entries()).isEqualTo(shared ? 1 : 0);
    }

    @Test
    void aPurgeFindsWhatEveryRouteHasStoredUnderTheUrl() {
        KeyRules tidy =
                new KeyRules(new KeyRules.Query(List.of(Glob.of("utm_*")), List.of(), false), List.of(), List.of());
        Conditions json =
                new Conditions(Set.of(), Map.of(FieldName.of("Accept"), Glob.of("*json*")), Map.of(), Map.of());
        Gateway gateway = gateway(route("/**", json, CacheRules.DEFAULTS.withKey(tidy)), all());
        get(gateway, "/a?utm_source=x&id=1", "Accept", "application/json");
        origin.last().respond(200, "{}", "Cache-Control", FRESH);
        gateway.urls()
                .of(Target.of("http", "a.example", "/a?utm_source=y&id=1"))
                .forEach(store::purge);
        assertThat(get(gateway, "/a?id=1", "Accept", "application/json").response)
                .isNull();
    }

    @Test
    void aFollowerOfALeaderWhoseClientLeftGoesByItself() {
        Gateway gateway = gateway(all());
        get(gateway, "/a");
        Collector follower = get(gateway, otherLoop, "web", "/a");
        exchanges.get(0).departure().announce(); // before the follower's loop has reached the leader's
        assertThat(origin.last().exchange().departure().isGone()).isTrue();
        origin.last().fail(Failure.Kind.CLIENT_GONE);
        settle();
        assertThat(origin.calls).hasSize(2);
        origin.last().respond(200, "x", "Cache-Control", FRESH);
        settle();
        assertThat(follower.text()).isEqualTo("x");
    }

    @ParameterizedTest
    @EnumSource(names = {"LOOP_DETECTED", "REQUEST_ERROR", "CLIENT_GONE", "INTERNAL"})
    void whatWasWrongWithTheLeadersRequestIsNotTheFollowersTrouble(Failure.Kind kind) {
        Gateway gateway = gateway(all());
        Collector leader = get(gateway, "/a");
        get(gateway, "/a");
        origin.last().fail(kind);
        assertThat(leader.status()).isEqualTo(kind.status());
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void theFailureThatAFollowerSharesIsInItsJournalToo() {
        Gateway gateway = gateway(all());
        get(gateway, "/a");
        get(gateway, "/a");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(exchanges.get(1).journal().cache()).isEqualTo("error");
    }

    @Test
    void aBugBelowEndsTheFlight() {
        Gateway gateway = gateway(
                (request, exchange) -> {
                    throw new IllegalStateException("a bug");
                },
                store,
                site("site", Set.of(), all()));
        assertThat(get(gateway, "/a").status()).isEqualTo(500);
        assertThat(flights.count()).isZero();
        assertThat(get(gateway, "/a").status()).isEqualTo(500);
    }

    /** A store that breaks whenever something is put into it. */
    private record Broken(Store sound) implements Store {
        @Override
        public @Nullable CacheKey alike(CacheKey key) {
            return sound.alike(key);
        }

        @Override
        public Variants peek(CacheKey key) {
            return sound.peek(key);
        }

        @Override
        public Variants near(CacheKey key) {
            return sound.near(key);
        }

        @Override
        public boolean isCurrent(CacheKey key, Fence fence) {
            return sound.isCurrent(key, fence);
        }

        @Override
        public boolean isCurrent(CacheKey key, Stored stored, Fence fence) {
            return sound.isCurrent(key, stored, fence);
        }

        @Override
        public Fence fence() {
            return sound.fence();
        }

        @Override
        public boolean put(CacheKey key, Stored stored, Fence fence) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public void remove(CacheKey key) {
            sound.remove(key);
        }

        @Override
        public Announcement purge(Collection<? extends Purge> purges, Purge.Mode mode) {
            return sound.purge(purges, mode);
        }

        @Override
        public CompletionStage<Purged> wouldPurge(Collection<? extends Purge> purges) {
            return sound.wouldPurge(purges);
        }

        @Override
        public List<PurgeCount> purges() {
            return sound.purges();
        }

        @Override
        public Optional<Fence> supersede(CacheKey key, Stored stored, Collection<? extends Purge> purges, Fence fence) {
            return sound.supersede(key, stored, purges, fence);
        }

        @Override
        public void noteUnshareable(CacheKey key, Duration time) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public boolean isUnshareable(CacheKey key) {
            return sound.isUnshareable(key);
        }

        @Override
        public void noteUse(CacheKey key) {
            sound.noteUse(key);
        }

        @Override
        public int uses(CacheKey key) {
            return sound.uses(key);
        }

        @Override
        public Stats stats() {
            return sound.stats();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-age=60", "no-store"})
    void aBugInTheStoreEndsTheFlight(String control) {
        Gateway gateway = gateway(origin, new Broken(store), site("site", Set.of(), all()));
        Collector leader = get(gateway, "/a");
        Collector follower = get(gateway, "/a");
        origin.last().respond(200, "x", "Cache-Control", control);
        assertThat(leader.status()).isNotZero();
        origin.last().respond(200, "x", "Cache-Control", control);
        assertThat(follower.status()).isNotZero();
        assertThat(flights.count()).isZero();
    }

    @Test
    void whoComesAfterAFailedRefreshAsksForItself() {
        Gateway gateway = gateway(all());
        get(gateway, "/a", "Accept-Language", "en");
        origin.last()
                .respond(
                        200,
                        "old",
                        "Cache-Control",
                        "max-age=10, stale-while-revalidate=60",
                        "Vary",
                        "Accept-Language");
        loop.advance(Duration.ofSeconds(20));
        assertThat(get(gateway, "/a", "Accept-Language", "en").text()).isEqualTo("old");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(flights.count()).isZero();
        Collector german = get(gateway, "/a", "Accept-Language", "de");
        assertThat(origin.calls).hasSize(3);
        origin.last().respond(200, "neu", "Cache-Control", FRESH, "Vary", "Accept-Language");
        assertThat(german.text()).isEqualTo("neu");
    }

    @Test
    void aBodyThatWasGivenUpIsNobodysEmptyBody() {
        ScriptedOrigin.Feed feed = new ScriptedOrigin.Feed();
        List<Optional<Bytes>> landed = new ArrayList<>();
        Spool spool = new Spool(
                loop,
                feed,
                Allotment.of(new SpoolMemory(1000), -1, 10).orElseThrow(),
                whole -> landed.add(Optional.ofNullable(whole)));
        spool.fill(-1, offset -> null).discard();
        feed.chunk("x".repeat(20));
        assertThat(landed).containsExactly(Optional.empty());
        assertThat(feed.cancelled).isTrue();
        assertThat(spool.body(loop, -1, offset -> null))
                .as("the beginning is gone")
                .isNull();
    }

    @Test
    void aPrivatePageOfOneWhoHasASessionStopsNobodyElseFromSharing() {
        Gateway gateway = gateway(all());
        get(gateway, "/a", "Cookie", "sessionid=1");
        origin.last().respond(200, "mine", "Cache-Control", "private");
        get(gateway, "/a");
        get(gateway, "/a");
        assertThat(origin.calls).as("visitors without a session share").hasSize(2);
        get(gateway, "/a", "Cookie", "sessionid=2");
        get(gateway, "/a", "Cookie", "sessionid=3");
        assertThat(origin.calls).as("those with one do not wait").hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/old//evil.example", "/old/\\evil.example", "/old/\\/evil.example", "/old/%5Cevil.example"})
    void noRedirectLeavesTheSiteByTheClientsPath(String path) {
        Route redirect = new Route(
                "old",
                "test.yaml:1",
                PathPattern.compile("/old/**"),
                Conditions.NONE,
                new Action.Redirect(Template.compile("/{**}"), 301),
                null);
        Collector client = get(gateway(redirect), path);
        assertThat(client.field("Location"))
                .startsWith("/")
                .doesNotStartWith("//")
                .doesNotStartWith("/\\");
    }

    @Test
    void debugNamesKeyAndRoute() {
        Site site = new Site("site", List.of(), null, Set.of(), List.of(all()));
        Report report = new Report(Report.Detail.DEBUG, false, false);
        Gateway gateway = gateway(origin, store, new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, report));
        Collector client = get(gateway, "/a");
        origin.last().respond(200, "x", "Cache-Control", FRESH);
        assertThat(client.field("Cache-Status")).endsWith("; key=\"http://a.example/a\"; route=\"/**\"");
    }
}
