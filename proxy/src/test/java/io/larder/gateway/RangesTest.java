package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
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
import io.larder.store.LocalStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of what is stored, of what is coming, of what is stale, and parts: in virtual time. */
class RangesTest {
    private static final String FRESH = "max-age=60";
    private static final CacheRules WHOLE = CacheRules.DEFAULTS.withRanges(new CacheRules.Ranges(false, true));

    private final ManualLoop loop = new ManualLoop();
    private final ManualLoop otherLoop = new ManualLoop();
    private final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    private final Flights flights = new Flights(store);
    private final ScriptedOrigin origin = new ScriptedOrigin();
    private final Gateway passing = gateway(CacheRules.DEFAULTS, true);
    private final Gateway fetching = gateway(WHOLE, true);
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
        return new Gateway(
                List.of(new SiteRules(
                        site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false))),
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

    private static Request request(String... headers) {
        return Request.get(Target.of("http", "a.example", "/a"), Headers.of(headers));
    }

    private Collector get(Gateway gateway, String... headers) {
        return Collector.of(gateway.handle(request(headers), exchange(loop)));
    }

    private Collector range(Gateway gateway, String range, String... headers) {
        Headers all = Headers.of(headers).toBuilder().add("Range", range).build();
        return Collector.of(gateway.handle(request().withHeaders(all), exchange(loop)));
    }

    private void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
            otherLoop.run();
        }
    }

    private void stored(String... headers) {
        get(passing);
        origin.last().respond(200, "0123456789", headers);
    }

    private void partial(String range, String body, String... headers) {
        Headers all = Headers.of(headers).toBuilder()
                .add("Content-Range", "bytes " + range)
                .build();
        origin.last().answer().complete(Response.of(206, all, new Body.Whole(io.larder.http.Bytes.utf8(body))));
    }

    private Headers asked() {
        return origin.last().request().headers();
    }

    @ParameterizedTest(name = "{0} -> {1} {2} {3}")
    @CsvSource(delimiter = ';', textBlock = """
            bytes=0-1   ; 206 ; 01         ; bytes 0-1/10
            bytes=4-    ; 206 ; 456789     ; bytes 4-9/10
            bytes=-1    ; 206 ; 9          ; bytes 9-9/10
            bytes=0-    ; 206 ; 0123456789 ; bytes 0-9/10
            bytes=0-4,3-5 ; 206 ; 012345   ; bytes 0-5/10
            bytes=10-   ; 416 ; ''         ; bytes */10
            bytes=4-1   ; 200 ; 0123456789 ; ''
            lines=0-1   ; 200 ; 0123456789 ; ''
            """)
    void rangesOfWhatIsStored(String range, int status, String body, String place) {
        stored("Cache-Control", FRESH, "ETag", "\"a\"", "Accept-Ranges", "bytes");
        Collector client = range(passing, range);
        assertThat(client.status()).isEqualTo(status);
        assertThat(client.text()).isEqualTo(body);
        assertThat(client.field("Content-Range")).isEqualTo(place);
        assertThat(client.field("Cache-Status")).isEqualTo("larder; hit; ttl=60");
        assertThat(client.field("Accept-Ranges")).isEqualTo(status == 416 ? "" : "bytes");
        assertThat(origin.calls).hasSize(1);
    }

    @Test
    void preconditionsComeFirst() { // RFC 9110 §13.2.2
        stored("Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(range(passing, "bytes=0-1", "If-None-Match", "\"a\"").status())
                .isEqualTo(304);
        assertThat(range(passing, "bytes=99-", "If-None-Match", "\"a\"").status())
                .isEqualTo(304);
        assertThat(range(passing, "bytes=0-1", "If-Range", "\"b\"").status()).isEqualTo(200);
        assertThat(range(passing, "bytes=0-1", "If-Range", "\"a\"").status()).isEqualTo(206);
    }

    @Test
    void whatSpeaksOfAnotherContentIsLeftOut() { // RFC 9530 §2, RFC 9110 §14.4
        stored("Cache-Control", FRESH, "Content-Range", "bytes 3-5/7", "Content-Digest", "x", "Repr-Digest", "y");
        assertThat(get(passing).field("Content-Range"))
                .as("on a 200 it is a field")
                .isEqualTo("bytes 3-5/7");
        Collector client = range(passing, "bytes=0-1");
        assertThat(client.field("Content-Range")).isEqualTo("bytes 0-1/10");
        assertThat(client.field("Content-Digest")).isEmpty();
        assertThat(client.field("Repr-Digest")).isEqualTo("y");
    }

    @Test
    void headIgnoresRanges() { // RFC 9110 §14.2
        stored("Cache-Control", FRESH);
        Request head = request("Range", "bytes=0-1").withMethod("HEAD");
        Collector client = Collector.of(passing.handle(head, exchange(loop)));
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.field("Content-Range")).isEmpty();
    }

    @Test
    void severalRangesAreSentAsParts() { // RFC 9110 §14.6
        stored("Cache-Control", FRESH, "Content-Type", "text/plain");
        Collector client = range(passing, "bytes=8-9,0-1");
        assertThat(client.field("Content-Type")).matches("multipart/byteranges; boundary=[0-9a-f]{32}");
        String boundary = client.field("Content-Type").substring("multipart/byteranges; boundary=".length());
        assertThat(client.text().replace("\r\n", "\n").replace(boundary, "B")).isEqualTo("""
                --B
                Content-Type: text/plain
                Content-Range: bytes 8-9/10

                89
                --B
                Content-Type: text/plain
                Content-Range: bytes 0-1/10

                01
                --B--
                """);
        assertThat(client.field("Content-Range")).isEmpty();
        String other = range(passing, "bytes=8-9,0-1").field("Content-Type");
        assertThat(other).isNotEqualTo(client.field("Content-Type"));
    }

    @Test
    void aStaleResponseIsValidatedWholeAndThenCut() {
        stored("Cache-Control", "max-age=10", "ETag", "\"a\"");
        loop.advance(Duration.ofSeconds(20));
        Collector client = range(passing, "bytes=0-1", "If-Range", "\"a\"");
        assertThat(asked().toString()).contains("If-None-Match: \"a\"").doesNotContain("Range: ");
        origin.last().respond(304, "", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(client.status()).isEqualTo(206);
        assertThat(client.text()).isEqualTo("01");
        loop.advance(Duration.ofSeconds(100));
        Collector changed = range(passing, "bytes=0-1");
        Collector conditional = range(passing, "bytes=0-1", "If-Range", "\"a\"");
        origin.last().respond(200, "abcdefghij", "Cache-Control", FRESH, "ETag", "\"b\"");
        assertThat(changed.text()).isEqualTo("ab");
        assertThat(conditional.text()).as("its If-Range is about the old one").isEqualTo("abcdefghij");
    }

    @Test
    void aStaleResponseThatMayBeServedIsCut() {
        stored("Cache-Control", "max-age=10, stale-while-revalidate=60, stale-if-error=600");
        loop.advance(Duration.ofSeconds(20));
        assertThat(range(passing, "bytes=0-1").text()).isEqualTo("01");
        assertThat(asked().toString()).as("the refresh is for the whole").doesNotContain("Range");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        loop.advance(Duration.ofSeconds(100));
        Collector client = range(passing, "bytes=0-1");
        origin.last().respond(503, "down");
        assertThat(client.text()).isEqualTo("01");
        assertThat(client.field("X-Cache")).isEqualTo("STALE");
    }

    @Test
    void aPartThatIsSentForAValidationIsNeverStored() {
        stored("Cache-Control", "max-age=10", "ETag", "\"a\"");
        loop.advance(Duration.ofSeconds(20));
        get(passing);
        partial("0-1/10", "01", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(get(passing).response).as("the whole is asked for again").isNull();
        assertThat(range(passing, "bytes=0-1").response).isNull();
    }

    @Test
    void aPartThatNobodyAskedForIsNeverStored() { // RFC 9110 §15.3.7
        get(passing);
        partial("0-1/10", "01", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(store.stats().entries()).isZero();
        range(passing, "bytes=0-1");
        partial("4-5/10", "45", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(store.stats().entries()).as("another one").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 416, 301, 503})
    void noAnswerToARangeStandsInForTheWhole(int status) {
        range(passing, "bytes=99-");
        origin.last().respond(status, "no", "Cache-Control", FRESH);
        assertThat(store.stats().entries()).isZero();
        assertThat(get(passing).response).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=0-1", "bytes=x", "bytes=2-1"})
    void whatOnlyTheOriginUnderstandsPassesAndIsNotStored(String range) {
        Collector client = range(passing, range);
        assertThat(asked().toString()).contains("Range: " + range);
        origin.last().respond(400, "no", "Cache-Control", FRESH);
        assertThat(client.field("Cache-Status")).isEqualTo("larder; fwd=bypass; fwd-status=400; detail=range");
        assertThat(store.stats().entries()).isZero();
    }

    @Test
    void aMissIsPassedAsItIsAsked() {
        Collector client = range(passing, "bytes=0-1", "If-Range", "\"a\"");
        assertThat(asked().toString()).contains("Range: bytes=0-1").contains("If-Range: \"a\"");
        origin.last().respond(200, "0123456789", "Cache-Control", FRESH);
        assertThat(client.text()).as("the origin said all of it").isEqualTo("0123456789");
        assertThat(get(passing).field("X-Cache")).isEqualTo("HIT");
        assertThat(range(passing, "bytes=0-1").text()).isEqualTo("01");
    }

    @Test
    void aPartIsStoredAndServedToThoseWhoAskForAPartOfIt() { // RFC 9111 §3.3
        Collector first = range(passing, "bytes=2-5");
        partial("2-5/10", "2345", "Cache-Control", FRESH);
        assertThat(first.field("Cache-Status")).isEqualTo("larder; fwd=uri-miss; fwd-status=206; stored; ttl=60");
        loop.advance(Duration.ofSeconds(5));
        Collector again = range(passing, "bytes=3-4");
        assertThat(again.status()).isEqualTo(206);
        assertThat(again.text()).isEqualTo("34");
        assertThat(again.field("Content-Range")).isEqualTo("bytes 3-4/10");
        assertThat(again.field("Age")).isEqualTo("5");
        assertThat(again.field("Cache-Status")).isEqualTo("larder; hit; ttl=55");
        assertThat(range(passing, "bytes=99-").field("Content-Range")).isEqualTo("bytes */10");
        assertThat(range(passing, "bytes=2-2,4-4").text()).contains("bytes 4-4/10");
        assertThat(origin.calls).hasSize(1);
        Collector more = range(passing, "bytes=0-5");
        assertThat(origin.calls).hasSize(2);
        partial("0-5/10", "012345", "Cache-Control", FRESH);
        assertThat(more.field("Cache-Status")).startsWith("larder; fwd=partial; fwd-status=206; stored");
        assertThat(get(passing).response).as("never for the whole").isNull();
    }

    @Test
    void aPartAnswersItsOwnTagsHolder() { // RFC 9111 §4.3.2
        range(passing, "bytes=2-5");
        partial("2-5/10", "2345", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(range(passing, "bytes=2-5", "If-None-Match", "\"a\"").status())
                .isEqualTo(304);
        assertThat(range(passing, "bytes=2-5", "If-Range", "\"a\"").text()).isEqualTo("2345");
        assertThat(range(passing, "bytes=2-5", "If-Range", "\"b\"").response)
                .as("the whole is wanted")
                .isNull();
    }

    @Test
    void partsOfTheSameAreJoinedUntilTheyAreTheWhole() { // RFC 9111 §3.4
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH, "ETag", "\"a\"", "X", "old");
        range(passing, "bytes=6-9");
        partial("6-9/10", "6789", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(range(passing, "bytes=1-2,7-").text()).contains("12").contains("789");
        range(passing, "bytes=2-7");
        partial("2-7/10", "234567", "Cache-Control", FRESH, "ETag", "\"a\"", "X", "new");
        Collector whole = get(passing);
        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.text()).isEqualTo("0123456789");
        assertThat(whole.field("X")).isEqualTo("new");
        assertThat(whole.field("Content-Range")).isEmpty();
        assertThat(store.stats().entries()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"'\"a\"', '\"b\"'", "W/\"a\", W/\"a\""})
    void partsThatMayBeOfDifferentRepresentationsAreNot(String one, String other) {
        range(passing, "bytes=0-4");
        partial("0-4/10", "01234", "Cache-Control", FRESH, "ETag", one);
        range(passing, "bytes=5-9");
        partial("5-9/10", "56789", "Cache-Control", FRESH, "ETag", other);
        assertThat(range(passing, "bytes=5-9").text()).isEqualTo("56789");
        assertThat(range(passing, "bytes=0-4").response).isNull();
        assertThat(get(passing).response).isNull();
    }

    @Test
    void whatIsMissingIsFetchedAndStreamedBetweenWhatIsThere() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH, "ETag", "\"a\"");
        Collector leader = get(passing);
        Collector follower = Collector.of(passing.handle(request(), exchange(otherLoop)));
        settle();
        assertThat(asked().toString()).contains("Range: bytes=4-").contains("If-Range: \"a\"");
        ScriptedOrigin.Feed feed = new ScriptedOrigin.Feed();
        Headers headers =
                Headers.of("Cache-Control", FRESH, "ETag", "\"a\"", "Content-Range", "bytes 4-9/10", "Date", "x");
        origin.last().answer().complete(Response.of(206, headers, new Body.Live(feed, 6)));
        settle();
        feed.chunk("45");
        settle();
        assertThat(List.of(leader.text(), follower.text())).containsOnly("012345");
        feed.chunk("6789");
        feed.end();
        settle();
        assertThat(List.of(leader, follower)).allSatisfy(client -> {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.text()).isEqualTo("0123456789");
            assertThat(client.ended).isTrue();
        });
        assertThat(get(passing).field("X-Cache")).isEqualTo("HIT");
        assertThat(store.stats().entries()).isEqualTo(1);
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whatDoesNotFitIsFetchedWhole() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH, "ETag", "\"a\"");
        Collector client = get(passing);
        partial("4-9/10", "456789", "Cache-Control", FRESH, "ETag", "\"b\"");
        assertThat(asked().toString()).doesNotContain("Range");
        origin.last().respond(200, "abcdefghij", "Cache-Control", FRESH, "ETag", "\"b\"");
        assertThat(client.text()).isEqualTo("abcdefghij");
        assertThat(range(passing, "bytes=0-3").text()).isEqualTo("abcd");
    }

    @Test
    void whenTheRestBreaksOffNobodyTakesItForTheWhole() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH, "ETag", "\"a\"");
        Collector client = get(passing);
        ScriptedOrigin.Feed feed = new ScriptedOrigin.Feed();
        Headers headers = Headers.of("Cache-Control", FRESH, "ETag", "\"a\"", "Content-Range", "bytes 4-9/10");
        origin.last().answer().complete(Response.of(206, headers, new Body.Live(feed, 6)));
        feed.chunk("45");
        feed.fail();
        assertThat(client.error).isInstanceOf(Failure.class);
        assertThat(client.ended).isFalse();
        assertThat(range(passing, "bytes=0-3").text())
                .as("the part is good still")
                .isEqualTo("0123");
        assertThat(get(passing).response).isNull();
    }

    @Test
    void aWholeThatIsStoredDropsTheParts() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH);
        get(passing);
        assertThat(asked().toString()).as("without validator").doesNotContain("Range");
        origin.last().respond(200, "abcdefghij", "Cache-Control", "max-age=1");
        assertThat(store.stats().entries()).isEqualTo(1);
        assertThat(range(passing, "bytes=0-3").text()).isEqualTo("abcd");
    }

    @Test
    void aPurgeTakesThePartsToo() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH);
        assertThat(store.purge(new Purge.Url("a.example", "/a")).here())
                .isCompletedWithValueMatching(purged -> purged.matched() == 1);
        range(passing, "bytes=0-3");
        assertThat(origin.calls).hasSize(2);
        store.purge(new Purge.Url("a.example", "/a"));
        partial("0-3/10", "0123", "Cache-Control", FRESH);
        assertThat(range(passing, "bytes=0-3").response)
                .as("a part that was fetched before a purge")
                .isNull();
    }

    @Test
    void partsGrowStaleLikeAnything() {
        range(passing, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", "max-age=10", "ETag", "\"a\"");
        loop.advance(Duration.ofSeconds(20));
        Collector client = range(passing, "bytes=0-3");
        assertThat(client.response).isNull();
        partial("0-3/10", "0123", "Cache-Control", FRESH, "ETag", "\"a\"");
        assertThat(client.text()).isEqualTo("0123");
        assertThat(range(passing, "bytes=0-3").field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void aPartThatBreaksOffIsNotStored() {
        range(passing, "bytes=0-3");
        ScriptedOrigin.Feed feed = new ScriptedOrigin.Feed();
        Headers headers = Headers.of("Cache-Control", FRESH, "Content-Range", "bytes 0-3/10");
        origin.last().answer().complete(Response.of(206, headers, new Body.Live(feed, Body.UNKNOWN)));
        feed.chunk("01");
        feed.end();
        assertThat(store.stats().entries()).as("shorter than it said").isZero();
    }

    @Test
    void aRangeFollowsTheWholeThatIsOnItsWay() {
        get(passing);
        ScriptedOrigin.Feed feed = origin.last().stream(10, "Cache-Control", FRESH);
        Collector near = range(passing, "bytes=2-3");
        Collector far = Collector.of(passing.handle(request("Range", "bytes=2-3"), exchange(otherLoop)));
        settle();
        assertThat(origin.calls).hasSize(1);
        assertThat(near.status()).isEqualTo(206);
        feed.chunk("0123");
        settle();
        assertThat(List.of(near, far)).allSatisfy(client -> {
            assertThat(client.text()).isEqualTo("23");
            assertThat(client.ended).as("without waiting for the rest").isTrue();
        });
        feed.chunk("456789");
        feed.end();
        assertThat(range(passing, "bytes=-1").text()).isEqualTo("9");
    }

    @Test
    void aRangeDoesNotFollowWhatItCannotBeCutFrom() {
        get(passing);
        origin.last().stream(Body.UNKNOWN, "Cache-Control", FRESH);
        range(passing, "bytes=2-3");
        assertThat(asked().toString()).contains("Range: bytes=2-3");
        assertThat(origin.calls).hasSize(2);
    }

    @Test
    void whenTheWholeIsNotForEveryoneTheRangePasses() {
        get(passing);
        range(passing, "bytes=2-3");
        assertThat(origin.calls).hasSize(1);
        origin.last().respond(200, "mine", "Cache-Control", "private");
        assertThat(origin.calls).hasSize(2);
        assertThat(asked().toString()).contains("Range: bytes=2-3");
    }

    @Test
    void aRouteMayFetchTheWholeForAPart() {
        Collector leader = range(fetching, "bytes=2-3", "If-Range", "\"a\"");
        Collector follower = range(fetching, "bytes=-2");
        Collector all = get(fetching);
        assertThat(origin.calls).hasSize(1);
        assertThat(asked().toString()).doesNotContain("Range");
        ScriptedOrigin.Feed feed = origin.last().stream(10, "Cache-Control", FRESH, "ETag", "\"a\"");
        feed.chunk("0123");
        assertThat(leader.text()).isEqualTo("23");
        assertThat(leader.ended).isTrue();
        assertThat(leader.field("Cache-Status")).isEqualTo("larder; fwd=uri-miss; fwd-status=200; stored; ttl=60");
        feed.chunk("456789");
        feed.end();
        assertThat(follower.text()).isEqualTo("89");
        assertThat(all.text()).isEqualTo("0123456789");
        assertThat(get(fetching).field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void whatCannotBeStoredIsCutAsItPasses() {
        Collector client = range(fetching, "bytes=2-3");
        ScriptedOrigin.Feed feed = origin.last().stream(10, "Cache-Control", "no-store");
        feed.chunk("0123");
        assertThat(client.text()).isEqualTo("23");
        assertThat(client.ended).isTrue();
        assertThat(feed.cancelled).as("the rest is not read").isTrue();
        range(fetching, "bytes=2-3");
        assertThat(asked().toString()).as("it is known now").contains("Range: bytes=2-3");
    }

    @Test
    void ofWhatHasNoLengthAllIsSent() {
        Collector client = range(fetching, "bytes=2-3");
        ScriptedOrigin.Feed feed = origin.last().stream(Body.UNKNOWN, "Cache-Control", FRESH);
        feed.chunk("0123456789");
        feed.end();
        assertThat(client.status()).isEqualTo(200);
        assertThat(client.text()).isEqualTo("0123456789");
        assertThat(range(fetching, "bytes=2-3").text()).isEqualTo("23");
    }

    @Test
    void aRangeOfWhatIsTooLargeIsCutAsItPassesAndThenAskedForAsItIs() {
        Gateway small = gateway(WHOLE.withMaxObject(1000), true);
        Collector client = range(small, "bytes=5000000000-5000000001");
        ScriptedOrigin.Feed feed = origin.last().stream(6_000_000_000L, "Cache-Control", FRESH);
        assertThat(client.field("Content-Range")).isEqualTo("bytes 5000000000-5000000001/6000000000");
        assertThat(client.response).isNotNull();
        assertThat(feed.isAsked()).isTrue();
        range(small, "bytes=0-1");
        assertThat(asked().toString()).contains("Range: bytes=0-1");
    }

    @Test
    void withoutCollapsingTheWholeIsFetchedAllTheSame() {
        Gateway alone = gateway(WHOLE, false);
        Collector client = range(alone, "bytes=2-3");
        assertThat(asked().toString()).doesNotContain("Range");
        origin.last().respond(200, "0123456789", "Cache-Control", FRESH);
        assertThat(client.text()).isEqualTo("23");
        assertThat(range(alone, "bytes=-1").text()).isEqualTo("9");
    }

    @Test
    void aFailureBehindARangeIsAFailure() {
        Collector client = range(passing, "bytes=0-1");
        origin.last().fail(Failure.Kind.CONNECTION_REFUSED);
        assertThat(client.status()).isEqualTo(502);
    }

    @Test
    void partsAnswerThoseWhoForbidToAskTheOrigin() { // RFC 9111 §5.2.1.7
        Gateway listening = gateway(CacheRules.DEFAULTS.withClientDirectives(true), true);
        range(listening, "bytes=0-3");
        partial("0-3/10", "0123", "Cache-Control", FRESH);
        assertThat(range(listening, "bytes=0-3", "Cache-Control", "only-if-cached")
                        .text())
                .isEqualTo("0123");
        assertThat(range(listening, "bytes=0-4", "Cache-Control", "only-if-cached")
                        .status())
                .isEqualTo(504);
        assertThat(get(listening, "Cache-Control", "only-if-cached").status()).isEqualTo(504);
    }
}
