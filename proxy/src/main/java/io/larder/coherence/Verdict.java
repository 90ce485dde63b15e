package io.larder.coherence;

/** What purges leave of a stored response; each is worse than the one before. */
public enum Verdict {
    /** No purge concerns it. */
    VALID,
    /** It counts as stale from now on. */
    SOFTENED,
    /** It may have been purged: the origin has to be asked before it is served again. */
    DOUBTED,
    /** It must not be served again. */
    GONE;

    static Verdict of(Purge.Mode mode) {
        return switch (mode) {
            case SOFT -> SOFTENED;
            case DOUBT -> DOUBTED;
            case HARD -> GONE;
        };
    }

    Verdict or(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
