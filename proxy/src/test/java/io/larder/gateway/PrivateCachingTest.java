package io.larder.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Fields;
import io.larder.http.Headers;
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
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages kept for one client each, with several clients at once, on two loops, in virtual time. */
class PrivateCachingTest {
    private static final String NOBODY = "";
    private static final List<String> PEOPLE = List.of("alice", "bob", NOBODY);

    /** A gateway whose one route keeps private pages by the cookie {@code sid}. */
    private static final class House {
        final ManualLoop loop = new ManualLoop();
        final ManualLoop otherLoop = new ManualLoop();
        final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
        final ScriptedOrigin origin = new ScriptedOrigin();
        final Gateway gateway;
        int answered;

        House() {
            CacheRules.Personal personal =
                    new CacheRules.Personal(new CacheRules.Selector.OfCookie("sid"), Duration.ofSeconds(30));
            CacheRules rules =
                    CacheRules.DEFAULTS.withSharing(new CacheRules.Sharing(CacheRules.Guarding.OFF, personal));
            Route route = new Route(
                    "all",
                    "test.yaml:1",
                    PathPattern.compile("/**"),
                    Conditions.NONE,
                    new Action.Proxy("app", null),
                    new CachePlan(rules, CachePlan.Collapse.NODE));
            Site site = new Site("site", List.of(), null, Set.of(), List.of(route));
            Report report = new Report(Report.Detail.ON, true, false);
            gateway = new Gateway(
                    List.of(new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, report)),
                    List.of("web"),
                    new TrustedProxies(List.of()),
                    name -> new Origin(origin, new HostRule.Preserve()),
                    new SharedCache(store, new Flights(store), Runnable::run));
        }

        Collector ask(String method, String who, ManualLoop on) {
            InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
            Exchange exchange =
                    Exchange.begin(new RequestId(1), on, new Client(peer, "127.0.0.1", "web", 80), Interim.NONE);
            Headers headers = who.equals(NOBODY) ? Headers.EMPTY : Headers.of("Cookie", "x=1; sid=" + who);
            Request request =
                    Request.get(Target.of("http", "a.example", "/me"), headers).withMethod(method);
            return Collector.of(gateway.handle(request, exchange));
        }

        Collector get(String who) {
            return ask("GET", who, loop);
        }

        /** Answers the oldest request that waits, by whom it is from. */
        void answer(String cacheControl) {
            ScriptedOrigin.Call call = origin.calls.get(answered++);
            String cookie = String.valueOf(call.request().headers().first(Fields.COOKIE));
            String who = cookie.contains("sid=") ? cookie.substring(cookie.indexOf("sid=") + 4) : NOBODY;
            boolean write = call.request().is("POST");
            call.respond(write ? 204 : 200, write ? "" : "page of " + who, "Cache-Control", cacheControl);
        }

        boolean isAsked() {
            return answered < origin.calls.size();
        }

        void settle() {
            for (int i = 0; i < 8; i++) {
                loop.run();
                otherLoop.run();
            }
        }
    }

    /** Every order of two requests each of two users and of one who is nobody. */
    @Test
    void inAllOrdersEverybodySeesHisOwn() {
        orders(List.of("alice", "alice", "bob", "bob", NOBODY, NOBODY)).forEach(order -> {
            House house = new House();
            for (String who : order) {
                Collector answer = house.get(who);
                if (house.isAsked()) {
                    house.answer("private, max-age=60");
                }
                assertThat(answer.text()).as(order.toString()).isEqualTo("page of " + who);
            }
            assertThat(house.origin.calls).as(order.toString()).hasSize(4); // nobody's pages are kept for nobody
        });
    }

    private static List<List<String>> orders(List<String> people) {
        if (people.isEmpty()) {
            return List.of(List.of());
        }
        List<List<String>> all = new ArrayList<>();
        for (String first : Set.copyOf(people)) {
            List<String> rest = new ArrayList<>(people);
            rest.remove(first);
            for (List<String> order : orders(rest)) {
                List<String> one = new ArrayList<>(List.of(first));
                one.addAll(order);
                all.add(one);
            }
        }
        return all;
    }

    private record Asked(String who, Collector answer) {}

    /** Whatever comes in whatever order: private or public, writes, time, and answers long after the question. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void noInterleavingShowsAnybodyAForeignPage(long seed) {
        Random random = new Random(seed);
        int kept = 0;
        for (int round = 0; round < 250; round++) {
            House house = new House();
            List<Asked> asked = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                String who = PEOPLE.get(random.nextInt(PEOPLE.size()));
                switch (random.nextInt(8)) {
                    case 0 -> house.loop.advance(Duration.ofSeconds(random.nextInt(12)));
                    case 1 -> house.ask("POST", who, house.loop);
                    case 2 -> house.settle();
                    case 3, 4 -> {
                        if (house.isAsked()) {
                            house.answer(random.nextInt(5) == 0 ? "private, no-store" : "private, max-age=60");
                        }
                    }
                    default ->
                        asked.add(new Asked(
                                who, house.ask("GET", who, random.nextBoolean() ? house.loop : house.otherLoop)));
                }
            }
            finish(house);
            for (Asked one : asked) {
                assertThat(one.answer.text())
                        .as("seed " + seed + ", round " + round)
                        .isEqualTo("page of " + one.who);
                kept += one.answer.field("X-Cache").equals("HIT") ? 1 : 0;
            }
        }
        assertThat(kept).isGreaterThan(500);
    }

    private static void finish(House house) {
        house.settle();
        while (house.isAsked()) {
            house.answer("private, max-age=60");
            house.settle();
        }
    }

    @Test
    void manyRequestsOfOneClientAreOneFetchOnceItIsKnownWhoseTheyAre() {
        House house = new House();
        house.get("alice");
        house.answer("private, no-cache");
        List<Collector> hers = new ArrayList<>();
        List<Collector> his = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            hers.add(house.get("alice"));
            his.add(house.ask("GET", "bob", house.otherLoop));
        }
        house.settle();
        assertThat(house.origin.calls).hasSize(3);
        finish(house);
        assertThat(hers).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("page of alice"));
        assertThat(his).allSatisfy(answer -> assertThat(answer.text()).isEqualTo("page of bob"));
    }

    @Test
    void theStoreHoldsNoSecret() {
        House house = new House();
        house.get("alice");
        house.answer("private, max-age=60");
        assertThat(house.store.stats().entries()).isEqualTo(1);
        assertThat(house.get("alice").field("X-Cache")).isEqualTo("HIT");
        assertThat(house.get("bob").field("X-Cache")).isEmpty();
    }
}
