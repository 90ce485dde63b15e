package io.larder.balance;

import java.time.Duration;

/**
 * How a server that has just come gets its part of the requests little by little, while it fills its caches and compiles.
 *
 * @param window in which its share grows to the whole; zero: it has all of it at once
 */
public record SlowStart(Duration window) {
    /** No slow start. */
    public static final SlowStart OFF = new SlowStart(Duration.ZERO);

    /** The share to begin with: some requests have to warm it. */
    static final double FLOOR = 0.1;

    public SlowStart {
        if (window.isNegative()) {
            throw new IllegalArgumentException("slow start cannot take less than no time");
        }
    }

    /** The share of its weight that counts at {@code nowNanos}, above 0 and up to 1, when it came at {@code sinceNanos}. */
    public double share(long sinceNanos, long nowNanos) {
        long length = window.toNanos();
        long passed = Math.max(0, nowNanos - sinceNanos);
        return passed >= length ? 1 : FLOOR + (1 - FLOOR) * passed / length;
    }
}
