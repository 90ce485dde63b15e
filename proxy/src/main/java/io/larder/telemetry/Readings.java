package io.larder.telemetry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where {@link Metrics} reads what others count. Called on the scraping thread, at any time, possibly on several threads
 * at once; must answer at once and not throw.
 */
public interface Readings {
    /** The cache tiers. */
    List<Tier> tiers();

    /** What this node has in common with others; empty where it is alone. */
    Optional<Fleet> fleet();

    /** What was purged. */
    Purges purges();

    /** The servers of all upstreams, as configured now. */
    List<Server> servers();

    /** What the private-page guard has seen, by site and route. */
    List<GuardedRoute> guarded();

    /** The configuration that is live. */
    Config config();

    /** The fetches that clients share. */
    Fetches fetches();

    /** How often this node had to decide for itself over a limit that all nodes share, since the start. */
    default long ratesDecidedAlone() {
        return 0;
    }

    /** Direct memory that Netty has reserved, in bytes. */
    long directMemory();

    /**
     * One cache tier.
     *
     * @param name {@code local} or {@code shared}
     * @param bytes held now
     * @param capacity in bytes
     * @param evictions since the start
     */
    record Tier(String name, long bytes, long capacity, long entries, long evictions) {}

    /**
     * What this node has in common with others. Counts are since the start.
     *
     * @param asked whether the shared tier is asked: 0 while Redis is left alone because it has failed too often
     * @param inStep whether this node knows of every purge that is complete
     * @param lag how long ago it last knew all that the others did, in seconds; NaN before it ever has
     * @param warmed keys that something was brought for before this node asked for requests
     */
    record Fleet(
            boolean asked, boolean inStep, double lag, Lookups lookups, Writes writes, Leases leases, long warmed) {}

    /**
     * What was looked for in the shared tier.
     *
     * @param failed that Redis did not answer, or refused
     * @param foreign found values that could not be read
     */
    record Lookups(long hits, long misses, long failed, long foreign) {}

    /**
     * What was written to the shared tier.
     *
     * @param dropped that were left out, since too much waited
     * @param waiting bytes that wait now
     */
    record Writes(long written, long dropped, long waiting) {}

    /**
     * How nodes agreed on who fetches.
     *
     * @param taken leases that this node got
     * @param waited fetches that waited for another node's
     * @param lost of those, that waited for a node that was not heard of any more
     * @param timedOut of those, that waited for too long
     */
    record Leases(long taken, long waited, long lost, long timedOut) {}

    /**
     * What was purged since the start.
     *
     * @param orders how often each kind was asked for, in each mode
     * @param softened stored responses that were made stale
     * @param removed stored responses that were removed
     */
    record Purges(List<Orders> orders, long softened, long removed) {
        public Purges {
            orders = List.copyOf(orders);
        }

        /** How often a kind of purge was asked for in a mode, such as {@code url} and {@code hard}. */
        public record Orders(String kind, String mode, long count) {}
    }

    /**
     * The fetches that clients share, now.
     *
     * @param inFlight that may still be joined
     * @param bytes of heap set aside for bodies until they are stored or delivered
     * @param capacity the most that these may be, apart from the chunks in hand
     */
    record Fetches(long inFlight, long bytes, long capacity) {}

    /**
     * One server of an upstream.
     *
     * @param address as configured
     * @param state {@code up}, {@code down}, {@code ejected} or {@code drained}
     * @param usable whether it gets requests: it is up
     * @param backup whether it gets them only in place of others
     * @param connections open now, idle ones included
     * @param capacity how many connections there may be
     * @param inFlight requests that wait for the end of their response
     * @param pending requests that wait for a connection
     * @param waits requests that had to, since the start
     * @param waitedSeconds how long all of these waited together
     * @param requests sent since the start
     * @param failures of them, without a whole response
     */
    record Server(
            String upstream,
            String address,
            String state,
            boolean usable,
            int weight,
            boolean backup,
            long connections,
            long capacity,
            long inFlight,
            long pending,
            long waits,
            double waitedSeconds,
            long requests,
            long failures) {}

    /**
     * The live configuration.
     *
     * @param loaded when it went live
     * @param reloads that succeeded since the start
     * @param failures reloads refused since the start
     * @param current false when the latest files were refused and an older configuration is live
     */
    record Config(Instant loaded, long reloads, long failures, boolean current) {}
}
