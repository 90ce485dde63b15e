package io.larder.upstream.discovery;

import java.time.Duration;

/**
 * The rule by which pauses between attempts grow: doubled each time up to {@code longest}, and of that some part between a
 * half and all of it, so that many nodes do not come at once.
 */
record Backoff(Duration first, Duration longest) {
    Backoff {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("a pause needs 0 < first <= longest");
        }
    }

    /**
     * How long to wait before the next attempt.
     *
     * @param failures how many there were in a row, the last included
     * @param chance from 0 to 1
     */
    Duration pause(int failures, double chance) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        long most = Math.min(pause.toNanos(), longest.toNanos());
        return Duration.ofNanos(most / 2 + (long) (chance * (most - most / 2)));
    }
}
