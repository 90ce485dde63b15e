package io.larder.telemetry;

import io.larder.exchange.Lack;
import io.larder.exchange.Telemetry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Map;

/** Gathers what the loops counted and what others read out, whenever somebody scrapes. A value: it only reads. */
record Scrape(List<LoopCounters> loops, Readings readings) implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        loops.forEach(loop -> loop(families, loop));
        readings.tiers().forEach(tier -> tier(families, tier));
        readings.fleet().ifPresent(fleet -> fleet(families, fleet));
        purges(families, readings.purges());
        fetches(families, readings.fetches());
        readings.servers().forEach(server -> server(families, server));
        readings.guarded().forEach(route -> guarded(families, route));
        families.by()
                .counter(
                        "larder_rate_limits_decided_alone",
                        "Limits of scope fleet that this node decided by itself, since Redis did not answer.",
                        readings.ratesDecidedAlone());
        config(families, readings.config());
        return families.build();
    }

    private static void loop(Families to, LoopCounters loop) {
        to.by("loop").histogram("larder_event_loop_lag_seconds", "How late timers come.", loop.lag(), loop.loopName());
        to.by("reason");
        for (Telemetry.Turned why : Telemetry.Turned.values()) {
            to.counter(
                    "larder_connections_turned_away",
                    "Connections closed before a request could come.",
                    loop.turned(why),
                    why.code());
        }
        loop.forEachRoute(route -> route(to, route));
        loop.forEachHandshake(handshake -> handshake(to, handshake));
        to.by("kind");
        loop.forEachFlood((flooded, count) -> to.counter(
                flooded.protocol().equals("HTTP/3") ? "larder_http3_floods" : "larder_http2_floods",
                flooded.protocol() + " connections that were closed because their client did too much of something.",
                count,
                flooded.kind()));
    }

    private static void handshake(Families to, HandshakeCounter counter) {
        if (counter.stands()) {
            to.by("listener", "version")
                    .counter(
                            "larder_tls_handshakes",
                            "TLS handshakes with clients that succeeded.",
                            counter.count(),
                            counter.listener(),
                            counter.word());
        } else {
            to.by("listener", "reason")
                    .counter(
                            "larder_tls_handshake_failures",
                            "TLS handshakes with clients that failed.",
                            counter.count(),
                            counter.listener(),
                            counter.word());
        }
    }

    private static void route(Families to, RouteCounters counters) {
        String site = counters.site();
        String route = counters.route();
        to.by("site", "route");
        to.histogram(
                "larder_request_duration_seconds",
                "From a request's first byte to the last byte of its response.",
                counters.durations(),
                site,
                route);
        to.counter("larder_response_body_bytes", "Body bytes sent to clients.", counters.sent(), site, route);
        to.counter("larder_request_body_bytes", "Body bytes read from clients.", counters.received(), site, route);
        to.counter(
                "larder_responses_incomplete",
                "Responses that did not reach their client whole.",
                counters.incomplete(),
                site,
                route);
        counters.forEachOutcome(outcome -> outcome(to, site, route, outcome));
        counters.forEachFragment(outcome -> decision(to, site, route, "fragment", outcome));
        to.by("site", "route", "reason");
        for (Lack why : Lack.values()) {
            if (counters.missedFor(why) > 0) {
                to.counter(
                        "larder_page_lacks",
                        "What pages had to do without.",
                        counters.missedFor(why),
                        site,
                        route,
                        why.code());
            }
        }
    }

    private static void outcome(Families to, String site, String route, OutcomeCounter outcome) {
        to.by("site", "route", "method", "status", "cache")
                .counter(
                        "larder_requests",
                        "Requests answered.",
                        outcome.count(),
                        site,
                        route,
                        outcome.method(),
                        outcome.status(),
                        outcome.cache());
        decision(to, site, route, "view", outcome);
    }

    private static void decision(Families to, String site, String route, String kind, OutcomeCounter outcome) {
        to.by("site", "route", "kind", "cache", "reason")
                .counter(
                        "larder_cache_decisions",
                        "What the cache did, and why: for views, which clients asked for, and fragments of them.",
                        outcome.count(),
                        site,
                        route,
                        kind,
                        outcome.cache(),
                        outcome.reason());
    }

    private static void fetches(Families to, Readings.Fetches fetches) {
        to.by();
        to.gauge("larder_fetches_in_flight", "Fetches that others may join.", fetches.inFlight());
        to.gauge("larder_fetch_bytes", "Bytes set aside for bodies on their way.", fetches.bytes());
        to.gauge("larder_fetch_capacity_bytes", "Bytes that may be set aside.", fetches.capacity());
    }

    private static void tier(Families to, Readings.Tier tier) {
        to.by("tier");
        to.gauge("larder_cache_bytes", "Bytes held.", tier.bytes(), tier.name());
        to.gauge("larder_cache_capacity_bytes", "Bytes that may be held.", tier.capacity(), tier.name());
        to.gauge("larder_cache_entries", "Stored responses.", tier.entries(), tier.name());
        to.counter("larder_cache_evictions", "Stored responses pushed out for room.", tier.evictions(), tier.name());
    }

    private static void fleet(Families to, Readings.Fleet fleet) {
        to.by();
        to.gauge("larder_shared_tier_asked", "0 while Redis is left alone.", fleet.asked() ? 1 : 0);
        to.gauge("larder_in_step", "1 while every complete purge is known here.", fleet.inStep() ? 1 : 0);
        to.duration("larder_purge_log_lag_seconds", "Since the purge log was known to its end.", fleet.lag());
        to.gauge(
                "larder_shared_tier_waiting_bytes",
                "Waiting to be written.",
                fleet.writes().waiting());
        to.counter("larder_warmed_keys", "Keys that were brought at the start.", fleet.warmed());
        Readings.Lookups lookups = fleet.lookups();
        to.counter("larder_shared_tier_foreign", "Found values that could not be read.", lookups.foreign());
        to.by("tier", "result");
        String looked = "Questions to the tier that nodes share.";
        to.counter("larder_cache_lookups", looked, lookups.hits(), "shared", "hit");
        to.counter("larder_cache_lookups", looked, lookups.misses(), "shared", "miss");
        to.counter("larder_cache_lookups", looked, lookups.failed(), "shared", "failed");
        String wrote = "Responses for the tier that nodes share.";
        to.counter("larder_cache_writes", wrote, fleet.writes().written(), "shared", "written");
        to.counter("larder_cache_writes", wrote, fleet.writes().dropped(), "shared", "dropped");
        Readings.Leases leases = fleet.leases();
        to.by("event");
        String agreed = "How nodes agreed on who fetches (collapse: fleet).";
        to.counter("larder_fleet_leases", agreed, leases.taken(), "taken");
        to.counter("larder_fleet_leases", agreed, leases.waited(), "waited");
        to.counter("larder_fleet_leases", agreed, leases.lost(), "lost");
        to.counter("larder_fleet_leases", agreed, leases.timedOut(), "timed-out");
    }

    private static void purges(Families to, Readings.Purges purges) {
        to.by("kind", "mode");
        purges.orders()
                .forEach(orders ->
                        to.counter("larder_purges", "Purges asked for.", orders.count(), orders.kind(), orders.mode()));
        to.by("mode");
        String help = "Stored responses that purges removed (hard) or made stale (soft).";
        to.counter("larder_purged_responses", help, purges.removed(), "hard");
        to.counter("larder_purged_responses", help, purges.softened(), "soft");
    }

    private static void server(Families to, Readings.Server server) {
        String upstream = server.upstream();
        String address = server.address();
        to.by("upstream", "server");
        to.gauge("larder_upstream_usable", "1 while it gets requests.", server.usable() ? 1 : 0, upstream, address);
        to.gauge("larder_upstream_capacity", "Connections that there may be.", server.capacity(), upstream, address);
        to.gauge(
                "larder_upstream_pending", "Requests that wait for a connection.", server.pending(), upstream, address);
        to.counter("larder_upstream_waits", "Requests that had to wait for one.", server.waits(), upstream, address);
        to.seconds(
                "larder_upstream_wait_seconds",
                "How long these waited together.",
                server.waitedSeconds(),
                upstream,
                address);
        to.gauge("larder_upstream_connections", "Open connections.", server.connections(), upstream, address);
        to.gauge("larder_upstream_in_flight", "Requests under way.", server.inFlight(), upstream, address);
        to.counter("larder_upstream_requests", "Requests sent.", server.requests(), upstream, address);
        to.counter(
                "larder_upstream_failures", "Requests without a whole response.", server.failures(), upstream, address);
    }

    private static void guarded(Families to, GuardedRoute route) {
        to.by("site", "route", "reason");
        route.found()
                .forEach((reason, count) -> to.counter(
                        "larder_guard_refusals",
                        "Responses that the private-page guard kept out of the cache.",
                        count,
                        route.site(),
                        route.route(),
                        reason));
        GuardedRoute.Shadow shadow = route.shadow();
        to.by("site", "route", "outcome");
        Map.of(
                        "same", shadow.same(),
                        "over-time", shadow.overTime(),
                        "per-visitor", shadow.perVisitor(),
                        "uncompared", shadow.uncompared())
                .forEach((outcome, count) -> to.counter(
                        "larder_shadow_comparisons",
                        "Stored responses held against what the origin said instead (guard: shadow).",
                        count,
                        route.site(),
                        route.route(),
                        outcome));
    }

    private static void config(Families to, Readings.Config config) {
        to.by();
        to.timestamp(
                "larder_config_loaded_timestamp_seconds", "When the live configuration went live.", config.loaded());
        to.gauge("larder_config_current", "0 when the latest files were refused.", config.current() ? 1 : 0);
        to.counter("larder_config_reloads", "Reloads that went live.", config.reloads());
        to.counter("larder_config_reload_failures", "Reloads that were refused.", config.failures());
    }
}
