package io.larder.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Journal;
import io.larder.exchange.Lack;
import io.larder.exchange.Loop;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.Telemetry;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Request GET = Request.get(Target.of("http", "a.example", "/"), Headers.EMPTY);

    private static final Readings READINGS = new Readings() {
        @Override
        public Purges purges() {
            return new Purges(List.of(new Purges.Orders("tag", "soft", 4)), 9, 2);
        }

        @Override
        public List<Tier> tiers() {
            return List.of(new Tier("local", 1000, 5000, 7, 3));
        }

        @Override
        public Optional<Fleet> fleet() {
            return Optional.of(new Fleet(
                    true,
                    false,
                    0.25,
                    new Lookups(11, 12, 13, 14),
                    new Writes(15, 16, 17),
                    new Leases(18, 19, 20, 21),
                    22));
        }

        @Override
        public List<Server> servers() {
            return List.of(
                    new Server("app", "127.0.0.1:8000", "up", true, 2, false, 4, 512, 2, 3, 7, 1.5, 100, 1),
                    new Server("app", "127.0.0.1:8001", "ejected", false, 1, true, 0, 512, 0, 0, 0, 0, 5, 5));
        }

        @Override
        public List<GuardedRoute> guarded() {
            return List.of(new GuardedRoute(
                    "shop", "all", Map.of("guard-form", 3L), new GuardedRoute.Shadow(40, 1, 2, 0), List.of()));
        }

        @Override
        public Config config() {
            return new Config(Instant.ofEpochSecond(1_700_000_000), 2, 1, false);
        }

        @Override
        public Fetches fetches() {
            return new Fetches(3, 70_000, 1_000_000);
        }

        @Override
        public long directMemory() {
            return 4096;
        }
    };

    private final Metrics metrics = new Metrics("0.1.0", READINGS, AccessLog.off());
    private final ManualLoop loop = new ManualLoop();

    @AfterEach
    void close() {
        metrics.close();
    }

    /** Every sample of the text format by its name and labels. */
    private Map<String, Double> scrape() {
        return metrics.scrape()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.lastIndexOf(' ')),
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
    }

    @Test
    void fragmentsAreToldFromViews() {
        Telemetry telemetry = metrics.loop("0", loop);
        Exchange page = Exchanges.hit(loop, "page");
        page.journal().includes("/part", journal("part", "hit", "fresh"));
        Journal outer = journal("outer", "miss", "uri-miss");
        outer.includes("/inner", journal("part", "hit", "fresh"));
        outer.missed("/gone", Lack.STATUS, "status 500");
        page.journal().includes("/outer", outer);
        page.journal().missed("/late", Lack.DEADLINE, "no answer in time");
        telemetry.finished(page, GET, Exchanges.outcome(200, 100, Duration.ofNanos(80_000)));

        assertThat(scrape())
                .containsEntry(decision("page", "view", "hit", "fresh"), 1.0)
                .containsEntry(decision("part", "fragment", "hit", "fresh"), 2.0)
                .containsEntry(decision("outer", "fragment", "miss", "uri-miss"), 1.0)
                .containsEntry("larder_page_lacks_total{reason=\"deadline\",route=\"page\",site=\"shop\"}", 1.0)
                .containsEntry("larder_page_lacks_total{reason=\"status\",route=\"outer\",site=\"shop\"}", 1.0)
                .doesNotContainKey(decision("part", "view", "hit", "fresh"));
    }

    private Journal journal(String route, String cache, String reason) {
        Journal journal = new Journal(loop.nanos());
        journal.routed("shop", route);
        journal.cached(cache, reason);
        return journal;
    }

    private static String decision(String route, String kind, String cache, String reason) {
        return "larder_cache_decisions_total{cache=\"" + cache + "\",kind=\"" + kind + "\",reason=\"" + reason
                + "\",route=\"" + route + "\",site=\"shop\"}";
    }

    @Test
    void twoLoopsAddUp() {
        Telemetry one = metrics.loop("0", loop);
        Telemetry two = metrics.loop("1", loop);
        for (int i = 0; i < 10; i++) {
            (i < 3 ? one : two)
                    .finished(
                            Exchanges.hit(loop, "product"),
                            GET,
                            Exchanges.outcome(200, 100, Duration.ofNanos(i < 9 ? 80_000 : 300_000)));
        }
        Exchange pass = Exchanges.of(loop, 9);
        pass.journal().routed("shop", "cart");
        pass.journal().cached("bypass", "cookie");
        two.finished(pass, GET.withMethod("BREW"), new Telemetry.Outcome(0, 7, 30, 2_000_000_000L, false));

        assertThat(scrape())
                .containsEntry(
                        "larder_requests_total{cache=\"hit\",method=\"GET\",route=\"product\",site=\"shop\",status=\"200\"}",
                        10.0)
                .containsEntry(
                        "larder_requests_total{cache=\"bypass\",method=\"other\",route=\"cart\",site=\"shop\",status=\"none\"}",
                        1.0)
                .containsEntry(
                        "larder_cache_decisions_total{cache=\"hit\",kind=\"view\",reason=\"fresh\",route=\"product\",site=\"shop\"}",
                        10.0)
                .containsEntry("larder_response_body_bytes_total{route=\"product\",site=\"shop\"}", 1000.0)
                .containsEntry("larder_request_body_bytes_total{route=\"cart\",site=\"shop\"}", 30.0)
                .containsEntry("larder_responses_incomplete_total{route=\"cart\",site=\"shop\"}", 1.0)
                .containsEntry("larder_responses_incomplete_total{route=\"product\",site=\"shop\"}", 0.0)
                .containsEntry(
                        "larder_request_duration_seconds_bucket{route=\"product\",site=\"shop\",le=\"1.0E-4\"}", 9.0)
                .containsEntry(
                        "larder_request_duration_seconds_bucket{route=\"product\",site=\"shop\",le=\"+Inf\"}", 10.0)
                .containsEntry("larder_request_duration_seconds_count{route=\"product\",site=\"shop\"}", 10.0)
                .containsEntry("larder_request_duration_seconds_sum{route=\"cart\",site=\"shop\"}", 2.0);
        assertThat(metrics.outcomes()).containsExactly(Map.entry("bypass", 1L), Map.entry("hit", 10L));
    }

    @Test
    void whatOthersCountIsReadOnScraping() {
        assertThat(scrape())
                .containsEntry("larder_cache_bytes{tier=\"local\"}", 1000.0)
                .containsEntry("larder_cache_capacity_bytes{tier=\"local\"}", 5000.0)
                .containsEntry("larder_cache_entries{tier=\"local\"}", 7.0)
                .containsEntry("larder_cache_evictions_total{tier=\"local\"}", 3.0)
                .containsEntry("larder_shared_tier_asked", 1.0)
                .containsEntry("larder_in_step", 0.0)
                .containsEntry("larder_purge_log_lag_seconds", 0.25)
                .containsEntry("larder_cache_lookups_total{result=\"hit\",tier=\"shared\"}", 11.0)
                .containsEntry("larder_cache_lookups_total{result=\"miss\",tier=\"shared\"}", 12.0)
                .containsEntry("larder_cache_lookups_total{result=\"failed\",tier=\"shared\"}", 13.0)
                .containsEntry("larder_shared_tier_foreign_total", 14.0)
                .containsEntry("larder_cache_writes_total{result=\"written\",tier=\"shared\"}", 15.0)
                .containsEntry("larder_cache_writes_total{result=\"dropped\",tier=\"shared\"}", 16.0)
                .containsEntry("larder_shared_tier_waiting_bytes", 17.0)
                .containsEntry("larder_fleet_leases_total{event=\"taken\"}", 18.0)
                .containsEntry("larder_fleet_leases_total{event=\"timed-out\"}", 21.0)
                .containsEntry("larder_warmed_keys_total", 22.0)
                .containsEntry("larder_purges_total{kind=\"tag\",mode=\"soft\"}", 4.0)
                .containsEntry("larder_purged_responses_total{mode=\"soft\"}", 9.0)
                .containsEntry("larder_purged_responses_total{mode=\"hard\"}", 2.0)
                .containsEntry("larder_upstream_connections{server=\"127.0.0.1:8000\",upstream=\"app\"}", 4.0)
                .containsEntry("larder_upstream_in_flight{server=\"127.0.0.1:8000\",upstream=\"app\"}", 2.0)
                .containsEntry("larder_upstream_usable{server=\"127.0.0.1:8001\",upstream=\"app\"}", 0.0)
                .containsEntry("larder_upstream_failures_total{server=\"127.0.0.1:8001\",upstream=\"app\"}", 5.0)
                .containsEntry("larder_fetches_in_flight", 3.0)
                .containsEntry("larder_fetch_bytes", 70_000.0)
                .containsEntry("larder_fetch_capacity_bytes", 1_000_000.0)
                .containsEntry("larder_config_current", 0.0)
                .containsEntry("larder_config_loaded_timestamp_seconds", 1.7e9)
                .containsEntry("larder_config_reload_failures_total", 1.0)
                .containsEntry("larder_access_log_dropped_total", 0.0)
                .containsEntry("larder_netty_direct_memory_bytes", 4096.0)
                .containsEntry("larder_build_info{version=\"0.1.0\"}", 1.0)
                .hasKeySatisfying(new org.assertj.core.api.Condition<>(
                        key -> key.startsWith("jvm_memory_used_bytes"), "a JVM memory gauge"));
    }

    @Test
    void lagIsHowLateTimersCome() {
        List<Runnable> timers = new ArrayList<>();
        Loop late = new LateLoop(loop, timers);
        metrics.loop("0", late);
        loop.run();
        loop.advance(LoopCounters.LAG_INTERVAL.plusMillis(40));
        timers.removeFirst().run();
        assertThat(scrape())
                .containsEntry("larder_event_loop_lag_seconds_bucket{loop=\"0\",le=\"0.025\"}", 0.0)
                .containsEntry("larder_event_loop_lag_seconds_bucket{loop=\"0\",le=\"0.05\"}", 1.0)
                .containsEntry("larder_event_loop_lag_seconds_sum{loop=\"0\"}", 0.04);
        assertThat(timers).hasSize(1);
    }

    /** Its timers wait to be run by hand. */
    private record LateLoop(ManualLoop clock, List<Runnable> timers) implements Loop {
        @Override
        public void execute(Runnable task) {
            clock.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            timers.add(task);
            return () -> timers.remove(task);
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
        public void check() {}
    }

    @Test
    void labelsStayBoundedWhateverIsCounted() {
        LoopCounters counters = new LoopCounters("0");
        for (int i = 0; i < 6000; i++) {
            counters.finished(Exchanges.hit(loop, "r" + i), GET, Exchanges.outcome(200, 1, Duration.ofMillis(1)));
        }
        List<String> routes = new ArrayList<>();
        counters.forEachRoute(route -> routes.add(route.route()));
        assertThat(routes).hasSize(4097).contains("~other", "r0", "r4095").doesNotHaveDuplicates();
    }

    @Test
    void inventedOutcomesStayBounded() {
        RouteCounters counters = new RouteCounters("shop", "all");
        Exchange exchange = Exchanges.of(loop, 1);
        for (int i = 0; i < 2000; i++) {
            exchange.journal().cached("miss", "reason-" + i);
            counters.finished("M" + i, exchange.journal(), Exchanges.outcome(100 + i, 1, Duration.ofMillis(1)));
        }
        List<Long> counts = new ArrayList<>();
        counters.forEachOutcome(outcome -> counts.add(outcome.count()));
        assertThat(counts).hasSize(513);
        assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(2000);
    }

    @Test
    void scrapingWhileALoopCountsSeesWholeCellsAndInTheEndEverything() throws Exception {
        LoopCounters counters = new LoopCounters("0");
        int rounds = 200_000;
        Thread counting = new Thread(() -> {
            for (int i = 0; i < rounds; i++) {
                counters.finished(
                        Exchanges.hit(loop, "r" + i % 500), GET, Exchanges.outcome(200, 1, Duration.ofMillis(1)));
            }
        });
        counting.start();
        long before = 0;
        while (counting.isAlive()) {
            long now = total(counters);
            assertThat(now).isBetween(before, (long) rounds);
            before = now;
        }
        counting.join();
        assertThat(total(counters)).isEqualTo(rounds);
    }

    private static long total(LoopCounters counters) {
        long[] sum = {0};
        counters.forEachRoute(route -> route.forEachOutcome(outcome -> sum[0] += outcome.count()));
        return sum[0];
    }

    @Test
    void requestsThatNeverBecameOneAreCounted() {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "web", 80);
        metrics.loop("0", loop).rejected(client, 431, "too many fields");
        assertThat(scrape())
                .containsEntry(
                        "larder_requests_total{cache=\"none\",method=\"other\",route=\"-\",site=\"-\",status=\"431\"}",
                        1.0);
    }
}
