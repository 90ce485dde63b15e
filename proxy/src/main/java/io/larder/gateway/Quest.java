package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Portion;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import org.jspecify.annotations.Nullable;

/**
 * A request that the cache may answer.
 *
 * @param request without the cookies that the route ignores
 * @param exchange of the client who asks
 */
record Quest(CacheRules rules, CacheKey key, Request request, Exchange exchange) {
    /**
     * The same for what is kept for this client alone; null where the route keeps nothing so, the request does not tell
     * whose it is, or this is that quest already.
     */
    @Nullable
    Quest own() {
        CacheKey own = CacheKey.owned(rules, request, key);
        return own == null ? null : new Quest(rules.forOne(), own, request, exchange);
    }

    /** The same for the whole response: neither the answer to a HEAD nor a part can be stored in its place. */
    Quest forWhole() {
        return (request.is("GET") ? this : with(request.withMethod("GET"))).withoutRange();
    }

    /** The same without its {@code Range}, where it has one that counts. */
    Quest withoutRange() {
        return Portion.asksForPart(request) ? with(Portion.forAll(request)) : this;
    }

    /** The same once {@code stored} is there: a date says nothing of which of its forms the client has the beginning of. */
    Quest of(Stored stored) {
        return stored.gzipped() != null && Portion.isByDate(request) ? withoutRange() : this;
    }

    private Quest with(Request other) {
        return new Quest(rules, key, other, exchange);
    }

    /** Whether it is for a part, and what is not stored is to be asked for as it is (see {@link CacheRules.Ranges}). */
    boolean passesRange(Reason why) {
        return Portion.isFetchedAsAsked(rules.ranges(), request, why);
    }
}
