package io.larder.telemetry;

import io.larder.exchange.Journal;
import io.larder.exchange.Lack;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/** What one loop counted of one route. The loop counts, any thread reads (see {@link Histogram}). */
@Shared
final class RouteCounters implements Cells.Cell {
    /** The label of what is counted together once there are too many labels; no site or route is called so. */
    static final String OTHER = "~other";

    private static final int OUTCOMES = 512;
    private static final int SENT = 0;
    private static final int RECEIVED = 1;
    private static final int INCOMPLETE = 2;

    private final String site;
    private final String route;
    private final Histogram durations = new Histogram();
    private final AtomicLongArray totals = new AtomicLongArray(3);
    private final Cells<OutcomeCounter> outcomes = new Cells<>(16, OUTCOMES);
    private final Cells<OutcomeCounter> fragments = new Cells<>(1, OUTCOMES);
    private final Map<Lack, AtomicLong> missed = eachLack();

    RouteCounters(String site, String route) {
        this.site = site;
        this.route = route;
    }

    static int hash(String site, String route) {
        return site.hashCode() * 31 + route.hashCode();
    }

    boolean counts(String otherSite, String otherRoute) {
        return route.equals(otherRoute) && site.equals(otherSite);
    }

    void finished(String method, Journal journal, Telemetry.Outcome outcome) {
        durations.record(outcome.nanos());
        add(SENT, outcome.sent());
        add(RECEIVED, outcome.received());
        if (!outcome.complete()) {
            add(INCOMPLETE, 1);
        }
        find(outcomes, methodClass(method), known(outcome.status()), journal.cache(), journal.reason())
                .increment();
    }

    /** A request for a fragment, which is no client's: it has no status that anybody saw. */
    void included(Journal journal) {
        find(fragments, "GET", 0, journal.cache(), journal.reason()).increment();
    }

    /** A page of this route lacks something. */
    void missed(Lack why) {
        AtomicLong count = counter(why);
        count.setOpaque(count.getPlain() + 1);
    }

    /** A request that never became one: it has no duration, and no method that could be trusted. */
    void rejected(int status) {
        find(outcomes, "other", known(status), "none", "rejected").increment();
    }

    private void add(int total, long amount) {
        totals.setOpaque(total, totals.getPlain(total) + amount);
    }

    private static OutcomeCounter find(
            Cells<OutcomeCounter> in, String method, int status, String cache, String reason) {
        int hash = OutcomeCounter.hash(method, status, cache, reason);
        for (int i = in.start(hash); ; i = in.next(i)) {
            OutcomeCounter counter = in.get(i);
            if (counter == null) {
                return missing(in, method, status, cache, reason);
            }
            if (counter.counts(method, status, cache, reason)) {
                return counter;
            }
        }
    }

    private static OutcomeCounter missing(
            Cells<OutcomeCounter> in, String method, int status, String cache, String reason) {
        return in.isFull() && !cache.equals(OTHER)
                ? find(in, OTHER, 0, OTHER, OTHER)
                : in.insert(new OutcomeCounter(method, status, cache, reason));
    }

    /** Methods are the client's to invent: those without a name here are counted together. */
    private static String methodClass(String method) {
        return switch (method) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
            default -> "other";
        };
    }

    private static int known(int status) {
        return status >= 100 && status <= 599 ? status : 0;
    }

    @Override
    public int hash() {
        return hash(site, route);
    }

    String site() {
        return site;
    }

    String route() {
        return route;
    }

    Histogram durations() {
        return durations;
    }

    long sent() {
        return totals.getOpaque(SENT);
    }

    long received() {
        return totals.getOpaque(RECEIVED);
    }

    long incomplete() {
        return totals.getOpaque(INCOMPLETE);
    }

    private AtomicLong counter(Lack why) {
        return Objects.requireNonNull(missed.get(why));
    }

    private static Map<Lack, AtomicLong> eachLack() {
        Map<Lack, AtomicLong> counters = new EnumMap<>(Lack.class);
        for (Lack why : Lack.values()) {
            counters.put(why, new AtomicLong());
        }
        return Collections.unmodifiableMap(counters);
    }

    /** How often pages of this route lacked something for that reason. */
    long missedFor(Lack why) {
        return counter(why).getOpaque();
    }

    void forEachFragment(Consumer<OutcomeCounter> reader) {
        fragments.forEach(reader);
    }

    void forEachOutcome(Consumer<OutcomeCounter> reader) {
        outcomes.forEach(reader);
    }
}
