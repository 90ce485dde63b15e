package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.http.Request;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;

/**
 * A request that the cache may answer.
 *
 * @param request without the cookies that the route ignores
 * @param exchange of the client who asks
 */
record Quest(CacheRules rules, CacheKey key, Request request, Exchange exchange) {
    /** The same for the whole response: the answer to a HEAD cannot be stored in its place. */
    Quest forWhole() {
        return request.is("GET") ? this : new Quest(rules, key, request.withMethod("GET"), exchange);
    }
}
