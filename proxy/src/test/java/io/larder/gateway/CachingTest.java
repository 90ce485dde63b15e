package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HttpDate;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the cache does with time, with many clients at once, and with trouble: all of it in virtual time. */
class CachingTest {
    private final ManualLoop loop = new ManualLoop();
    private final ManualLoop otherLoop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Flights flights = new Flights(store);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Gateway gateway = gateway(CacheRules.DEFAULTS, true);
    private final List<Exchange> exchanges = new ArrayList<>();

    private Gateway gateway(CacheRules rules, boolean collapse) {
        Route route = new Route(
                "all",
                "test.yaml:1",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(rules, collapse ? CachePlan.Collapse.NODE : CachePlan.Collapse.OFF));
        Site site = new Site("site", List.of(), null, Set.of(), List.of(route));
        Report report = new Report(Report.Detail.ON, true, false);
        return new Gateway(
                List.of(new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, report)),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(origin, new HostRule.Preserve()),
                new SharedCache(store, flights, Runnable::run));
    }

    private Exchange exchange(ManualLoop on) {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Client client = new Client(peer, "127.0.0.1", "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(exchanges.size()), on, client, Interim.NONE);
        exchanges.add(exchange);
        return exchange;
    }

    private Collector get(String path, String... headers) {
        return Collector.of(gateway.handle(request("GET", path, headers), exchange(loop)));
    }

    private Collector getElsewhere(String path) {
        return Collector.of(gateway.handle(request("GET", path), exchange(otherLoop)));
    }

    private Request request(String method, String path, String... headers) {
        return Request.get(Target.of("http", "a.example", path), Headers.of(headers))
                .withMethod(method);
    }

    private void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
            otherLoop.run();
        }
    }

    @Test
    void aFreshResponseIsServedWithoutTheOrigin() {
        Collector first = get("/a");
        origin.last().respond(200, "one", "Cache-Control", "max-age=60");
        assertThat(first.text()).isEqualTo("one");
        assertThat(first.field("Cache-Status")).isEqualTo("larder; fwd=uri-miss; fwd-status=200; stored; ttl=60");
        loop.advance(Duration.ofSeconds(10));
        Collector second = get("/a");
        assertThat(second.text()).isEqualTo("one");
        assertThat(second.field("Age")).isEqualTo("10");
        assertThat(second.field("Cache-Status")).isEqualTo("larder; hit; ttl=50");
        assertThat(second.field("X-Cache")).isEqualTo("HIT");
        assertThat(second.field("Via")).isEqualTo("1.1 larder");
        assertThat(origin.calls).hasSize(1);
    }

    /** RFC 9110 §7.6.3; of a version that is said without a minor one that is 0 (§2.5). */
    @ParameterizedTest
    @CsvSource({"HTTP/1.0, 1.0", "HTTP/1.1, 1.1", "HTTP/2, 2.0", "HTTP/3, 3.0"})
    void viaSaysWhatTheClientSpoke(String protocol, String version) {
        Exchange exchange = exchange(loop);
        exchange.journal().spoken(protocol);
        Collector.of(gateway.handle(request("GET", "/a"), exchange));
        assertThat(origin.last().request().headers().all(Fields.VIA)).containsExactly(version + " larder");
    }

    @Test
    void aThousandMissesOnTwoLoopsAskTheOriginOnce() {
        List<Collector> clients = new ArrayList<>();
        IntStream.range(0, 500).forEach(i -> {
            clients.add(get("/a"));
            clients.add(getElsewhere("/a"));
        });
        settle();
        assertThat(origin.calls).hasSize(1);
        origin.last().respond(200, "shared", "Cache-Control", "max-age=60");
        settle();
        assertThat(clients).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo("shared");
            assertThat(client.ended).isTrue();
        });
        assertThat(clients.stream().filter(c -> c.field("Cache-Status").contains("collapsed")))
                .hasSize(999);
        assertThat(flights.count()).isZero();
    }

    @Test
    void followersStreamWhileTheResponseIsStillComing() {
        Collector leader = get("/a");
        ScriptedOrigin.Feed feed = origin.last().stream(6, "Cache-Control", "max-age=60");
        feed.chunk("abc");
        Collector near = get("/a");
        Collector far = getElsewhere("/a");
        settle();
        assertThat(List.of(leader.text(), near.text(), far.text())).containsOnly("abc");
        feed.chunk("def");
        feed.end();
        settle();
        assertThat(List.of(leader, near, far)).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo("abcdef");
            assertThat(client.ended).isTrue();
        });
        assertThat(get("/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void aSlowLeaderHoldsUpNobody() {
        Collector leader = Collector.slow(gateway.handle(request("GET", "/a"), exchange(loop)));
        ScriptedOrigin.Feed feed = origin.last().stream(4, "Cache-Control", "max-age=60");
        Collector follower = get("/a");
        feed.chunk("ab");
        feed.chunk("cd");
        feed.end();
        assertThat(follower.text()).isEqualTo("abcd");
        assertThat(leader.text()).isEmpty();
        IntStream.range(0, 3).forEach(i -> leader.readOn());
        assertThat(leader.text()).isEqualTo("abcd");
        assertThat(leader.ended).isTrue();
    }

    @Test
    void anUnshareableResponseReleasesEveryoneAtOnceAndIsRemembered() {
        Collector leader = get("/a");
        List<Collector> followers =
                IntStream.range(0, 3).mapToObj(i -> get("/a")).toList();
        assertThat(origin.calls).hasSize(1);
        origin.last().respond(200, "mine", "Cache-Control", "private");
        assertThat(origin.calls).hasSize(4);
        assertThat(leader.field("Cache-Status")).isEqualTo("larder; fwd=uri-miss; fwd-status=200; detail=private");
        origin.calls.forEach(call -> call.respond(200, "own", "Cache-Control", "private"));
        assertThat(followers).allSatisfy(client -> assertThat(client.text()).isEqualTo("own"));
        get("/a");
        get("/a");
        assertThat(origin.calls).as("nobody waits for another one's page").hasSize(6);
        assertThat(get("/a").response).isNull();
    }

    @Test
    void visitorsWithASessionAreNotMadeToWaitForEachOtherNorDoTheyStopOthersFromSharing() {
        get("/a", "Cookie", "sessionid=1");
        origin.last().respond(200, "mine", "ETag", "\"1\"");
        get("/a", "Cookie", "sessionid=2");
        get("/a", "Cookie", "sessionid=3");
        assertThat(origin.calls).hasSize(3);
        get("/a");
        get("/a");
        assertThat(origin.calls).hasSize(4);
    }

    @Test
    void aResponseThatVariesGoesOnlyToThoseItWasMadeFor() {
        Collector english = get("/a", "Accept-Language", "en");
        Collector german = get("/a", "Accept-Language", "de");
        Collector alsoEnglish = get("/a", "Accept-Language", "en");
        origin.calls.get(0).respond(200, "hello", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        assertThat(origin.calls).hasSize(2);
        origin.calls.get(1).respond(200, "hallo", "Cache-Control", "max-age=60", "Vary", "Accept-Language");
        assertThat(english.text()).isEqualTo("hello");
        assertThat(alsoEnglish.text()).isEqualTo("hello");
        assertThat(german.text()).isEqualTo("hallo");
        assertThat(get("/a", "Accept-Language", "de").text()).isEqualTo("hallo");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whenTheLeaderLeavesThoseWhoWaitAreServed() {
        get("/a");
        Exchange leader = exchanges.get(0);
        Collector follower = get("/a");
        leader.departure().announce();
        assertThat(origin.last().exchange().departure().isGone()).isFalse();
        origin.last().respond(200, "x", "Cache-Control", "max-age=60");
        assertThat(follower.text()).isEqualTo("x");
    }

    @Test
    void whenTheOnlyClientLeavesTheOriginIsLetGo() {
        get("/a");
        exchanges.get(0).departure().announce();
        assertThat(origin.last().exchange().departure().isGone()).isTrue();
        assertThat(flights.count()).isZero();
    }

    @Test
    void aStorableBodyIsReadToItsEndAfterItsClientLeft() {
        Collector client = get("/a");
        ScriptedOrigin.Feed feed = origin.last().stream(2, "Cache-Control", "max-age=60");
        feed.chunk("a");
        client.leave();
        feed.chunk("b");
        feed.end();
        assertThat(get("/a").text()).isEqualTo("ab");
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void aBodyThatBreaksOffIsSeenToAndNotStored() {
        Collector client = get("/a");
        Collector follower = get("/a");
        ScriptedOrigin.Feed feed = origin.last().stream(10, "Cache-Control", "max-age=60");
        feed.chunk("half");
        feed.fail();
        assertThat(client.error).isInstanceOf(Failure.class);
        assertThat(follower.error).isInstanceOf(Failure.class);
        assertThat(client.ended).isFalse();
        get("/a");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void aBodyPastTheLimitStreamsThroughInAWindowAndIsNotStored() {
        Gateway small = gateway(CacheRules.DEFAULTS.withMaxObject(1000), true);
        Collector reader = Collector.slow(small.handle(request("GET", "/a"), exchange(loop)));
        ScriptedOrigin.Feed feed = origin.last().stream(-1, "Cache-Control", "max-age=60");
        String chunk = "x".repeat(100_000);
        int sent = 0;
        while (feed.isAsked() && sent < 50) {
            feed.chunk(chunk);
            sent++;
        }
        assertThat(sent).as("no more than a window is held for a slow reader").isBetween(1, 5);
        for (int i = 0; i <= sent; i++) {
            reader.readOn();
        }
        assertThat(feed.isAsked()).isTrue();
        feed.end();
        reader.readOn();
        assertThat(reader.text()).hasSize(sent * 100_000);
        assertThat(reader.ended).isTrue();
        assertThat(store.stats().entries()).isZero();
    }

    @Test
    void aStaleResponseIsServedWhileOneRefreshRuns() {
        get("/a");
        origin.last().respond(200, "old", "Cache-Control", "max-age=10, stale-while-revalidate=60", "ETag", "\"1\"");
        loop.advance(Duration.ofSeconds(20));
        Collector first = get("/a");
        Collector second = get("/a");
        assertThat(List.of(first.text(), second.text())).containsOnly("old");
        assertThat(first.field("Cache-Status")).isEqualTo("larder; hit; ttl=-10; detail=stale-while-revalidate");
        assertThat(origin.calls).hasSize(2);
        assertThat(origin.last().request().headers().toString()).contains("If-None-Match: \"1\"");
        origin.last().respond(200, "new", "Cache-Control", "max-age=10", "ETag", "\"2\"");
        assertThat(get("/a").text()).isEqualTo("new");
    }

    @Test
    void aHeadThatFindsAStaleResponseHasTheWholeOfItRefreshed() {
        get("/a");
        origin.last().respond(200, "old", "Cache-Control", "max-age=10, stale-while-revalidate=60");
        loop.advance(Duration.ofSeconds(20));
        gateway.handle(request("HEAD", "/a"), exchange(loop));
        assertThat(origin.last().request().method()).isEqualTo("GET");
        origin.last().respond(200, "new", "Cache-Control", "max-age=10");
        assertThat(get("/a").text()).isEqualTo("new");
    }

    @Test
    void aFailedRefreshDoesNotEndTheStaleServiceNorHammerTheOrigin() {
        get("/a");
        origin.last().respond(200, "old", "Cache-Control", "max-age=10, stale-while-revalidate=60");
        loop.advance(Duration.ofSeconds(20));
        get("/a");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(get("/a").text()).isEqualTo("old");
        assertThat(origin.calls).hasSize(2);
        loop.advance(Duration.ofSeconds(2));
        assertThat(get("/a").text()).isEqualTo("old");
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void aValidationThatIsConfirmedRenewsWhatIsStored() {
        get("/a");
        origin.last().respond(200, "body", "Cache-Control", "max-age=10", "ETag", "\"1\"");
        loop.advance(Duration.ofSeconds(20));
        Collector again = get("/a");
        origin.last().respond(304, "", "Cache-Control", "max-age=100", "ETag", "\"1\"");
        assertThat(again.text()).isEqualTo("body");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.field("Cache-Status")).startsWith("larder; fwd=stale; fwd-status=304; stored; ttl=100");
        assertThat(get("/a").field("Cache-Status")).isEqualTo("larder; hit; ttl=100");
    }

    @Test
    void whenTheOriginFailsTheStaleResponseMayStandIn() {
        get("/a");
        origin.last().respond(200, "old", "Cache-Control", "max-age=10, stale-if-error=60");
        loop.advance(Duration.ofSeconds(20));
        Collector leader = get("/a");
        Collector follower = get("/a");
        origin.last().respond(503, "down");
        assertThat(List.of(leader.text(), follower.text())).containsOnly("old");
        assertThat(leader.field("X-Cache")).isEqualTo("STALE");
        Collector refused = get("/a");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(refused.text()).isEqualTo("old");
        loop.advance(Duration.ofHours(2));
        Collector late = get("/a");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(late.status()).isEqualTo(502);
        assertThat(late.field("Proxy-Status")).isEqualTo("larder; error=connection_refused");
    }

    @Test
    void aFailureFailsForAllWhoWaitAndForNobodyAfter() {
        Collector leader = get("/a");
        Collector follower = getElsewhere("/a");
        settle();
        origin.last().fail(Failure.Kind.RESPONSE_TIMEOUT);
        settle();
        assertThat(List.of(leader.status(), follower.status())).containsOnly(504);
        assertThat(origin.calls).hasSize(1);
        get("/a");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whatWasFetchedBeforeAPurgeIsNeitherStoredNorSharedAfterIt() {
        Collector before = get("/a");
        store.purge(new Purge.Url("a.example", "/a"));
        Collector after = get("/a");
        assertThat(origin.calls).as("who comes after the purge does not follow").hasSize(2);
        origin.calls.get(0).respond(200, "old", "Cache-Control", "max-age=60");
        assertThat(before.text()).isEqualTo("old");
        assertThat(after.response).isNull();
        origin.calls.get(1).respond(200, "new", "Cache-Control", "max-age=60");
        assertThat(after.text()).isEqualTo("new");
        assertThat(get("/a").text()).isEqualTo("new");
    }

    @Test
    void aSuccessfulWriteMakesItsTargetStale() {
        get("/a");
        origin.last().respond(200, "old", "Cache-Control", "max-age=60");
        Collector post = Collector.of(gateway.handle(request("POST", "/a"), exchange(loop)));
        origin.last().respond(204, "");
        assertThat(post.field("Cache-Status")).isEqualTo("larder; fwd=method; fwd-status=204");
        get("/a");
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void headIsAnsweredFromWhatGetStoredAndNeverStoresItself() {
        Collector head = Collector.of(gateway.handle(request("HEAD", "/a"), exchange(loop)));
        origin.last().respond(200, "", "Cache-Control", "max-age=60", "Content-Length", "3");
        assertThat(head.status()).isEqualTo(200);
        get("/a");
        origin.last().respond(200, "abc", "Cache-Control", "max-age=60");
        Collector hit = Collector.of(gateway.handle(request("HEAD", "/a"), exchange(loop)));
        assertThat(hit.field("X-Cache")).isEqualTo("HIT");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void withoutCollapsingEveryMissGoesByItself() {
        Gateway plain = gateway(CacheRules.DEFAULTS, false);
        IntStream.range(0, 3).forEach(i -> plain.handle(request("GET", "/a"), exchange(loop)));
        assertThat(origin.calls).hasSize(3);
    }

    private Collector post(String path) {
        return Collector.of(gateway.handle(request("POST", path), exchange(loop)));
    }

    private static final String[] NEW_STATE = {"Cache-Control", "max-age=60", "Content-Location", "/a"};

    @Test
    void aPurgeWhileAPostIsUnderWayKeepsItsAnswerOut() { // RFC 9110 §9.3.3
        Collector client = post("/a");
        store.purge(new Purge.Url("a.example", "/a"));
        origin.last().respond(200, "late", NEW_STATE);
        assertThat(client.text()).isEqualTo("late");
        assertThat(client.field("Cache-Status")).isEqualTo("larder; fwd=method; fwd-status=200; detail=purged");
        get("/a");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void aPurgeWhileAPostsAnswerIsComingKeepsItOut() {
        Collector client = post("/a");
        ScriptedOrigin.Feed feed = origin.last().stream(6, NEW_STATE);
        feed.chunk("abc");
        store.purge(new Purge.Url("a.example", "/a"));
        feed.chunk("def");
        feed.end();
        settle();
        assertThat(client.text()).isEqualTo("abcdef");
        get("/a");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void aFetchFromBeforeAPostDoesNotReplaceItsAnswer() { // RFC 9111 §4.4
        get("/a");
        ScriptedOrigin.Call old = origin.last();
        post("/a");
        origin.last().respond(200, "new", NEW_STATE);
        old.respond(200, "old", "Cache-Control", "max-age=60");
        assertThat(get("/a").text()).isEqualTo("new");
    }

    @Test
    void aSlowAnswerOfAnOlderDateDoesNotReplaceANewerOne() { // RFC 9111 §4
        Gateway separate = gateway(CacheRules.DEFAULTS, false);
        separate.handle(request("GET", "/a"), exchange(loop));
        ScriptedOrigin.Call slow = origin.last();
        Collector quick = Collector.of(separate.handle(request("GET", "/a"), exchange(loop)));
        loop.advance(Duration.ofSeconds(5));
        origin.last().respond(200, "newer", "Cache-Control", "max-age=60", "Date", date(4));
        assertThat(quick.text()).isEqualTo("newer");
        loop.advance(Duration.ofSeconds(1));
        slow.respond(200, "older", "Cache-Control", "max-age=60", "Date", date(1));
        assertThat(get("/a").text()).isEqualTo("newer");
    }

    private String date(int seconds) {
        return HttpDate.format(loop.now().minusSeconds(5).plusSeconds(seconds));
    }
}
