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

    /**
     * The fetches that clients share, now.
     *
     * @param inFlight that may still be joined
     * @param bytes of heap set aside for bodies until they are stored or delivered
     * @param capacity the most that these may be, apart from the chunks in hand
     */
    record Fetches(long inFlight, long bytes, long capacity) {}
