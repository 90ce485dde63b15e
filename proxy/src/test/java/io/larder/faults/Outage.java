package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Something that Redis suffers for a while, under traffic on all nodes. Held then: no client notices, nobody is shown what was
 * purged, memory does not grow, no purge is lost, and, where that is measured, pages are served no later than before once
 * Redis is left alone.
 */
final class Outage {
    private static final int MANY = 2000; // requests that latencies are told from, where there is time for so many
    private static final Duration MORE_TIME = Duration.ofSeconds(4);
    private static final Duration WARMING = Duration.ofMillis(300);
    private static final Duration OPENING = Duration.ofSeconds(1); // of the breaker
    private static final Duration AFTER = Duration.ofMillis(500);

    // The machine is shared: what is held is generous, and more so the longer even the origin takes; the figures are
    // printed.
    private static final Duration MEDIAN_LATER =
            Duration.ofMillis(20); // less than one question that is waited for in vain
    private static final Duration P99_LATER = Duration.ofMillis(60);
    private static final int NOISE = 20;

    private static final long MORE_MEMORY = 64L << 20;

    private static final Predicate<Seen> CONTROL = one -> one.node().equals(Fleet.ORIGIN);
    private static final Predicate<Seen> PLAIN =
            CONTROL.negate().and(one -> one.path().startsWith("/p/"));
    private static final Predicate<Seen> NEW =
            CONTROL.negate().and(one -> one.path().startsWith("/new/"));

    /** Something that is done to Redis. */
    @FunctionalInterface
    interface Deed {
        void run() throws Exception;
    }

    /** A time that requests began in. */
    private record Phase(long from, long until) {}

    private final String what;
    private final Fleet fleet;
    private final boolean measured;
    private final History history = new History();

    private Outage(String what, Fleet fleet, boolean measured) {
        this.what = what;
        this.fleet = fleet;
        this.measured = measured;
    }

    static Outage of(String what, Fleet fleet) {
        return new Outage(what, fleet, false);
    }

    /** One during which it is measured how long pages take. */
    static Outage measured(String what, Fleet fleet) {
        return new Outage(what, fleet, true);
    }

    /**
     * @param deed cuts all nodes off from Redis, as far as purges go
     * @param cure ends that
     */
    History cutOff(Deed deed, Duration lasting, Deed cure) throws Exception {
        return pass(
                () -> {
                    deed.run();
                    history.cutOff(Fleet.NODES);
                },
                lasting,
                () -> {
                    history.reached(Fleet.NODES);
                    cure.run();
                });
    }

    /** As {@link #cutOff}, but the nodes can still reach each other, or can again at once. */
    History pass(Deed deed, Duration lasting, Deed cure) throws Exception {
        Map<String, Long> memory;
        Phase before;
        Phase during;
        try (Traffic traffic = new Traffic(fleet, history, what.hashCode())) {
            Traffic.pass(WARMING);
            memory = fleet.resident();
            before = phase(Duration.ofSeconds(1));
            deed.run();
            Traffic.pass(OPENING);
            during = phase(lasting.minus(OPENING));
            cure.run();
            traffic.stopPublishing();
            fleet.awaitInStep();
            fleet.awaitTold();
            traffic.goOnPublishing();
            Traffic.pass(AFTER);
        }
        history.verify();
        say("%d requests, %d purges, %d of them complete"
                .formatted(history.seen().count(), history.purges().size(), history.complete()));
        assertThat(history.complete()).as("complete purges").isPositive();
        memory.forEach(this::isBounded);
        if (measured) {
            compare("stored", before, during, PLAIN);
            compare("not stored", before, during, NEW);
            latency("hits during", during, PLAIN.and(Seen::isHit));
        }
        return history;
    }

    /** Passes {@code least}, and a little more where that is not enough to measure. */
    private Phase phase(Duration least) {
        long begin = System.nanoTime();
        Traffic.pass(least);
        long end = System.nanoTime() + MORE_TIME.toNanos();
        while (measured
                && System.nanoTime() < end
                && history.seen(begin, end).filter(PLAIN).count() < MANY) {
            Traffic.pass(Duration.ofMillis(100));
        }
        return new Phase(begin, System.nanoTime());
    }

    private void compare(String kind, Phase calm, Phase outage, Predicate<Seen> which) {
        Latency before = latency(kind + " before", calm, which);
        Latency during = latency(kind + " during", outage, which);
        Latency control = latency("of the origin meanwhile", outage, CONTROL);
        assertThat(during.median())
                .as("median of " + kind)
                .isLessThan(
                        before.median().plus(MEDIAN_LATER).plus(control.median().multipliedBy(NOISE)));
        assertThat(during.p99())
                .as("p99 of " + kind)
                .isLessThan(before.p99().plus(P99_LATER).plus(control.p99().multipliedBy(NOISE)));
    }

    private Latency latency(String when, Phase phase, Predicate<Seen> which) {
        Latency latency = Latency.of(history.seen(phase.from, phase.until).filter(which));
        say(when + ": " + latency);
        return latency;
    }

    private void isBounded(String node, long before) {
        long more = fleet.node(node).resident() - before;
        say("node " + node + " takes " + (more >> 10) + " KiB more");
        assertThat(more).as("more memory of node " + node).isLessThan(MORE_MEMORY);
    }

    private void say(String figure) {
        System.out.println("faults: " + what + ": " + figure);
    }
}
