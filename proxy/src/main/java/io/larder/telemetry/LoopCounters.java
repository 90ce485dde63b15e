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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
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
    private static final int HANDSHAKES = 4096; // listeners that come and go with reloads included
    private static final String NOWHERE = "-"; // a request that never came as far as a site

    private final String loopName;
    private final Cells<RouteCounters> routes = new Cells<>(64, ROUTES);
    private final Cells<HandshakeCounter> handshakes = new Cells<>(8, HANDSHAKES);
    private final Map<Flooded, AtomicLong> floods = new ConcurrentHashMap<>(); // there are few
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

    @Override
    public void shaken(Client client, String version) {
        count(client.listener(), true, version);
    }

    @Override
    public void unshaken(Client client, String reason) {
        count(client.listener(), false, reason);
    }

    private void count(String listener, boolean stands, String word) {
        HandshakeCounter counter = handshakes.get(find(listener, stands, word));
        if (counter != null) {
            counter.increment();
        } else if (!handshakes.isFull()) {
            handshakes.insert(new HandshakeCounter(listener, stands, word)).increment();
        }
    }

    /** The slot of that counter, or the empty one where it would be. */
    private int find(String listener, boolean stands, String word) {
        int i = handshakes.start(HandshakeCounter.hash(listener, word));
        for (HandshakeCounter each = handshakes.get(i); each != null; each = handshakes.get(i)) {
            if (each.counts(listener, stands, word)) {
                return i;
            }
            i = handshakes.next(i);
        }
        return i;
    }

    /** What there was too much of. */
    record Flooded(String protocol, String kind) {}

    /** How many connections were closed for too much of each kind; a kind is there once it has come. */
    void forEachFlood(BiConsumer<Flooded, Long> reader) {
        floods.forEach((flooded, count) -> reader.accept(flooded, count.getOpaque()));
    }

    @Override
    public void flooded(Client client, String protocol, String kind) {
        AtomicLong count = floods.computeIfAbsent(new Flooded(protocol, kind), none -> new AtomicLong());
        count.setOpaque(count.getPlain() + 1);
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

    void forEachHandshake(Consumer<HandshakeCounter> reader) {
        handshakes.forEach(reader);
    }

    void forEachRoute(Consumer<RouteCounters> reader) {
        routes.forEach(reader);
    }
}
