package io.larder.telemetry;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Journal;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Counts the requests of one loop: a few plain additions each, no allocation once a route is known. The loop counts,
 * any thread reads.
 */
@Shared
final class LoopCounters implements Telemetry {
    /** How often the loop's punctuality is looked at. */
    static final Duration LAG_INTERVAL = Duration.ofMillis(500);

    private static final int ROUTES = 4096;
    private static final String NOWHERE = "-"; // a request that never came as far as a site

    private final String loopName;
    private final Cells<RouteCounters> routes = new Cells<>(64, ROUTES);
    private final Histogram lag = new Histogram();
    private final Map<Turned, LongAdder> turned =
            Arrays.stream(Turned.values()).collect(Collectors.toUnmodifiableMap(why -> why, why -> new LongAdder()));

    LoopCounters(String loopName) {
        this.loopName = loopName;
    }

    @Override
    public void finished(Exchange exchange, Request request, Outcome outcome) {
        Journal journal = exchange.journal();
        find(journal.site(), journal.route()).finished(request.method(), journal, outcome);
        count(journal);
    }

    /** What a page was put together from, and what it lacks, on the routes that this is about. */
    private void count(Journal page) {
        for (Journal.Included part : page.included()) {
            Journal journal = part.journal();
            find(journal.site(), journal.route()).included(journal);
            count(journal);
        }
        for (Journal.Missed missed : page.missed()) {
            find(page.site(), page.route()).missed(missed.why());
        }
    }

    @Override
    public void rejected(Client client, int status, String reason) {
        find(NOWHERE, NOWHERE).rejected(status);
    }

    @Override
    public void turnedAway(Turned why) {
        Objects.requireNonNull(turned.get(why)).increment();
    }

    /** How many connections were closed before a request could come. */
    long turned(Turned why) {
        return Objects.requireNonNull(turned.get(why)).sum();
    }

    private RouteCounters find(String site, String route) {
        int hash = RouteCounters.hash(site, route);
        for (int i = routes.start(hash); ; i = routes.next(i)) {
            RouteCounters counters = routes.get(i);
            if (counters == null) {
                return missing(site, route);
            }
            if (counters.counts(site, route)) {
                return counters;
            }
        }
    }

    private RouteCounters missing(String site, String route) {
        return routes.isFull() && !site.equals(RouteCounters.OTHER)
                ? find(RouteCounters.OTHER, RouteCounters.OTHER)
                : routes.insert(new RouteCounters(site, route));
    }

    /** Measures from now on how late the timers of {@code loop} come. Called on that loop. */
    void watch(Loop loop) {
        long due = loop.nanos() + LAG_INTERVAL.toNanos();
        loop.schedule(LAG_INTERVAL, () -> {
            lag.record(Math.max(0, loop.nanos() - due));
            watch(loop);
        });
    }

    String loopName() {
        return loopName;
    }

    Histogram lag() {
        return lag;
    }

    void forEachRoute(Consumer<RouteCounters> reader) {
        routes.forEach(reader);
    }
}
