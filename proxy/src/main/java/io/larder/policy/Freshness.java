package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a response is fresh, and what says so.
 *
 * @param lifetime {@code freshness_lifetime} in milliseconds (RFC 9111 §4.2.1), never negative
 */
public record Freshness(long lifetime, Origin origin) {

    /** What says how long a response is fresh. */
    public enum Origin {
        S_MAXAGE,
        MAX_AGE,
        EXPIRES,
        X_ACCEL_EXPIRES,
        HEURISTIC,
        ROUTE_TTL,
        ROUTE_DEFAULT,
        ROUTE_NEGATIVE,
        /** Nothing does: it is never fresh. */
        NONE;

        /** Whether the response said it itself. */
        public boolean isExplicit() {
            return this == S_MAXAGE || this == MAX_AGE || this == EXPIRES || this == X_ACCEL_EXPIRES;
        }

        /** Whether it counts from receipt, however old the response was then. */
        boolean countsFromReceipt() {
            return this == ROUTE_TTL || this == ROUTE_DEFAULT || this == ROUTE_NEGATIVE || this == X_ACCEL_EXPIRES;
        }
    }

    private static final Freshness UNKNOWN = new Freshness(0, Origin.NONE);

    /** The freshness of a response with {@code status} and {@code headers} under {@code rules}. */
    static Freshness of(
            CacheRules.Lifetimes rules, int status, Headers headers, Governing control, Instant receivedAt) {
        Freshness found = uncapped(rules, status, headers, control, receivedAt);
        return new Freshness(Math.min(found.lifetime, rules.max().toMillis()), found.origin);
    }

    /** A lifetime that counts from receipt, as one that counts from the response's own beginning. */
    Freshness beginning(Age age) {
        return origin.countsFromReceipt() ? new Freshness(lifetime + age.initial(), origin) : this;
    }

    /** This, but no longer than {@code longest}. */
    Freshness atMost(Duration longest) {
        return new Freshness(Math.min(lifetime, longest.toMillis()), origin);
    }

    private static Freshness uncapped(
            CacheRules.Lifetimes rules, int status, Headers headers, Governing control, Instant receivedAt) {
        Duration fixed = StatusRules.takesRouteTtl(status) ? rules.fixed() : null;
        if (fixed != null) {
            return new Freshness(fixed.toMillis(), Origin.ROUTE_TTL);
        }
        Freshness explicit = explicit(headers, control, receivedAt);
        if (explicit != null) {
            return explicit;
        }
        Duration negative = rules.negative().get(status);
        if (negative != null) {
            return new Freshness(negative.toMillis(), Origin.ROUTE_NEGATIVE);
        }
        // before the route's default: it rests on something that the response does say
        Freshness heuristic = rules.heuristic() ? heuristic(status, headers, control, receivedAt) : null;
        if (heuristic != null) {
            return heuristic;
        }
        Duration fallback = StatusRules.takesRouteTtl(status) ? rules.fallback() : null;
        return fallback == null ? UNKNOWN : new Freshness(fallback.toMillis(), Origin.ROUTE_DEFAULT);
    }

    /** RFC 9111 §4.2.1: {@code s-maxage}, else {@code max-age}, else {@code Expires}; each beats the next outright. */
    private static @Nullable Freshness explicit(Headers headers, Governing control, Instant receivedAt) {
        long sMaxAge = control.seconds("s-maxage");
        if (sMaxAge != CacheControl.ABSENT) {
            return new Freshness(sMaxAge * 1000, Origin.S_MAXAGE);
        }
        long maxAge = control.seconds("max-age");
        if (maxAge != CacheControl.ABSENT) {
            return new Freshness(maxAge * 1000, control.countsFromReceipt() ? Origin.X_ACCEL_EXPIRES : Origin.MAX_AGE);
        }
        if (!control.leavesExpires()) {
            return null;
        }
        List<String> expires = headers.all(Fields.EXPIRES);
        return expires.isEmpty() ? null : new Freshness(untilExpiry(expires, headers, receivedAt), Origin.EXPIRES);
    }

    /** {@code Expires} minus {@code Date}; an invalid or repeated {@code Expires} is in the past (RFC 9111 §5.3). */
    private static long untilExpiry(List<String> expires, Headers headers, Instant receivedAt) {
        Instant end = expires.size() > 1 ? null : HttpDate.parse(expires.get(0), receivedAt);
        if (end == null) {
            return 0;
        }
        long seconds = end.getEpochSecond() - date(headers, receivedAt).getEpochSecond();
        return Math.clamp(seconds, 0, CacheControl.MAX_SECONDS) * 1000;
    }

    /** RFC 9111 §4.2.2: a tenth of the time since it was last modified. */
    private static @Nullable Freshness heuristic(int status, Headers headers, Governing control, Instant receivedAt) {
        String lastModified = headers.first(Fields.LAST_MODIFIED);
        boolean permitted = StatusRules.isHeuristicallyCacheable(status) || control.has("public");
        Instant modified = lastModified == null || !permitted ? null : HttpDate.parse(lastModified, receivedAt);
        if (modified == null) {
            return null;
        }
        long unchanged = date(headers, receivedAt).getEpochSecond() - modified.getEpochSecond();
        return new Freshness(Math.max(0, unchanged) * 100, Origin.HEURISTIC);
    }

    /** The {@code Date}, or where it is missing or invalid the time of receipt (RFC 9110 §6.6.1). */
    static Instant date(Headers headers, Instant receivedAt) {
        String date = headers.first(Fields.DATE);
        Instant sent = date == null ? null : HttpDate.parse(date, receivedAt);
        return sent == null ? receivedAt : sent;
    }
}
