package io.larder.policy;

/**
 * What purges have made of a stored response.
 *
 * @param from when a soft purge makes it stale, in milliseconds since 1970; 0 for none
 */
public record Standing(Kind kind, long from) {
    /** What a purge can make of a stored response that is kept. */
    public enum Kind {
        /** None has made anything of it. */
        SOUND,
        /** A soft purge makes it stale before its time. */
        SOFTENED,
        /** One may have been missed that would have: the origin is asked before it is served again. */
        IN_DOUBT
    }

    /** See {@link Kind#SOUND}. */
    public static final Standing SOUND = new Standing(Kind.SOUND, 0);

    /** Made stale at once. */
    public static final Standing SOFTENED = new Standing(Kind.SOFTENED, 0);

    /** See {@link Kind#IN_DOUBT}. */
    public static final Standing IN_DOUBT = new Standing(Kind.IN_DOUBT, 0);

    /** What a soft purge that makes stale at {@code when}, in milliseconds since 1970, leaves of this. */
    Standing and(long when) {
        return switch (kind) {
            case SOUND -> new Standing(Kind.SOFTENED, when);
            case SOFTENED -> when < from ? new Standing(Kind.SOFTENED, when) : this;
            case IN_DOUBT -> this;
        };
    }

    /** The freshness that it leaves of {@code left} milliseconds, at {@code now} in milliseconds since 1970. */
    long limit(long left, long now) {
        return switch (kind) {
            case SOUND -> left;
            case SOFTENED -> Math.min(left, Math.max(0, from - now));
            case IN_DOUBT -> Math.min(left, 0);
        };
    }
}
