package io.larder.upstream.discovery;

import io.larder.balance.Backoff;
import java.time.Duration;

/**
 * The rule by which a name is looked up again: when its records have lived, but not sooner than after a second, and not later
 * than {@code refresh}; after a failure with growing pauses within the same limits.
 */
record DnsPace(Duration refresh) {
    private static final Duration SOONEST = Duration.ofSeconds(1);

    DnsPace {
        if (refresh.compareTo(SOONEST) < 0) {
            throw new IllegalArgumentException("a name is looked up again after a second at the soonest");
        }
    }

    /** The pause after a good answer. */
    Duration after(Duration lifetime) {
        Duration atLeast = lifetime.compareTo(SOONEST) < 0 ? SOONEST : lifetime;
        return atLeast.compareTo(refresh) < 0 ? atLeast : refresh;
    }

    /**
     * The pause after a failure.
     *
     * @param failures how many there were in a row
     * @param chance from 0 to 1
     */
    Duration afterFailure(int failures, double chance) {
        return new Backoff(SOONEST, refresh).pause(failures, chance);
    }
}
