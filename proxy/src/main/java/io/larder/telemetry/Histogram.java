package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Durations in fixed buckets: one thread records, any thread reads.
 *
 * <p>Opaque writes suffice: there is one writer, so nothing is lost between its read and its write; opaque access is
 * never torn, becomes visible in time, and each counter only grows. Counters may be a request apart from each other in
 * one scrape, as in any scrape.
 */
@Shared
final class Histogram {
    /** Upper bounds in nanoseconds; a cache answers within the first few. */
    private static final long[] BOUNDS = {
        100_000L,
        250_000L,
        500_000L,
        1_000_000L,
        2_500_000L,
        5_000_000L,
        10_000_000L,
        25_000_000L,
        50_000_000L,
        100_000_000L,
        250_000_000L,
        500_000_000L,
        1_000_000_000L,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L
    };

    /** One bucket a bound, and one for what is above the last. */
    static final int BUCKETS = BOUNDS.length + 1;

    private static final int SUM = BUCKETS;

    private final AtomicLongArray cells = new AtomicLongArray(BUCKETS + 1);

    void record(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
            bucket++;
        }
        cells.setOpaque(bucket, cells.getPlain(bucket) + 1);
        cells.setOpaque(SUM, cells.getPlain(SUM) + nanos);
    }

    /** The upper bound of {@code bucket} in seconds. */
    static double boundSeconds(int bucket) {
        return bucket < BOUNDS.length ? BOUNDS[bucket] / 1e9 : Double.POSITIVE_INFINITY;
    }

    /** Adds what was counted to {@code counts}, one a bucket, and answers the sum in nanoseconds. */
    long addTo(long[] counts) {
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += cells.getOpaque(i);
        }
        return cells.getOpaque(SUM);
    }
}
