package io.larder.balance;

import java.time.Duration;

/**
 * The rule by which pauses between attempts grow: doubled each time up to {@code longest}, and of that some part between a
 * half and all of it, so that many nodes do not come at once.
 *
 * @param longest at least {@code first}, which is more than nothing
 */
public record Backoff(Duration first, Duration longest) {
    public Backoff {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("a pause needs 0 < first <= longest");
        }
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param failures how many there were in a row, the last included, from 1
     * @param chance from 0 to 1
     */
    public Duration pause(int failures, double chance) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        long most = Math.min(pause.toNanos(), longest.toNanos());
        return Duration.ofNanos(most / 2 + (long) (chance * (most - most / 2)));
    }
}
