package io.larder.telemetry;

import java.time.Instant;
import java.util.List;

/**
 * Where {@link Metrics} reads what others count. Called on the scraping thread, at any time, possibly on several threads
 * at once; must answer at once and not throw.
 */
public interface Readings {
    /** The cache tiers. */
    List<Tier> tiers();

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
     * @param usable not ejected
     * @param connections open now, idle ones included
     * @param inFlight requests that wait for the end of their response
     * @param requests sent since the start
     * @param failures of them, without a whole response
     */
    record Server(
            String upstream,
            String address,
            boolean usable,
            long connections,
            long inFlight,
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
