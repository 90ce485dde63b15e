package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.http.Fields;
import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import io.larder.policy.Stored;
import io.larder.route.StickyTokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stay with the server that has answered them. */
class StickingTest {
    private static final String CLIENT = "192.0.2.1";
    private static final String ONE = "10.0.0.1:80";
    private static final String OTHER = "10.0.0.2:80";

    private final SplitHouse house = new SplitHouse("app", "primary");

    /** A cookie that binds to {@code server} of {@code upstream}. */
    private String bound(String upstream, String server) {
        String set = house.stickiness(upstream).set(server, house.loop.now(), false);
        return set.substring(0, set.indexOf(';'));
    }

    private Collector page(String... headers) {
        Collector answer = house.get(CLIENT, "/stuck/a", headers);
        house.respond(200, "his", "Cache-Control", "private");
        return answer;
    }

    private String affinity() {
        return String.valueOf(house.origin.last().exchange().affinity());
    }

    @Test
    void whoeverIsAnsweredIsBoundToTheServer() {
        Collector first = page();
        String cookie = SplitHouse.cookie(first, "node_app");
        assertThat(cookie).isEqualTo(bound("app", ONE));
        assertThat(first.field("Set-Cookie")).endsWith("; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax");
        assertThat(affinity()).isEqualTo("null");

        Collector second = page("Cookie", "a=1; " + cookie);
        assertThat(affinity()).isEqualTo(ONE);
        assertThat(second.field("Set-Cookie")).as("nothing new").isEmpty();
        assertThat(house.origin.last().request().headers().combined(Fields.COOKIE))
                .isEqualTo("a=1");
    }

    @Test
    void aSecureClientsCookieIsSecure() {
        Collector answer = house.askSecurely(CLIENT, "GET", "/stuck/a");
        house.respond(200, "his");
        assertThat(answer.field("Set-Cookie")).endsWith("; Secure");
    }

    @Test
    void theBondIsRenewedInItsSecondHalf() {
        String cookie = bound("app", OTHER);
        house.loop.advance(Duration.ofMinutes(29));
        assertThat(page("Cookie", cookie).field("Set-Cookie")).isEmpty();
        house.loop.advance(Duration.ofMinutes(2));
        assertThat(SplitHouse.cookie(page("Cookie", cookie), "node_app")).isEqualTo(bound("app", OTHER));
        assertThat(affinity()).isEqualTo(OTHER);
        house.loop.advance(Duration.ofMinutes(29));
        assertThat(SplitHouse.cookie(page("Cookie", cookie), "node_app")).isEqualTo(bound("app", ONE));
        assertThat(affinity()).as("past its end").isEqualTo("null");
    }

    @Test
    void aServerThatIsGoneIsReplaced() {
        String cookie = bound("app", OTHER);
        house.servers.put("app", List.of(ONE));
        assertThat(SplitHouse.cookie(page("Cookie", cookie), "node_app")).isEqualTo(bound("app", ONE));
        assertThat(affinity()).isEqualTo("null");
    }

    /** The balancer may pick another, where the one that the client is bound to cannot be used. */
    @Test
    void whoeverAnswersInstead() {
        Collector answer = house.get(CLIENT, "/stuck/a", "Cookie", bound("app", OTHER));
        house.origin.last().exchange().journal().attempted("app", ONE);
        house.respond(200, "his", "Cache-Control", "no-store");
        assertThat(SplitHouse.cookie(answer, "node_app")).isEqualTo(bound("app", ONE));
    }

    @ParameterizedTest
    @CsvSource({
        "app, 10.0.9.9:80", // no server of it
        "primary, 10.0.0.2:80", // another upstream's
    })
    void whatBindsElsewhereBindsToNothingHere(String upstream, String server) {
        String value = bound(upstream, server).split("=", 2)[1];
        page("Cookie", "node_app=" + value);
        assertThat(affinity()).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "10.0.0.2:80", "AWBlbck1hCXHAAAAAGsNc1BQKK3vvIzL9nMf6WefSMW9"})
    void garbageBindsToNothing(String value) {
        assertThat(page("Cookie", "node_app=" + value).field("Set-Cookie")).startsWith("node_app=");
        assertThat(affinity()).isEqualTo("null");
        assertThat(house.origin.last().request().headers().contains(Fields.COOKIE))
                .isFalse();
    }

    @Test
    void whatIsForOneClientIsForNobodyElse() {
        Collector silent = house.get(CLIENT, "/stuck/a");
        house.respond(200, "page", "CDN-Cache-Control", "no-store", "ETag", "\"1\"");
        assertThat(silent.field("Set-Cookie")).isNotEmpty();
        assertThat(silent.field("Cache-Control")).isEqualTo("private");
        assertThat(silent.field("CDN-Cache-Control")).isEmpty();
    }

    @Test
    void whatEverybodyMayHaveBindsNobody() {
        Collector miss = house.get(CLIENT, "/stuck/a");
        house.respond(200, "everybody's", "Cache-Control", "public, max-age=60");
        assertThat(miss.field("Set-Cookie")).isEmpty();
        assertThat(miss.field("Cache-Control")).isEqualTo("public, max-age=60");
        Collector hit = house.get(CLIENT, "/stuck/a");
        assertThat(hit.field("X-Cache")).isEqualTo("HIT");
        assertThat(hit.field("Set-Cookie")).isEmpty();
    }

    @Test
    void aFormsAnswerBindsWhateverItSaysOfItself() {
        Collector posted = house.ask(CLIENT, "POST", "/stuck/login");
        house.respond(200, "welcome", "Cache-Control", "max-age=60");
        assertThat(posted.field("Set-Cookie")).startsWith("node_app=");
        assertThat(posted.field("Cache-Control")).isEqualTo("max-age=60, private");
    }

    @ParameterizedTest
    @CsvSource({"200, true", "404, true", "302, true", "500, false", "503, false"})
    void aServerInTroubleBindsNobody(int status, boolean binds) {
        Collector answer = house.get(CLIENT, "/stuck/a");
        house.respond(status, "", "Cache-Control", "no-store");
        assertThat(answer.field("Set-Cookie").isEmpty()).isEqualTo(!binds);
    }

    @Test
    void whoeverOnlyWaitedForAnothersFetchIsNotBound() {
        Collector leader = house.get(CLIENT, "/stuck/a");
        Collector follower = house.get("192.0.2.9", "/stuck/a");
        // its route says how long: it does not itself, so that the leader is bound
        house.respond(200, "page", "Cache-Control", "max-age=0, stale-while-revalidate=60");
        assertThat(house.asked).hasSize(1);
        assertThat(leader.field("Set-Cookie")).startsWith("node_app=");
        assertThat(leader.field("Cache-Control")).endsWith(", private");
        assertThat(follower.text()).isEqualTo("page");
        assertThat(follower.field("Set-Cookie")).isEmpty();
        assertThat(follower.field("Cache-Control")).isEqualTo("max-age=0, stale-while-revalidate=60");

        Collector stale = house.get(CLIENT, "/stuck/a");
        assertThat(stale.field("X-Cache")).isEqualTo("STALE");
        assertThat(stale.field("Set-Cookie"))
                .as("what comes from the store binds nobody")
                .isEmpty();
    }

    @Test
    void whatIsStoredHoldsNoCookieOfOurs() {
        house.get(CLIENT, "/stuck/a");
        Request request = house.origin.last().request();
        house.respond(200, "page", "Cache-Control", "max-age=0, stale-while-revalidate=60");
        List<Stored> stored =
                house.store.peek(CacheKey.of(KeyRules.PLAIN, request)).all();
        assertThat(stored).hasSize(1).allSatisfy(each -> {
            assertThat(each.headers().contains(Fields.SET_COOKIE)).isFalse();
            assertThat(each.headers().combined(Fields.CACHE_CONTROL)).isEqualTo("max-age=0, stale-while-revalidate=60");
        });
    }

    /** The cookie is another one for each client, and comes with every request to the host. */
    @Test
    void theCookieCountsForNoKeyAndNoGuard() {
        String cookie = bound("app", OTHER);
        house.get(CLIENT, "/split/a", "Cookie", cookie);
        assertThat(house.origin.last().request().headers().contains(Fields.COOKIE))
                .isFalse();
        String token = cookie.split("=", 2)[1];
        house.respond(200, token, "Cache-Control", "max-age=60", "Vary", "Cookie", "Content-Type", "text/html");
        assertThat(house.get(CLIENT, "/split/a").field("X-Cache")).isEqualTo("HIT");
    }

    @Test
    void aBoundClientsMissIsAskedOfItsServer() {
        house.get(CLIENT, "/stuck/a", "Cookie", bound("app", OTHER));
        assertThat(affinity())
                .as("though a flight is led by an exchange of its own")
                .isEqualTo(OTHER);
        assertThat(house.origin.last().exchange()).isNotSameAs(house.exchanges.getLast());
    }

    @Test
    void whereWritesGoHasBondsOfItsOwn() {
        Collector written = house.ask(CLIENT, "POST", "/rw/a", "Cookie", bound("app", OTHER));
        assertThat(affinity()).isEqualTo("null");
        house.respond(200, "done");
        assertThat(written.field("Set-Cookie")).contains("node_primary=", "larder_wrote=");
        assertThat(written.field("Cache-Control")).isEqualTo("private");
        String back = SplitHouse.cookie(written, "node_primary") + "; " + SplitHouse.cookie(written, "larder_wrote");
        house.get(CLIENT, "/rw/a", "Cookie", back);
        assertThat(house.asked).containsExactly("primary", "primary");
        assertThat(affinity()).isEqualTo("10.0.3.1:80");
    }

    @Test
    void aPagesFragmentsAreAskedOfTheSameServer() {
        String cookies = bound("primary", "10.0.3.2:80") + "; larder_wrote="
                + house.loop.now().toEpochMilli();
        Collector page = house.get(CLIENT, "/rw/page", "Cookie", cookies);
        assertThat(affinity()).isEqualTo("10.0.3.2:80");
        house.respond(
                200,
                "[<esi:include src=\"/rw/part\"/>]",
                "Content-Type",
                "text/html",
                "Surrogate-Control",
                "content=\"ESI/1.0\"");
        assertThat(house.asked).containsExactly("primary", "primary");
        assertThat(affinity()).isEqualTo("10.0.3.2:80");
        house.respond(200, "part", "Cache-Control", "max-age=60");
        assertThat(page.text()).isEqualTo("[part]");
    }

    @Test
    void aFragmentBindsNobodyAndMakesNoPagePrivate() {
        Collector page = house.get(CLIENT, "/rw/page");
        house.respond(
                200,
                "[<esi:include src=\"/stuck/at-once\"/>]",
                "Content-Type",
                "text/html",
                "Surrogate-Control",
                "content=\"ESI/1.0\"",
                "Cache-Control",
                "max-age=60");
        assertThat(page.text()).isEqualTo("[at once]");
        assertThat(page.field("Set-Cookie")).isEmpty();
        assertThat(page.field("Cache-Control")).isEqualTo("no-cache");
    }

    @Test
    void aFragmentHasTheBondThatItsUpstreamKnows() {
        house.get(CLIENT, "/rw/page", "Cookie", bound("app", OTHER));
        house.respond(
                200,
                "[<esi:include src=\"/stuck/part\"/>]",
                "Content-Type",
                "text/html",
                "Surrogate-Control",
                "content=\"ESI/1.0\"");
        assertThat(house.asked).containsExactly("replica", "app");
        assertThat(affinity()).isEqualTo(OTHER);
    }

    @Test
    void theTokenNamesNoAddress() {
        assertThat(page().field("Set-Cookie")).doesNotContain("10.0.0");
        assertThat(new StickyTokens(SplitHouse.KEY, "app", List.of(ONE)).toString())
                .doesNotContain("10.0.0", "secret");
    }
}
