package io.larder.coherence;

/** What purges leave of a stored response; each is worse than the one before. */
public enum Verdict {
    /** No purge concerns it. */
    VALID,
    /** It counts as stale from now on. */
    SOFTENED,
    /** It must not be served again. */
    GONE;

    static Verdict of(Purge.Mode mode) {
        return switch (mode) {
            case SOFT -> SOFTENED;
            case HARD -> GONE;
        };
    }

    Verdict or(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
