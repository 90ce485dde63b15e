package io.larder.policy;

import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code Cache-Status} field (RFC 9211): what Larder did with one request. Codes are tokens, so nothing
 * needs escaping.
 */
public final class CacheStatus {
    /** How Larder calls itself. */
    public static final String CACHE = "larder";

    /** What is said of a hit that nothing else needs to be said of, up to the seconds of freshness that are left. */
    public static final String HIT = CACHE + "; hit; ttl=";

    private CacheStatus() {}

    /**
     * Served from the store without asking the origin.
     *
     * @param ttl seconds of freshness left; negative for one that is stale (RFC 9211 §2.3)
     */
    public static String hit(Reason reason, long ttl) {
        return reason == Reason.FRESH ? HIT + ttl : HIT + ttl + "; detail=" + reason.code();
    }

    /** Forwarded to the origin: how that went is added to the result. */
    public static Forwarded forwarded(Reason reason) {
        return new Forwarded(reason, 0, false, false, 0, null);
    }

    /**
     * A request that went to the origin.
     *
     * @param why it was not answered from the store
     * @param status of the origin's answer, or 0 where there was none
     * @param collapsed whether it shared another request's fetch (RFC 9211 §2.6)
     * @param stored whether the answer was stored
     * @param ttl of what was stored, in seconds
     * @param refused why it was not stored; null where it was, or was not asked
     */
    public record Forwarded(
            Reason why,
            int status,
            boolean collapsed,
            boolean stored,
            long ttl,
            @Nullable Reason refused) {

        public Forwarded answered(int originStatus) {
            return new Forwarded(why, originStatus, collapsed, stored, ttl, refused);
        }

        public Forwarded collapsedOnto() {
            return new Forwarded(why, status, true, stored, ttl, refused);
        }

        public Forwarded storedFor(long seconds) {
            return new Forwarded(why, status, collapsed, true, seconds, null);
        }

        public Forwarded notStored(Reason because) {
            return new Forwarded(why, status, collapsed, false, 0, because);
        }

        /** The reason that matters most: why it was not stored, else why it was forwarded. */
        public Reason reason() {
            return refused != null ? refused : why;
        }

        /** The field value, e.g. {@code larder; fwd=uri-miss; fwd-status=200; stored; ttl=60}. */
        public String value() {
            StringBuilder text =
                    new StringBuilder(96).append(CACHE).append("; fwd=").append(fwd(why));
            if (status != 0) {
                text.append("; fwd-status=").append(status);
            }
            if (stored) {
                text.append("; stored; ttl=").append(ttl);
            }
            if (collapsed) {
                text.append("; collapsed");
            }
            Reason detail = refused != null || fwd(why).equals(why.code()) ? refused : why;
            if (detail != null) {
                text.append("; detail=").append(detail.code());
            }
            return text.toString();
        }
    }

    /** The registered value of {@code fwd} (RFC 9211 §2.2) that a reason comes under. */
    static String fwd(Reason why) {
        return switch (why) {
            case METHOD -> "method";
            case URI_MISS, HIT_FOR_MISS -> "uri-miss";
            case VARY_MISS -> "vary-miss";
            case PARTIAL_MISS -> "partial";
            case TOO_OLD -> "miss";
            case CLIENT_NO_CACHE, CLIENT_MAX_AGE, CLIENT_MIN_FRESH, CLIENT_NO_STORE, ONLY_IF_CACHED -> "request";
            case ROUTE_OFF,
                    UPGRADE,
                    REQUEST_CONTENT,
                    RANGE,
                    ORIGIN_CONDITION,
                    BYPASS_COOKIE,
                    BYPASS_HEADER,
                    FORM_COOKIE,
                    GUARD_SHADOW,
                    READ_YOUR_WRITES,
                    UNKEYED -> "bypass";
            case FRESH,
                    REVALIDATED,
                    STALE,
                    IN_DOUBT,
                    NO_CACHE,
                    STALE_WHILE_REVALIDATE,
                    STALE_IF_ERROR,
                    STALE_IF_UNREACHABLE,
                    CLIENT_MAX_STALE,
                    SOFT_PURGED -> "stale";
            case STORED,
                    HEAD,
                    PARTIAL,
                    NOT_MODIFIED,
                    NOT_FINAL,
                    NOT_UNDERSTOOD,
                    NO_STORE,
                    PRIVATE,
                    AUTHORIZATION,
                    SET_COOKIE,
                    SESSION_COOKIE,
                    GUARD_COOKIE,
                    GUARD_CREDENTIALS,
                    GUARD_FORM,
                    GUARD_OPAQUE,
                    GUARD_PART,
                    MIN_USES,
                    VARY_STAR,
                    NO_FRESHNESS,
                    TOO_LARGE,
                    TOO_BUSY,
                    TOO_MANY_TAGS,
                    INCOMPLETE,
                    PURGED -> "miss";
        };
    }
}
