package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.exchange.Client;
import io.larder.http.Fields;
import io.larder.http.Glob;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstreams that share a route: who is asked, what is stored for whom, and what a client sees of what it wrote. */
class SplittingTest {
    private static final String[] FRESH = {"Cache-Control", "max-age=60"};
    private static final String OLD = client(false);
    private static final String NEW = client(true);

    private final SplitHouse house = new SplitHouse();

    /** An address that is, or is not, among the five per cent. */
    private static String client(boolean canary) {
        SplitHouse trial = new SplitHouse();
        return IntStream.range(1, 250)
                .mapToObj(i -> "192.0.2." + i)
                .filter(address -> {
                    trial.get(address, "/split/" + address);
                    return trial.asked.getLast().equals("next") == canary;
                })
                .findFirst()
                .orElseThrow();
    }

    private void stored(String client, String path, String body) {
        house.get(client, path);
        house.respond(200, body, FRESH);
        assertThat(house.get(client, path).text()).isEqualTo(body);
    }

    @Test
    void whatIsStoredIsOfTheSideThatTheClientIsOn() {
        stored(OLD, "/split/a", "old");
        assertThat(house.get(NEW, "/split/a").response)
                .as("not from the other side")
                .isNull();
        house.respond(200, "new", FRESH);
        assertThat(house.asked).containsExactly("app", "next");
        assertThat(house.get(OLD, "/split/a").text()).isEqualTo("old");
        assertThat(house.get(NEW, "/split/a").text()).isEqualTo("new");
        assertThat(house.asked).hasSize(2);
    }

    @Test
    void nobodyFollowsAFetchOfTheOtherSide() {
        house.get(OLD, "/split/a");
        Collector other = house.get(NEW, "/split/a");
        assertThat(house.asked).containsExactly("app", "next");
        house.respond(200, "new", FRESH);
        assertThat(other.text()).isEqualTo("new");
    }

    @Test
    void aCanaryDoesNotEmptyTheCache() {
        SplitHouse before = new SplitHouse(0, Set.of());
        before.get(OLD, "/split/a");
        before.respond(200, "old", FRESH);
        CacheKey plain = CacheKey.of(KeyRules.PLAIN, before.origin.last().request());
        assertThat(before.store.peek(plain).all())
                .as("under the key that it has without a canary")
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"url", "prefix", "tag", "match", "host", "PURGE", "write"})
    void aPurgeReachesBothSides(String by) {
        stored(OLD, "/split/a", "old");
        stored(NEW, "/split/a", "new");
        Target target = Target.of("http", "a.example", "/split/a");
        switch (by) {
            case "url" -> house.gateway.urls().of(target).forEach(house.store::purge);
            case "prefix" -> house.store.purge(new Purge.Prefix("a.example", "/split/"));
            case "tag" -> house.store.purge(new Purge.Tag("all-of-it", "site"));
            case "match" -> house.store.purge(new Purge.Match(new Glob("a.example/*/a")));
            case "host" -> house.store.purge(new Purge.Host("a.example"));
            case "PURGE" ->
                assertThat(house.ask(OLD, "PURGE", "/split/a").text()).contains("\"matched\":2");
            default -> {
                house.ask(NEW, "POST", "/split/a");
                house.respond(204, "");
            }
        }
        assertThat(house.get(OLD, "/split/a").response).isNull();
        house.respond(200, "older", FRESH);
        assertThat(house.get(NEW, "/split/a").response).isNull();
    }

    @Test
    void theClientIsWhomATrustedProxyNames() {
        house.get("10.9.0.1", "/split/a", "X-Forwarded-For", NEW);
        house.get("10.9.0.1", "/split/a", "X-Forwarded-For", OLD);
        house.get(OLD, "/split/b", "X-Forwarded-For", NEW);
        assertThat(house.asked).containsExactly("next", "app", "app");
    }

    @Test
    void whatIsNotKeyedHasItsSide() {
        String[] otherUrl = {"X-Forwarded-For", NEW, "X-Forwarded-Host", "b.example"};
        Collector answer = house.get("10.9.0.1", "/split/a", otherUrl);
        house.respond(200, "new", FRESH);
        assertThat(house.asked).containsExactly("next");
        assertThat(answer.field("Cache-Status")).endsWith("detail=unkeyed");
    }

    @Test
    void aStaleResponseIsRefreshedOnItsOwnSide() {
        house.get(NEW, "/split/a");
        house.respond(200, "new", "Cache-Control", "max-age=1, stale-while-revalidate=60");
        house.loop.advance(Duration.ofSeconds(2));
        assertThat(house.get(NEW, "/split/a").text()).isEqualTo("new");
        house.respond(200, "newer", FRESH);
        assertThat(house.asked).containsExactly("next", "next");
        assertThat(house.get(OLD, "/split/a").response).isNull();
        assertThat(house.get(NEW, "/split/a").text()).isEqualTo("newer");
    }

    @Test
    void writesGoToTheirUpstreamAndInvalidate() {
        stored(OLD, "/rw/a", "before");
        Collector written = house.ask(OLD, "POST", "/rw/a");
        house.respond(200, "done", "Set-Cookie", "sessionid=1");
        assertThat(house.asked).containsExactly("replica", "primary");
        assertThat(written.field("Cache-Status")).isEqualTo("larder; fwd=method; fwd-status=200");
        assertThat(written.field("Set-Cookie"))
                .isEqualTo("sessionid=1, larder_wrote=" + house.loop.now().toEpochMilli()
                        + "; Max-Age=5; Path=/; HttpOnly; SameSite=Lax");
        assertThat(written.field("Cache-Control")).isEqualTo("private");
        assertThat(house.get(NEW, "/rw/a").response)
                .as("the stored one is gone")
                .isNull();
        assertThat(house.asked).endsWith("replica");
    }

    @Test
    void whoHasWrittenReadsWhereHeWroteForAWhile() {
        stored(OLD, "/rw/a", "before");
        Collector written = house.askSecurely(OLD, "PUT", "/rw/b");
        house.respond(303, "", "Location", "/rw/c");
        assertThat(written.field("Set-Cookie")).endsWith("; Secure");
        String[] wrote = {"Cookie", "a=1; " + SplitHouse.cookie(written, "larder_wrote") + "; b=2"};

        Collector read = house.get(OLD, "/rw/a", wrote);
        assertThat(house.asked).endsWith("primary");
        assertThat(house.origin.last().request().headers().combined(Fields.COOKIE))
                .isEqualTo("a=1; b=2");
        house.respond(200, "after", FRESH);
        assertThat(read.text()).isEqualTo("after");
        assertThat(read.field("Cache-Status")).isEqualTo("larder; fwd=bypass; fwd-status=200; detail=read-your-writes");
        assertThat(read.field("Set-Cookie")).isEmpty();
        assertThat(house.get(OLD, "/rw/a").text())
                .as("nothing was stored of it")
                .isEqualTo("before");
        assertThat(house.ask(OLD, "HEAD", "/rw/a", wrote).response).isNull();
        assertThat(house.asked).endsWith("primary");

        house.loop.advance(Duration.ofSeconds(5));
        assertThat(house.get(OLD, "/rw/a", wrote).text()).isEqualTo("before");
    }

    @Test
    void aRouteThatStoresNothingShowsWhatWasWrittenToo() {
        house.ask(OLD, "POST", "/raw/a");
        house.respond(204, "");
        String wrote = "larder_wrote=" + house.loop.now().toEpochMilli();
        Collector read = house.get(OLD, "/raw/a", "Cookie", wrote);
        house.respond(200, "after");
        assertThat(house.asked).containsExactly("primary", "primary");
        assertThat(read.field("Cache-Status")).endsWith("detail=read-your-writes");
        assertThat(house.origin.last().request().headers().contains(Fields.COOKIE))
                .isFalse();
        house.get(OLD, "/raw/a");
        assertThat(house.asked).endsWith("replica");
    }

    @ParameterizedTest
    @CsvSource({"400, false", "404, false", "500, false", "503, false", "200, true", "204, true", "302, true"})
    void onlySuccessIsRemembered(int status, boolean remembered) {
        Collector written = house.ask(OLD, "POST", "/rw/a");
        house.respond(status, "");
        assertThat(written.field("Set-Cookie").contains("larder_wrote")).isEqualTo(remembered);
        assertThat(written.field("Cache-Control").contains("private")).isEqualTo(remembered);
    }

    @Test
    void aReadIsNotRemembered() {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "QUERY")) {
            Collector read = house.ask(OLD, method, "/raw/a");
            house.respond(200, "");
            assertThat(read.field("Set-Cookie")).as(method).isEmpty();
            assertThat(house.asked).as(method).endsWith("replica");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-5_000, 2_000, 60_000, 86_400_000L * 365})
    void aForgedTimeIsNotBelieved(long millis) {
        stored(OLD, "/rw/a", "before");
        String forged = "larder_wrote=" + house.loop.now().plusMillis(millis).toEpochMilli();
        assertThat(house.get(OLD, "/rw/a", "Cookie", forged).text()).isEqualTo("before");
    }

    /** The cookie comes with every request to the host: other routes must not tell visitors apart by it. */
    @Test
    void theCookieCountsForNoKeyAndNoGuard() {
        long now = house.loop.now().toEpochMilli();
        house.get(OLD, "/split/a", "Cookie", "larder_wrote=" + now);
        assertThat(house.origin.last().request().headers().contains(Fields.COOKIE))
                .isFalse();
        house.respond(
                200,
                "page made at " + now,
                "Cache-Control",
                "max-age=60",
                "Vary",
                "Cookie",
                "Content-Type",
                "text/html");
        assertThat(house.get(OLD, "/split/a").field("X-Cache")).isEqualTo("HIT");
        assertThat(house.get(OLD, "/split/a", "Cookie", "larder_wrote=1").field("X-Cache"))
                .isEqualTo("HIT");
    }

    @Test
    void theAnswerToAWriteIsNotStoredForGet() {
        house.ask(OLD, "POST", "/rw/a");
        house.respond(200, "state", "Cache-Control", "max-age=60", "Content-Location", "/rw/a");
        assertThat(house.get(OLD, "/rw/a").response).isNull();
        assertThat(house.asked).containsExactly("primary", "replica");
    }

    @Test
    void writesOfBothSidesGoToOne() {
        house.ask(OLD, "POST", "/mixed/a");
        house.ask(NEW, "POST", "/mixed/a");
        house.get(OLD, "/mixed/a");
        house.get(NEW, "/mixed/a");
        assertThat(house.asked).containsExactly("primary", "primary", "app", "next");
    }

    @Test
    void aPagesFragmentsShowWhatWasWrittenToo() {
        Collector page = house.get(OLD, "/rw/page");
        house.respond(200, "[<esi:include src=\"/rw/part\"/>]", page("max-age=60"));
        house.respond(200, "before", FRESH);
        assertThat(page.text()).isEqualTo("[before]");

        String wrote = "larder_wrote=" + house.loop.now().toEpochMilli();
        Collector after = house.get(OLD, "/rw/page", "Cookie", wrote);
        house.respond(200, "[<esi:include src=\"/rw/part\"/>]", page("max-age=60"));
        assertThat(house.asked).containsExactly("replica", "replica", "primary", "primary");
        assertThat(house.origin.last().request().headers().contains(Fields.COOKIE))
                .isFalse();
        house.respond(200, "after", FRESH);
        assertThat(after.text()).isEqualTo("[after]");
        assertThat(house.get(OLD, "/rw/page").text())
                .as("for everyone else it is as it was")
                .isEqualTo("[before]");
    }

    private static String[] page(String control) {
        return new String[] {
            "Content-Type", "text/html", "Surrogate-Control", "content=\"ESI/1.0\"", "Cache-Control", control
        };
    }

    @Test
    void theListenersClientIsNoOtherForHavingACookie() {
        house.get(NEW, "/split/a", "Cookie", "larder_wrote=1; node_app=x");
        Client client = house.exchanges.getLast().client();
        assertThat(client.address()).isEqualTo(NEW);
        assertThat(house.asked).containsExactly("next");
    }
}
