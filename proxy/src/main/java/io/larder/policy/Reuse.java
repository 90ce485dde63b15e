package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import java.time.Instant;
import java.util.Optional;

/** What a stored response is good for when a request comes (RFC 9111 §4). */
public sealed interface Reuse {
    /**
     * Serve it.
     *
     * @param reason {@link Reason#FRESH}, or {@link Reason#CLIENT_MAX_STALE}
     */
    record Fresh(Stored stored, Reason reason) implements Reuse {}

    /**
     * Serve it, and fetch it anew behind the client's back (RFC 5861 §3).
     *
     * @param reason {@link Reason#STALE_WHILE_REVALIDATE}, or {@link Reason#SOFT_PURGED}
     */
    record StaleWhileRevalidating(Stored stored, Reason reason) implements Reuse {}

    /**
     * Ask the origin with {@link Revalidation#request} first; should that fail, {@link #onTrouble} may still allow it.
     *
     * @param reason why it cannot be served as it is
     */
    record Validate(Stored stored, Reason reason) implements Reuse {}

    /** Nothing is there for this request: fetch, with the client's conditions as they are. */
    record Unusable(Reason reason) implements Reuse {}

    /** Nothing is there that the client would take, and it forbade asking the origin: 504 (RFC 9111 §5.2.1.7). */
    record Unsatisfiable(Reason reason) implements Reuse {}

    /** Why the origin gave no proper answer. */
    enum Trouble {
        /** It could not be reached, or broke off before answering: "disconnected" in RFC 9111 §4.2.4. */
        UNREACHABLE,
        /** It answered 500, 502, 503 or 504 (RFC 5861 §4). */
        ERROR
    }

    /**
     * Decides for {@code request}, whose ignored cookies are gone.
     *
     * @param stored what the store holds under the request's key; {@link Variants#NONE} for nothing
     */
    static Reuse of(CacheRules rules, Request request, Variants stored, Instant now) {
        Headers headers = request.headers();
        Stored selected = stored.select(headers);
        Reuse answer = selected == null
                ? new Unusable(stored.isEmpty() ? Reason.URI_MISS : Reason.VARY_MISS)
                : ofSelected(rules, headers, selected, now);
        if (rules.clientDirectives() && asksOrigin(answer) && ClientDirectives.onlyIfCached(headers)) {
            return new Unsatisfiable(Reason.ONLY_IF_CACHED);
        }
        return answer;
    }

    private static boolean asksOrigin(Reuse answer) {
        return answer instanceof Validate || answer instanceof Unusable;
    }

    private static Reuse ofSelected(CacheRules rules, Headers request, Stored stored, Instant now) {
        if (rules.clientDirectives() && request.contains(Fields.CACHE_CONTROL)) {
            return ofDemanded(rules, ClientDirectives.of(request), stored, now);
        }
        return ofAge(rules, stored, now);
    }

    /** RFC 9111 §5.2.1: the client may narrow what it takes, or widen it. */
    private static Reuse ofDemanded(CacheRules rules, CacheControl demands, Stored stored, Instant now) {
        long left = stored.left(now);
        Optional<Reason> objection = ClientDirectives.objection(demands, stored.age(now), left);
        if (objection.isPresent()) {
            return new Validate(stored, objection.get());
        }
        Reuse answer = ofAge(rules, stored, now);
        boolean prohibited = stored.head().use().stale().never();
        boolean onlyStale = answer instanceof Validate why && why.reason() == Reason.STALE;
        if (onlyStale && !prohibited && ClientDirectives.takesStale(demands, -left)) {
            return new Fresh(stored, Reason.CLIENT_MAX_STALE);
        }
        return answer;
    }

    private static Reuse ofAge(CacheRules rules, Stored stored, Instant now) {
        if (stored.standing().kind() == Standing.Kind.IN_DOUBT) {
            return new Validate(stored, Reason.IN_DOUBT);
        }
        StaleTerms terms = stored.head().use().stale();
        if (terms.always()) {
            return new Validate(stored, Reason.NO_CACHE);
        }
        long left = stored.left(now);
        if (left > 0) {
            return new Fresh(stored, Reason.FRESH);
        }
        if (isTooOld(rules, stored, now)) {
            return new Unusable(Reason.TOO_OLD);
        }
        if (isSoftPurged(stored, now)) {
            // what an origin wants validated once it is stale is stale now (RFC 9111 §5.2.2.2)
            return terms.never()
                    ? new Validate(stored, Reason.SOFT_PURGED)
                    : new StaleWhileRevalidating(stored, Reason.SOFT_PURGED);
        }
        return -left < terms.whileRevalidateMillis(rules.grace())
                ? new StaleWhileRevalidating(stored, Reason.STALE_WHILE_REVALIDATE)
                : new Validate(stored, Reason.STALE);
    }

    /** Whether a soft purge, and nothing else, keeps it from being fresh. */
    private static boolean isSoftPurged(Stored stored, Instant now) {
        return stored.isSoftened() && stored.left(now) <= 0 && stored.leftByAge(now) > 0;
    }

    private static boolean isTooOld(CacheRules rules, Stored stored, Instant now) {
        return stored.head().age().resident(now) >= rules.lifetimes().max().toMillis();
    }

    /** Under which reason {@code stored} may be served although the origin gave no proper answer; empty: it may not be. */
    static Optional<Reason> onTrouble(CacheRules rules, Stored stored, Trouble trouble, Instant now) {
        StaleTerms terms = stored.head().use().stale();
        if (terms.never() || isTooOld(rules, stored, now)) {
            return Optional.empty();
        }
        if (isSoftPurged(stored, now)) {
            return Optional.of(Reason.SOFT_PURGED);
        }
        long staleness = Math.max(0, -stored.left(now));
        if (staleness < terms.ifErrorMillis(rules.grace())) {
            return Optional.of(Reason.STALE_IF_ERROR);
        }
        boolean disconnected = trouble == Trouble.UNREACHABLE;
        if (disconnected && staleness < terms.ifUnreachableMillis(rules.grace())) {
            return Optional.of(Reason.STALE_IF_UNREACHABLE);
        }
        return Optional.empty();
    }

    /** Whether a response of the origin with {@code status} is trouble that a stale response may stand in for. */
    static boolean isTrouble(int status) {
        return StatusRules.isServerError(status);
    }
}
