package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.assembly.Pages;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.Leases;
import io.larder.store.LocalStore;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.GuardedRoute;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard's verdict and who waits for it, its shadow, refreshing ahead, and storing what is asked for often: in virtual time. */
class GuardingTest {
    private static final String[] PAGE = {"Content-Type", "text/html", "Cache-Control", "public, max-age=60"};
    private static final String[] PLAIN = {"Content-Type", "image/png", "Cache-Control", "max-age=60"};
    private static final String FORM = "<form><input name=csrf_token value=k3y></form>";

    private final ManualLoop loop = new ManualLoop();
    private final ManualLoop otherLoop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Flights flights = new Flights(store);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final GuardFindings findings = new GuardFindings(Runnable::run);
    private final Random random = new Random(5861);
    private CacheRules rules = CacheRules.DEFAULTS;
    private int requests;

    private Gateway gateway() {
        Route route = new Route(
                "all",
                "test.yaml:1",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(rules, CachePlan.Collapse.NODE));
        Site site = new Site("site", List.of(), null, Set.of(), List.of(route));
        Report report = new Report(Report.Detail.ON, true, false);
        return new Gateway(
                List.of(new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, report)),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(origin, new HostRule.Preserve()),
                new SharedCache(
                        store,
                        flights,
                        Leases.NONE,
                        work::add,
                        random::nextDouble,
                        findings,
                        Pages.little(Runnable::run)));
    }

    private Collector get(Gateway gateway, ManualLoop on, String from, String path, String... headers) {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Client client = new Client(peer, from, "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(requests++), on, client, Interim.NONE);
        Request request = Request.get(Target.of("http", "a.example", path), Headers.of(headers));
        return Collector.of(gateway.handle(request, exchange));
    }

    private Collector get(Gateway gateway, String path, String... headers) {
        return get(gateway, loop, "192.0.2.1", path, headers);
    }

    private void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
            otherLoop.run();
        }
    }

    private void work() {
        for (Runnable task = work.poll(); task != null; task = work.poll()) {
            task.run();
        }
        settle();
    }

    private static Response gzipped(String text) {
        Headers fields =
                Headers.of("Content-Type", "text/html", "Cache-Control", "max-age=60", "Content-Encoding", "gzip");
        return Response.of(200, fields, new Body.Whole(ContentCoding.gzip(Bytes.utf8(text))));
    }

    @Test
    void theOneWhoAskedHasThePageAsItComesAndTheOthersWaitForTheVerdict() {
        Gateway gateway = gateway();
        Collector leader = get(gateway, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
        Collector near = get(gateway, "/a");
        Collector far = get(gateway, otherLoop, "192.0.2.2", "/a");
        feed.chunk("<p>hel");
        settle();
        assertThat(leader.text()).isEqualTo("<p>hel");
        assertThat(near.response).isNull();
        assertThat(far.response).isNull();
        feed.chunk("lo</p>");
        feed.end();
        settle();
        assertThat(List.of(leader.text(), near.text(), far.text())).containsOnly("<p>hello</p>");
        assertThat(near.field("Cache-Status")).contains("collapsed");
        assertThat(origin.calls).hasSize(1);
        assertThat(get(gateway, "/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(flights.count()).isZero();
    }

    @Test
    void whatNeedsNoVerdictStreamsToAll() {
        Gateway gateway = gateway();
        get(gateway, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PLAIN);
        feed.chunk("abc");
        assertThat(get(gateway, "/a", "Cookie", "sid=zombie-7f3a9c21").text()).isEqualTo("abc");
    }

    @Test
    void aPrivatePageGoesToTheOneWhoAskedAndToNobodyElse() {
        Gateway gateway = gateway();
        Collector leader = get(gateway, "/a", "Cookie", "sid=zombie-7f3a9c21");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
        Collector near = get(gateway, "/a");
        Collector far = get(gateway, otherLoop, "192.0.2.2", "/a");
        settle();
        feed.chunk("<p>zombie-7f");
        feed.chunk("3a9c21</p>");
        feed.end();
        settle();
        assertThat(leader.text()).isEqualTo("<p>zombie-7f3a9c21</p>");
        assertThat(List.of(near.text(), far.text())).containsOnly("");
        assertThat(origin.calls).as("they set out again, together").hasSize(2);
        origin.last().respond(200, "<p>hello</p>", PAGE);
        settle();
        assertThat(List.of(near.text(), far.text())).containsOnly("<p>hello</p>");
        assertThat(findings.routes()).singleElement().satisfies(route -> {
            assertThat(route.found()).containsEntry("guard-cookie", 1L);
            assertThat(route.findings())
                    .containsExactly(new GuardedRoute.Finding("http://a.example/a", "guard-cookie: sid", 1));
        });
    }

    @Test
    void aFindOfOneVisitorsMakesNobodyElseWaitNorGoWithout() {
        Gateway gateway = gateway();
        get(gateway, "/a", "Cookie", "sid=zombie-7f3a9c21");
        origin.last().respond(200, "zombie-7f3a9c21", PAGE);
        get(gateway, "/a", "Cookie", "sid=another-5d1e8b44");
        get(gateway, "/a", "Cookie", "sid=another-5d1e8b44");
        assertThat(origin.calls)
                .as("visitors with cookies do not wait for each other")
                .hasSize(3);
        Collector anonymous = get(gateway, "/a");
        Collector second = get(gateway, "/a");
        assertThat(origin.calls).as("others share as before").hasSize(4);
        origin.last().respond(200, "hello", PAGE);
        assertThat(List.of(anonymous.text(), second.text())).containsOnly("hello");
        assertThat(get(gateway, "/a", "Cookie", "sid=zombie-7f3a9c21").text()).isEqualTo("hello");
    }

    @Test
    void aPageWithAFormOfItsOwnIsNeverSerialised() {
        Gateway gateway = gateway();
        Collector client = get(gateway, "/a");
        origin.last().respond(200, FORM, PAGE);
        assertThat(client.field("Cache-Status")).isEqualTo("larder; fwd=uri-miss; fwd-status=200; detail=guard-form");
        get(gateway, "/a");
        get(gateway, "/a");
        assertThat(origin.calls).hasSize(3);
        assertThat(store.stats().entries()).isZero();
    }

    @Test
    void encodedPagesAreLookedIntoOffTheLoop() {
        Gateway gateway = gateway();
        Collector leader = get(gateway, "/a");
        Collector follower = get(gateway, "/a");
        origin.last().answer().complete(gzipped("<p>hello</p>"));
        settle();
        assertThat(leader.ended).isTrue();
        assertThat(follower.response).as("nobody else before the verdict").isNull();
        assertThat(store.stats().entries()).isZero();
        work();
        assertThat(follower.ended).isTrue();
        assertThat(store.stats().entries()).isEqualTo(1);
        assertThat(flights.count()).isZero();
        get(gateway, "/b");
        Collector waiting = get(gateway, "/b");
        origin.last().answer().complete(gzipped(FORM));
        work();
        assertThat(waiting.response).isNull();
        assertThat(origin.calls).hasSize(3);
    }

    @Test
    void aPageThatBreaksOffFailsForThoseWhoWait() {
        Gateway gateway = gateway();
        get(gateway, "/a");
        Collector follower = get(gateway, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
        feed.chunk("<p>");
        feed.fail();
        settle();
        assertThat(follower.status()).isEqualTo(502);
        assertThat(origin.calls).as("nobody asks a failing origin again").hasSize(1);
        assertThat(flights.count()).isZero();
    }

    @Test
    void aPageTooLargeToBeLookedThroughIsNotShared() {
        rules = rules.withMaxObject(4);
        Gateway gateway = gateway();
        get(gateway, "/a");
        Collector follower = get(gateway, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
        feed.chunk("<p>hello");
        settle();
        assertThat(follower.response).isNull();
        assertThat(origin.calls).hasSize(2);
    }

    private void shadow() {
        rules = rules.withSharing(new CacheRules.Sharing(CacheRules.Guarding.SHADOW, null));
    }

    private GuardedRoute seen() {
        return findings.routes().get(0);
    }

    @Test
    void aShadowAsksTheOriginEachTimeAndComparesWithWhatItWouldHaveServed() {
        shadow();
        Gateway gateway = gateway();
        for (String page : List.of("one", "one", "one, changed")) {
            Collector client = get(gateway, "/a");
            origin.last().respond(200, page, PAGE);
            assertThat(client.text()).isEqualTo(page);
            assertThat(client.field("Cache-Status"))
                    .isEqualTo("larder; fwd=bypass; fwd-status=200; stored; ttl=60; detail=guard-shadow");
        }
        assertThat(seen().shadow()).isEqualTo(new GuardedRoute.Shadow(1, 1, 0, 0));
        assertThat(seen().findings())
                .containsExactly(new GuardedRoute.Finding("http://a.example/a", "differs over time at byte 3", 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aShadowTellsVisitorsApart(boolean byCookie) {
        shadow();
        Gateway gateway = gateway();
        String head = "x".repeat(4312);
        for (int visitor = 1; visitor <= 3; visitor++) {
            String cookie = byCookie ? "v=" + visitor : "v=0";
            String from = byCookie ? "192.0.2.1" : "192.0.2." + visitor;
            String[] sent = byCookie ? new String[] {"Cookie", cookie} : new String[0];
            get(gateway, loop, from, "/a", sent);
            ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
            feed.chunk(head.substring(0, 1000));
            feed.chunk(head.substring(1000) + visitor);
            feed.end();
        }
        assertThat(seen().shadow()).isEqualTo(new GuardedRoute.Shadow(0, 0, 2, 0));
        assertThat(seen().findings())
                .containsExactly(new GuardedRoute.Finding("http://a.example/a", "differs per visitor at byte 4312", 2));
    }

    @Test
    void aShadowSeesAnotherStatusAndLeavesOutWhatCannotBeCompared() {
        shadow();
        Gateway gateway = gateway();
        get(gateway, "/a");
        origin.last().respond(200, "one", PAGE);
        get(gateway, "/a");
        origin.last().respond(404, "gone", "Cache-Control", "no-store");
        get(gateway, "/a", "If-None-Match", "\"a\"");
        origin.last().respond(304, "", "ETag", "\"a\"");
        get(gateway, "/a");
        ScriptedOrigin.Feed feed = origin.last().stream(-1, PAGE);
        feed.chunk("on");
        feed.fail();
        assertThat(seen().shadow()).isEqualTo(new GuardedRoute.Shadow(0, 1, 0, 2));
        assertThat(seen().findings())
                .containsExactly(
                        new GuardedRoute.Finding("http://a.example/a", "differs over time: status 200, then 404", 1));
    }

    @Test
    void aShadowDecodesBeforeItCallsBodiesDifferent() {
        shadow();
        Gateway gateway = gateway();
        for (String page : List.of("<p>hello</p>", "<p>hello</p>", "<p>hullo</p>")) {
            get(gateway, "/a");
            Response response = gzipped(page);
            byte[] octets = ((Body.Whole) response.body()).bytes().toArray();
            octets[4] = (byte) origin.calls.size(); // another time in the head of the gzip (RFC 1952 2.3.1)
            origin.last().answer().complete(response.withBody(new Body.Whole(Bytes.of(octets))));
            work();
        }
        assertThat(seen().shadow()).isEqualTo(new GuardedRoute.Shadow(1, 1, 0, 0));
        assertThat(seen().findings())
                .containsExactly(new GuardedRoute.Finding("http://a.example/a", "differs over time at byte 4", 1));
    }

    @Test
    void aShadowTripsToo() {
        shadow();
        Gateway gateway = gateway();
        get(gateway, "/a");
        origin.last().respond(200, FORM, PAGE);
        assertThat(seen().found()).containsEntry("guard-form", 1L);
        assertThat(store.stats().entries()).isZero();
    }

    private void refreshAhead(double part) {
        CacheRules.Lifetimes from = rules.lifetimes();
        rules = rules.withLifetimes(new CacheRules.Lifetimes(
                from.fixed(), from.fallback(), from.heuristic(), from.negative(), from.targeted(), part, from.max()));
    }

    /** The origin takes 50 ms for each answer that is outstanding. */
    private void answerAll(int from) {
        loop.advance(Duration.ofMillis(50));
        for (ScriptedOrigin.Call call : List.copyOf(origin.calls.subList(from, origin.calls.size()))) {
            call.respond(200, "x", PLAIN);
        }
        settle();
    }

    @Test
    void onAHotKeyNobodyWaitsAtExpiryAndOneRefreshALifetimeIsEnough() {
        refreshAhead(0.1);
        Gateway gateway = gateway();
        get(gateway, "/hot");
        answerAll(0);
        int waited = 0;
        for (int i = 0; i < 20 * 60 * 10; i++) { // 20 lifetimes of 60 s, ten requests a second
            int before = origin.calls.size();
            Collector client = get(gateway, "/hot");
            waited += client.response == null ? 1 : 0;
            if (origin.calls.size() > before) {
                answerAll(before);
            }
            loop.advance(Duration.ofMillis(origin.calls.size() > before ? 50 : 100));
        }
        assertThat(waited).isZero();
        assertThat(origin.calls.size()).isBetween(20, 24);
    }

    @Test
    void coldKeysAreNotRefreshed() {
        refreshAhead(0.1);
        Gateway gateway = gateway();
        for (int i = 0; i < 1000; i++) {
            get(gateway, "/cold/" + i);
        }
        answerAll(0);
        loop.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 1000; i++) {
            assertThat(get(gateway, "/cold/" + i).field("X-Cache")).isEqualTo("HIT");
        }
        loop.advance(Duration.ofMinutes(10));
        assertThat(origin.calls).hasSize(1000);
    }

    @Test
    void whatIsAskedForOftenEnoughIsStored() {
        rules = rules.withStoring(new CacheRules.Storing(1 << 20, 3, false));
        Gateway gateway = gateway();
        for (int i = 1; i <= 2; i++) {
            Collector client = get(gateway, "/a");
            origin.last().respond(200, "x", PLAIN);
            assertThat(client.field("Cache-Status")).endsWith("fwd-status=200; detail=min-uses");
        }
        get(gateway, "/a");
        origin.last().respond(200, "x", PLAIN);
        assertThat(get(gateway, "/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(origin.calls).hasSize(3);
        loop.advance(Duration.ofHours(3));
        get(gateway, "/a");
        origin.last().respond(200, "x", PLAIN);
        assertThat(get(gateway, "/a").response).as("forgotten").isNull();
    }

    @Test
    void whatIsNotStoredYetIsSharedByThoseWhoWait() {
        rules = rules.withStoring(new CacheRules.Storing(1 << 20, 9, false));
        Gateway gateway = gateway();
        Collector leader = get(gateway, "/a");
        Collector follower = get(gateway, "/a");
        origin.last().respond(200, "x", PLAIN);
        assertThat(List.of(leader.text(), follower.text())).containsOnly("x");
        assertThat(origin.calls).hasSize(1);
        assertThat(store.stats().entries()).isZero();
    }
}
