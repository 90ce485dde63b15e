package io.larder.admission;

import java.time.Duration;

/**
 * How often somebody may come: the generic cell rate algorithm (ITU-T I.371, annex A), which is a leaky bucket that needs no
 * more memory than one point in time, when the allowance will be whole again. Times are on any clock that goes on evenly, in
 * nanoseconds.
 *
 * @param interval between two that come at the rate
 * @param span the most that may have come early: the burst times the interval
 */
public record Gcra(long interval, long span) {
    /** A century, which keeps sums far from where 64 bits end. */
    private static final long LONGEST = Duration.ofDays(36_500).toNanos();

    public Gcra {
        if (interval < 1 || span < interval || span > LONGEST) {
            throw new IllegalArgumentException(
                    "an interval is at least 1, a span at least an interval, at most a century");
        }
    }

    /**
     * So many in so long, of which {@code burst} may come at once.
     *
     * @param burst at least 1
     * @throws IllegalArgumentException where it takes more than a century to earn the burst
     */
    public static Gcra of(long many, Duration per, long burst) {
        long interval = Math.max(1, per.toNanos() / many);
        if (burst > LONGEST / interval) {
            throw new IllegalArgumentException("it would take more than a century to earn the burst");
        }
        return new Gcra(interval, interval * burst);
    }

    /**
     * What became of one who came.
     *
     * @param whole when the allowance will be whole again; unchanged where he was not admitted
     * @param debt how long that is from now
     */
    public record Decision(boolean admitted, long whole, long debt) {}

    /** How many may come at once. */
    public long burst() {
        return span / interval;
    }

    /** Decides over one who comes now, whose allowance will be whole, or has been, at {@code whole}. */
    public Decision decide(long whole, long now) {
        long debt = Math.min(span, Math.max(0, whole - now)); // what a stricter rate left behind ends with it
        return debt + interval > span
                ? new Decision(false, now + debt, debt)
                : new Decision(true, now + debt + interval, debt + interval);
    }

    /** How many more may come at once. */
    public long remaining(Decision decision) {
        return Math.max(0, (span - decision.debt) / interval);
    }

    /** How long it takes until one is admitted; zero where one would be now. */
    public Duration untilNext(Decision decision) {
        return Duration.ofNanos(Math.max(0, decision.debt + interval - span));
    }
}
