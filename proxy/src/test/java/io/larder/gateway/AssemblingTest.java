package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.larder.exchange.Failure;
import io.larder.policy.CacheRules;
import io.larder.route.FragmentPlan;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages made of parts: when their octets go out, what is said of them, and what a part can do to its page. In virtual time. */
class AssemblingTest {
    private static final String TWO = "<p><esi:include src=\"/a\"/>|<esi:include src=\"/b\"/></p>";

    private final PageHouse house = new PageHouse();

    private Collector cached(String markup) {
        Collector first = house.get("/page");
        house.page("/page", markup);
        return first;
    }

    @Nested
    class Order {
        @Test
        void theBeginningGoesOutBeforeAnyPartIsThereAndThePartsInTheirOrder() {
            Collector client = cached(TWO);
            assertThat(client.text()).isEqualTo("<p>");
            assertThat(house.waiting()).containsExactly("/a", "/b");
            house.fragment("/b", "B");
            assertThat(client.text()).isEqualTo("<p>");
            house.fragment("/a", "A");
            assertThat(client.text()).isEqualTo("<p>A|B</p>");
            assertThat(client.ended).isTrue();
        }

        @Test
        void whatIsStoredIsPutTogetherAtOnceAndItsLengthIsKnown() {
            cached(TWO);
            house.fragment("/a", "A");
            house.fragment("/b", "B");
            Collector second = house.get("/page");
            assertThat(second.text()).isEqualTo("<p>A|B</p>");
            assertThat(second.length()).isEqualTo(10);
            assertThat(house.origin.calls).hasSize(3);
        }

        @Test
        void allAreAskedForAtOnceUpToSixtyFour() {
            String many = IntStream.range(0, 100)
                    .mapToObj(i -> "<esi:include src=\"/n/" + i + "\"/>")
                    .collect(Collectors.joining(","));
            Collector client = cached(many);
            assertThat(house.waiting()).hasSize(64);
            IntStream.range(0, 100).forEach(i -> house.fragment("/n/" + i, "" + i));
            assertThat(client.text())
                    .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "" + i).collect(Collectors.joining(",")));
        }

        @Test
        void aClientThatReadsSlowlyGetsAllOfIt() {
            Collector client = house.slow("/page");
            house.page("/page", TWO);
            house.fragment("/a", "A");
            house.fragment("/b", "B");
            for (int i = 0; i < 10; i++) {
                client.readOn();
            }
            assertThat(client.text()).isEqualTo("<p>A|B</p>");
        }

        @Test
        void whatIsLongLeavesInPiecesThatASlowClientMayHold() {
            Collector client = cached("x".repeat(1_000_000) + "<esi:include src=\"/a\"/>");
            house.settle();
            house.fragment("/a", "y".repeat(500_000));
            assertThat(client.octets().length()).isEqualTo(1_500_000);
            assertThat(client.longest()).isLessThanOrEqualTo(64 * 1024);
        }

        @Test
        void aClientThatLeavesTakesItsFragmentsAlong() {
            Collector client = cached(TWO);
            client.leave();
            assertThat(house.asked("/a").exchange().departure().isGone()).isTrue();
            assertThat(house.asked("/b").exchange().departure().isGone()).isTrue();
        }

        @Test
        void fragmentsOfFragmentsAreParts() {
            Collector client = cached("<esi:include src=\"/outer\"/>.");
            house.page("/outer", "(<esi:include src=\"inner\"/>)");
            house.fragment("/inner", "I");
            assertThat(client.text()).isEqualTo("(I).");
        }

        @Test
        void aFragmentThatDoesNotAskForItIsNotReadForMarkup() {
            Collector client = cached("<esi:include src=\"/a\"/>");
            house.fragment("/a", "<esi:include src=\"/b\"/>");
            assertThat(client.text()).isEqualTo("<esi:include src=\"/b\"/>");
        }

        @Test
        void aResponseThatDoesNotAskForItIsNotTouched() {
            Collector client = house.get("/page");
            house.fragment("/page", TWO, "ETag", "\"1\"", "Cache-Control", "max-age=5");
            assertThat(client.text()).isEqualTo(TWO);
            assertThat(client.field("ETag")).isEqualTo("\"1\"");
        }
    }

    @Nested
    class Trouble {
        @Test
        void whereNothingHasGoneOutThePageIsAnError() {
            Collector client = cached("<esi:include src=\"/a\"/>");
            house.asked("/a").respond(500, "no");
            house.settle();
            assertThat(client.status()).isEqualTo(502);
            assertThat(client.text()).doesNotContain("no</");
        }

        @Test
        void whereSomethingHasThePageBreaksOff() {
            Collector client = cached(TWO);
            house.asked("/a").respond(500, "no");
            house.settle();
            assertThat(client.text()).isEqualTo("<p>");
            assertThat(client.ended).isFalse();
            assertThat(client.error).isInstanceOf(Failure.class);
        }

        @ParameterizedTest
        @CsvSource({"500, text/html", "404, text/html", "301, text/html", "200, image/png", "206, text/html"})
        void whatIsNoFragmentGivesWayToTheAlternative(int status, String type) {
            Collector client = cached("<b><esi:include src=\"/a\" alt=\"/b\"/></b>");
            house.asked("/a").respond(status, "no", "Content-Type", type, "Location", "/c");
            house.settle();
            house.fragment("/b", "B");
            assertThat(client.text()).isEqualTo("<b>B</b>");
        }

        @Test
        void onErrorContinueShowsNothing() {
            Collector client = cached("<b><esi:include src=\"/a\" onerror=\"continue\"/></b>");
            house.asked("/a").fail(Failure.Kind.CONNECTION_REFUSED);
            house.settle();
            assertThat(client.text()).isEqualTo("<b></b>");
            assertThat(client.ended).isTrue();
        }

        @Test
        void theRoutesFallbackIsTheLastResort() {
            PageHouse soft = new PageHouse(PageHouse.plan("(gone)", 5, 256));
            Collector client = soft.get("/page");
            soft.page("/page", "<esi:include src=\"/a\" alt=\"/b\"/>");
            soft.asked("/a").respond(500, "no");
            soft.settle();
            soft.asked("/b").respond(500, "no");
            soft.settle();
            assertThat(client.text()).isEqualTo("(gone)");
        }

        @Test
        void aHungFragmentCostsItsDeadlineAndNothingElse() {
            Collector client =
                    cached("<p><esi:include src=\"/a\" onerror=\"continue\"/>|<esi:include src=\"/b\"/></p>");
            house.fragment("/b", "B");
            house.loop.advance(Duration.ofMillis(1_990));
            assertThat(client.text()).isEqualTo("<p>");
            house.loop.advance(Duration.ofMillis(40));
            assertThat(client.text()).isEqualTo("<p>|B</p>");
            assertThat(client.ended).isTrue();
        }

        @Test
        void aPageSaysHowLongItWaits() {
            Collector client = cached("<p><esi:include src=\"/a\" maxwait=\"100\" onerror=\"continue\"/></p>");
            house.loop.advance(Duration.ofMillis(130));
            assertThat(client.text()).isEqualTo("<p></p>");
        }

        @Test
        void atTheDeadlineAStaleCopyComesFirst() {
            cached("<p><esi:include src=\"/a\" alt=\"/b\"/></p>");
            house.fragment("/a", "old", "Cache-Control", "max-age=5, stale-if-error=60");
            house.loop.advance(Duration.ofSeconds(10));
            Collector client = house.get("/page");
            assertThat(client.text()).isEqualTo("<p>");
            house.loop.advance(Duration.ofMillis(2_010));
            assertThat(client.text()).isEqualTo("<p>old</p>");
            house.fragment("/a", "new");
            assertThat(house.get("/page").text()).isEqualTo("<p>new</p>");
        }

        @Test
        void aFragmentThatComesTooLateIsThereForTheNextPage() {
            cached("<p><esi:include src=\"/a\" onerror=\"continue\"/></p>");
            house.loop.advance(Duration.ofSeconds(3));
            house.fragment("/a", "late");
            assertThat(house.get("/page").text()).isEqualTo("<p>late</p>");
            assertThat(house.times("/a")).isEqualTo(1);
        }

        @Test
        void aBodyThatBreaksOffIsNoFragment() {
            Collector client = cached("<b><esi:include src=\"/a\" onerror=\"continue\"/></b>");
            ScriptedOrigin.Feed feed = house.asked("/a").stream(100, "Content-Type", "text/html");
            feed.chunk("half");
            feed.fail();
            house.settle();
            assertThat(client.text()).isEqualTo("<b></b>");
        }

        @Test
        void whatIsTooLongToBeHeldIsNoFragment() {
            Collector client = cached("<b><esi:include src=\"/a\" onerror=\"continue\"/></b>");
            ScriptedOrigin.Feed feed = house.asked("/a").stream(100 << 20, "Content-Type", "text/html");
            house.settle();
            assertThat(client.text()).isEqualTo("<b></b>");
            assertThat(feed.cancelled).isTrue();
        }

        @Test
        void anAttemptIsShownWholeOrNotAtAll() {
            String markup = "<esi:try><esi:attempt>[<esi:include src=\"/a\"/><esi:include src=\"/b\"/>]</esi:attempt>"
                    + "<esi:except>{<esi:include src=\"/c\"/>}</esi:except></esi:try>";
            Collector client = cached(markup);
            house.fragment("/a", "A");
            house.asked("/b").respond(500, "no");
            house.settle();
            house.fragment("/c", "C");
            assertThat(client.text()).isEqualTo("{C}");
            Collector second = house.get("/page");
            house.fragment("/b", "B");
            assertThat(second.text()).isEqualTo("[AB]");
        }
    }

    @Nested
    class Borders {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "http://evil.example/x",
                    "//evil.example/x",
                    "http://a.example:8080/x",
                    "http://user@a.example/x",
                    "http://b.example:81/x",
                    "javascript:alert(1)",
                    "file:///etc/passwd",
                    "/x%0d%0aHost:%20evil",
                    "/x%00",
                    "/x\r\nX: y",
                    "",
                    "gopher://a.example/",
                    "http://[::1]/x",
                    "http://127.0.0.1/x"
                })
        void nothingElseIsAskedFor(String reference) {
            Collector client = cached("<b><esi:include src=\"" + reference + "\" onerror=\"continue\"/></b>");
            assertThat(house.origin.calls).hasSize(1);
            assertThat(client.ended).isTrue();
            assertThat(client.text()).startsWith("<b>").endsWith("</b>");
        }

        @ParameterizedTest
        @CsvSource({
            "/x, /x",
            "x, /x",
            "../x, /x",
            "?q=1, /page?q=1",
            "http://a.example/x, /x",
            "HTTP://A.EXAMPLE:80/x, /x",
            "https://a.example/x, /x",
            "//a.example/x, /x",
            "/a b, /a%20b",
            "/ä, /%C3%A4",
            "/x?a=1&amp;b=2, /x?a=1&b=2",
            "/x#top, /x"
        })
        void theSitesOwnAre(String reference, String target) {
            cached("<esi:include src=\"" + reference + "\"/>");
            assertThat(house.waiting()).containsExactly(target);
        }

        @Test
        void anotherHostIsAskedForWhereTheRouteSaysSoAndNotToldWhoLooks() {
            house.get("/page", "Cookie", "sessionid=1", "Authorization", "Basic x");
            house.page("/page", "<esi:include src=\"http://b.example/raw/x\"/><esi:include src=\"/raw/x\"/>", "X", "y");
            List<ScriptedOrigin.Call> parts = house.origin.calls.subList(1, 3);
            assertThat(parts.get(0).request().headers().toString())
                    .contains("Host: b.example")
                    .doesNotContain("Cookie", "Authorization");
            assertThat(parts.get(1).request().headers().toString()).contains("Cookie: sessionid=1", "Authorization");
        }

        @Test
        void aPageWithinItselfIsCut() {
            Collector client = cached("(<esi:include src=\"/page\" onerror=\"continue\"/>)");
            assertThat(client.text()).isEqualTo("()");
        }

        @Test
        void longerCyclesAreCutToo() {
            Collector client = cached("(<esi:include src=\"/a\" onerror=\"continue\"/>)");
            house.page("/a", "[<esi:include src=\"/page\" onerror=\"continue\"/>]");
            assertThat(client.text()).isEqualTo("([])");
        }

        @Test
        void depthIsLimited() {
            PageHouse flat = new PageHouse(PageHouse.plan(null, 2, 256));
            Collector client = flat.get("/0");
            for (int i = 0; i < 3; i++) {
                String next = "<esi:include src=\"/" + (i + 1) + "\" onerror=\"continue\"/>";
                flat.page("/" + i, i + next);
            }
            assertThat(client.text()).isEqualTo("012");
            assertThat(flat.waiting()).isEmpty();
        }

        @Test
        void theCountIsThatOfTheWholePage() {
            PageHouse few = new PageHouse(PageHouse.plan("-", 5, 3));
            Collector client = few.get("/page");
            few.page("/page", "<esi:include src=\"/a\"/><esi:include src=\"/b\"/>");
            few.page("/a", "(<esi:include src=\"/c\"/><esi:include src=\"/d\"/>)");
            few.fragment("/b", "B");
            few.fragment("/c", "C");
            assertThat(client.text()).isEqualTo("(C-)B");
        }
    }

    @Nested
    class Heads {
        @Test
        void thePageIsAsFreshAsTheLeastFreshOfItsParts() {
            cached(TWO);
            house.fragment("/a", "A", "Cache-Control", "max-age=30");
            house.fragment("/b", "B", "Cache-Control", "max-age=90");
            house.loop.advance(Duration.ofSeconds(10));
            Collector second = house.get("/page");
            assertThat(second.field("Cache-Control")).isEqualTo("max-age=20");
            assertThat(second.field("Age")).isEmpty();
        }

        @Test
        void onePrivatePartMakesThePagePrivate() {
            house.get("/page", "Cookie", "sessionid=1");
            house.page("/page", "<esi:include src=\"/mine/a\"/>");
            house.fragment("/mine/a", "A", "Cache-Control", "private, max-age=30");
            Collector second = house.get("/page", "Cookie", "sessionid=1");
            assertThat(second.text()).isEqualTo("A");
            assertThat(second.field("Cache-Control")).isEqualTo("private, max-age=30");
            Collector other = house.get("/page", "Cookie", "sessionid=2");
            assertThat(house.waiting()).containsExactly("/mine/a");
            house.fragment("/mine/a", "other", "Cache-Control", "private, max-age=30");
            assertThat(other.text()).isEqualTo("other");
        }

        @Test
        void whatIsNotKnownYetMayNotBeUsedAgain() {
            Collector client = cached(TWO);
            assertThat(client.field("Cache-Control")).isEqualTo("private, no-cache");
        }

        @Test
        void nothingIsSaidThatIsTrueOfTheTemplateAlone() {
            Collector client = house.get("/page");
            house.page(
                    "/page",
                    "<p><esi:include src=\"/a\"/>",
                    "ETag",
                    "\"t\"",
                    "Last-Modified",
                    "Mon, 23 Nov 2026 12:00:00 GMT",
                    "Content-MD5",
                    "x",
                    "Accept-Ranges",
                    "bytes",
                    "Vary",
                    "Accept-Language");
            house.fragment("/a", "A", "Set-Cookie", "a=1", "Vary", "X-Country", "Cache-Control", "max-age=9");
            for (Collector each : List.of(client, house.get("/page"))) {
                assertThat(each.field("ETag") + each.field("Last-Modified") + each.field("Content-MD5"))
                        .isEmpty();
                assertThat(each.field("Accept-Ranges") + each.field("Surrogate-Control") + each.field("Set-Cookie"))
                        .isEmpty();
            }
        }

        @Test
        void aConditionOrARangeGetsTheWholePage() {
            cached("<p><esi:include src=\"/a\"/>");
            house.fragment("/a", "A");
            assertThat(house.get("/page", "Range", "bytes=0-1").text()).isEqualTo("<p>A");
            assertThat(house.get("/page", "Range", "bytes=9000-").text()).isEqualTo("<p>A");
            assertThat(house.get("/page", "If-None-Match", "*").status()).isEqualTo(200);
        }

        @Test
        void aHeadAsksForNoPart() {
            cached("<p><esi:include src=\"/a\"/>");
            house.fragment("/a", "A", "Cache-Control", "no-store");
            Collector head = house.ask("HEAD", "/page");
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.field("Cache-Control")).isEqualTo("private, no-cache");
            assertThat(head.field("Content-Length") + head.field("ETag")).isEmpty();
            assertThat(head.length()).isZero();
            assertThat(house.waiting()).isEmpty();
        }

        @Test
        void aPartThatIsMissingForNowDoesNotStayMissing() {
            cached("a<esi:include src=\"/a\" onerror=\"continue\"/>");
            house.asked("/a").fail(Failure.Kind.CONNECTION_REFUSED);
            house.settle();
            Collector second = house.get("/page");
            house.asked("/a").respond(503, "no", "Content-Type", "text/html");
            house.settle();
            assertThat(second.text()).isEqualTo("a");
            assertThat(second.field("Cache-Control")).isEqualTo("private, no-cache");
        }

        @Test
        void aPartThatWasTriedCountsAsOneThatIsShown() {
            String markup = "<esi:try><esi:attempt><esi:include src=\"/a\"/></esi:attempt>"
                    + "<esi:except><esi:include src=\"/b\"/></esi:except></esi:try>";
            Collector client = cached(markup);
            house.asked("/a").respond(403, "no", "Content-Type", "text/html", "Cache-Control", "private, max-age=5");
            house.settle();
            house.fragment("/b", "log in", "Cache-Control", "max-age=500");
            assertThat(client.text()).isEqualTo("log in");
            assertThat(client.field("Cache-Control")).isEqualTo("private, max-age=5");
        }

        @Test
        void whatSpeaksToGatewaysSaysNothingOfTheWhole() {
            PageHouse telling = new PageHouse(PageHouse.PLAN, CacheRules.DEFAULTS, Report.Detail.ON, true);
            telling.get("/page");
            telling.page(
                    "/page",
                    "<p><esi:include src=\"/a\"/>",
                    "X-Accel-Expires",
                    "600",
                    "Cloudflare-CDN-Cache-Control",
                    "max-age=600");
            telling.fragment("/a", "A", "Cache-Control", "max-age=60");
            Collector second = telling.get("/page");
            assertThat(second.text()).isEqualTo("<p>A");
            assertThat(second.field("Surrogate-Control")
                            + second.field("X-Accel-Expires")
                            + second.field("Cloudflare-CDN-Cache-Control"))
                    .isEmpty();
        }

        @Test
        void thoseWhoDebugAreToldOfTheParts() {
            PageHouse told = new PageHouse(PageHouse.PLAN, CacheRules.DEFAULTS, Report.Detail.DEBUG);
            told.get("/page");
            told.page("/page", TWO);
            told.fragment("/a", "A");
            told.page("/b", "<esi:include src=\"/c\"/>");
            told.fragment("/c", "C");
            assertThat(told.get("/page").field("Cache-Status"))
                    .endsWith("; fragments=\"/a hit/fresh, /b hit/fresh (/c hit/fresh)\"");
        }

        @Test
        void theOriginIsToldWhatIsDoneToItsPagesAndByUsAlone() {
            house.get("/page", "Surrogate-Capability", "evil=\"ESI/1.0\"");
            assertThat(house.origin.last().request().headers().toString())
                    .contains("Surrogate-Capability: larder=\"ESI/1.0\"")
                    .doesNotContain("evil");
        }
    }

    /** What is held of pages on their way is given back, however they end. */
    @Nested
    class Held {
        private final String page = "<p><esi:include src=\"/raw/a\"/>|<esi:include src=\"/raw/b\"/></p>";

        private ScriptedOrigin.Feed feed(String path, String... headers) {
            ScriptedOrigin.Feed feed = house.asked(path).stream(
                    -1, headers.length > 0 ? headers : new String[] {"Content-Type", "text/html"});
            house.settle();
            return feed;
        }

        private ScriptedOrigin.Feed pageFeed() {
            return feed("/raw/page", "Content-Type", "text/html", "Surrogate-Control", "content=\"ESI/1.0\"");
        }

        private void whole(ScriptedOrigin.Feed feed, String text) {
            feed.chunk(text);
            feed.end();
            house.settle();
        }

        @Test
        void whereItIsWhole() {
            Collector client = house.get("/raw/page");
            whole(pageFeed(), page);
            ScriptedOrigin.Feed a = feed("/raw/a");
            whole(feed("/raw/b"), "B".repeat(1000));
            assertThat(house.room.taken()).isEqualTo(page.length() + 1000);
            whole(a, "A");
            assertThat(client.text()).hasSize(page.length() - 2 * "<esi:include src=\"/raw/a\"/>".length() + 1001);
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereItLeavesInOnePieceItIsHeldUntilItHasLeft() {
            Collector client = house.slow("/raw/page");
            whole(pageFeed(), "<esi:include src=\"/raw/a\"/>");
            whole(feed("/raw/a"), "A".repeat(100_000));
            assertThat(house.room.taken()).isPositive();
            assertThat(client.length()).isEqualTo(100_000);
            for (int i = 0; i < 5; i++) {
                client.readOn();
            }
            assertThat(client.octets().length()).isEqualTo(100_000);
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereItBreaksOffWhileItIsRead() {
            Collector client = house.get("/raw/page");
            ScriptedOrigin.Feed feed = pageFeed();
            feed.chunk(page);
            assertThat(house.room.taken()).isPositive();
            feed.fail();
            house.settle();
            assertThat(client.status()).isEqualTo(502);
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereAPartBreaksOff() {
            house.get("/raw/page");
            whole(pageFeed(), page);
            ScriptedOrigin.Feed a = feed("/raw/a");
            a.chunk("half");
            a.fail();
            house.settle();
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereTheClientLeaves() {
            Collector client = house.get("/raw/page");
            whole(pageFeed(), page);
            feed("/raw/a").chunk("half");
            client.leave();
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereItIsTooLongToBeRead() {
            Collector client = house.get("/raw/page");
            house.asked("/raw/page")
                    .respond(
                            200,
                            "x".repeat(17 << 20),
                            "Content-Type",
                            "text/html",
                            "ETag",
                            "\"1\"",
                            "Surrogate-Control",
                            "content=\"ESI/1.0\"",
                            "Content-Encoding",
                            "unknown",
                            "Cache-Control",
                            "max-age=60");
            house.settle();
            assertThat(client.octets().length()).isEqualTo(17 << 20);
            assertThat(client.field("Cache-Control")).isEqualTo("private, no-store");
            assertThat(client.field("ETag")).isEmpty();
            assertThat(client.field("Content-Encoding")).isEqualTo("unknown");
            assertThat(house.room.taken()).isZero();
        }

        @Test
        void whereThereIsNoRoomAPageIsRefusedAndAPartFails() {
            house.get("/raw/page");
            ScriptedOrigin.Feed greedy = pageFeed();
            greedy.chunk("x".repeat((int) PageHouse.ROOM - 10));
            Collector client = house.get("/raw/page");
            pageFeed().chunk("y".repeat(11));
            house.settle();
            assertThat(client.status()).isEqualTo(503);
            greedy.fail();
            house.settle();
            assertThat(house.room.taken()).isZero();
        }
    }

    @Nested
    class Forced {
        private final PageHouse forced = new PageHouse(PageHouse.ssi());

        @Test
        void whatIsNoPageKeepsItsValidators() {
            forced.get("/logo");
            forced.asked("/logo")
                    .respond(200, "x", "Content-Type", "image/png", "ETag", "\"1\"", "Cache-Control", "max-age=60");
            forced.settle();
            Collector second = forced.get("/logo", "If-None-Match", "\"1\"");
            assertThat(second.status()).isEqualTo(304);
            assertThat(forced.times("/logo")).isEqualTo(1);
        }

        @Test
        void aPageHasNone() {
            forced.get("/page");
            forced.asked("/page")
                    .respond(200, "<p>", "Content-Type", "text/html", "ETag", "\"1\"", "Cache-Control", "max-age=60");
            forced.settle();
            Collector second = forced.get("/page", "If-None-Match", "\"1\"");
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.text()).isEqualTo("<p>");
        }

        @Test
        void whatNeverEndsIsNoPage() {
            Collector client = forced.get("/events");
            ScriptedOrigin.Feed feed = forced.asked("/events").stream(-1, "Content-Type", "text/event-stream");
            feed.chunk("data: 1\n\n");
            assertThat(client.text()).isEqualTo("data: 1\n\n");
        }
    }

    @Nested
    class Explained {
        @Test
        void eachPartIsExplainedAsARequestOfItsOwn() {
            cached(
                    "<esi:include src=\"/a\"/><esi:include src=\"/b\" alt=\"http://evil.example/\"/><esi:include src=\"/page\"/>");
            house.fragment("/a", "A");
            house.page("/b", "<esi:include src=\"/c\"/>");
            assertThat(house.explained("/page"))
                    .containsExactly(
                            entry("/a", "hit: fresh for 60 s more"),
                            entry("/b", "hit: fresh for 60 s more"),
                            entry("/b > /c", "goes to the origin: nothing is stored under this key"),
                            entry("http://evil.example/", "is not asked for: a host that is not allowed"),
                            entry("/page", "is not asked for: too deep, or a page within itself"));
        }

        @Test
        void aPartIsExplainedForTheVisitorAsFarAsItIsToldOfHim() {
            house.get("/page", "Cookie", "sessionid=1");
            house.page("/page", "<esi:include src=\"/mine/a\"/>");
            house.fragment("/mine/a", "A", "Cache-Control", "private, max-age=30");
            assertThat(house.explained("/page", "Cookie", "sessionid=1"))
                    .containsEntry("/mine/a", "hit: fresh for 30 s more");
            assertThat(house.explained("/page", "Cookie", "sessionid=2").get("/mine/a"))
                    .startsWith("goes to the origin");
        }
    }

    @Nested
    class Visitors {
        @Test
        void aSharedFragmentIsAskedForAsNobody() {
            house.get("/page", "Cookie", "sessionid=1; x=2", "Authorization", "Basic x");
            house.page("/page", "<esi:include src=\"/a\"/>");
            assertThat(house.asked("/a").request().headers().toString()).doesNotContain("Cookie", "Authorization");
        }

        @Test
        void variablesAreEscapedForTheirPlace() {
            String markup = "<esi:vars>$(QUERY_STRING{q})</esi:vars><esi:include src=\"/a?q=$(QUERY_STRING{q})\"/>";
            Collector client = house.get("/page?q=%3Cscript%3E%22%26x=1");
            house.page("/page?q=%3Cscript%3E%22%26x=1", markup);
            house.fragment("/a?q=%3Cscript%3E%22%26x%3D1", "A");
            assertThat(client.text()).isEqualTo("&lt;script&gt;&quot;&amp;x=1A");
        }

        @Test
        void cookiesAreNoVariablesUnlessTheRouteSaysSo() {
            String markup = "[<esi:vars>$(HTTP_COOKIE{name})</esi:vars>]";
            Collector client = house.get("/page", "Cookie", "name=eve");
            house.page("/page", markup);
            assertThat(client.text()).isEqualTo("[]");
            PageHouse open = new PageHouse(new FragmentPlan(
                    FragmentPlan.Language.ESI,
                    false,
                    Duration.ofSeconds(2),
                    null,
                    new FragmentPlan.Limits(List.of(), 5, 256),
                    new FragmentPlan.Visitor(true, false)));
            Collector eve = open.get("/page", "Cookie", "name=eve");
            open.page("/page", markup);
            assertThat(eve.text()).isEqualTo("[eve]");
            assertThat(eve.field("Cache-Control")).isEqualTo("private, max-age=60");
            assertThat(eve.field("Vary")).isEqualTo("Cookie");
        }

        /** A proxy that is trusted may say under which URL the client asked; a fragment has a URL of its own. */
        @Test
        void whatAProxySaysOfThePagesUrlIsNotSaidOfItsFragments() {
            PageHouse trusting = PageHouse.behindProxy();
            trusting.get("/page", "X-Original-URL", "/evil", "X-Forwarded-Host", "a.example");
            trusting.page("/page", "<esi:include src=\"/a\"/><esi:include src=\"http://b.example/b\"/>");
            assertThat(trusting.asked("/a").request().headers().toString())
                    .doesNotContain("X-Original-URL")
                    .contains("X-Forwarded-Host: a.example");
            assertThat(trusting.asked("/b").request().headers().toString())
                    .doesNotContain("X-Original-URL", "a.example\r\n");
        }

        @Test
        void aFragmentOfAnUntoldHostIsNotStoredForEverybody() {
            PageHouse trusting = PageHouse.behindProxy();
            trusting.get("/page", "X-Forwarded-Host", "evil.example");
            trusting.page("/page", "<esi:include src=\"/a\"/>");
            trusting.fragment("/a", "of evil");
            trusting.get("/a");
            assertThat(trusting.waiting()).containsExactly("/a");
        }

        @Test
        void aShortPageDoesNotMakeALongAnswerOfWhatAVisitorSends() {
            String query = "/page?q=" + "x".repeat(4000);
            Collector client = house.get(query);
            house.page(query, "<esi:vars>" + "$(QUERY_STRING{q})".repeat(1000) + "</esi:vars>");
            assertThat(client.octets().length()).isBetween(1_000_000L, 1L << 20);
        }

        @Test
        void aPageMaySayHowLongAFragmentIsFresh() {
            cached("<p><esi:include src=\"/a\" ttl=\"1h\"/>");
            house.fragment("/a", "A", "Cache-Control", "max-age=1");
            house.loop.advance(Duration.ofSeconds(50));
            assertThat(house.get("/page").text()).isEqualTo("<p>A");
            assertThat(house.waiting()).isEmpty();
        }
    }

    @Nested
    class ServerSideIncludes {
        private final PageHouse nginx = new PageHouse(PageHouse.ssi());

        private Collector page(String markup) {
            Collector client = nginx.get("/page?x=1");
            nginx.fragment("/page?x=1", markup);
            return client;
        }

        @Test
        void whatComesFromNginxWorksHere() {
            Collector client =
                    page("<!--# set var=\"a\" value=\"A\" --><!--# if expr=\"$arg_x = 1\" --><!--# echo var=\"a\" -->"
                            + "<!--# else -->no<!--# endif -->|<!--# include virtual=\"/f?q=$arg_x\" -->|"
                            + "<!--# config timefmt=\"%Y-%m-%d\" --><!--# echo var=\"date_gmt\" -->");
            nginx.asked("/f?q=1").respond(200, "F", "Content-Type", "text/html");
            nginx.settle();
            assertThat(client.text()).isEqualTo("A|F|2026-11-23");
        }

        @Test
        void aStubStandsForWhatFailsOrIsEmpty() {
            Collector client = page("<!--# block name=\"s\" -->stub<!--# endblock -->"
                    + "<!--# include virtual=\"/a\" stub=\"s\" -->,<!--# include virtual=\"/b\" stub=\"s\" -->");
            nginx.asked("/a").respond(500, "no");
            nginx.asked("/b").respond(200, "", "Content-Type", "text/html");
            nginx.settle();
            assertThat(client.text()).isEqualTo("stub,stub");
        }

        @Test
        void whatFailsWithoutAStubSaysSoAndThePageGoesOn() {
            Collector client = page("(<!--# include virtual=\"/a\" -->)");
            nginx.asked("/a").respond(500, "no");
            nginx.settle();
            assertThat(client.text()).isEqualTo("([an error occurred while processing the directive])");
        }
    }
}
