package io.larder.route;

import io.larder.policy.CacheRules;

/**
 * How a route caches.
 *
 * @param rules of the policy
 * @param collapse whether simultaneous misses of a key share one fetch
 */
public record CachePlan(CacheRules rules, boolean collapse) {
    /** This plan for what is told apart from the rest by {@code partition} (see {@link Site#partition}). */
    public CachePlan within(String partition) {
        return new CachePlan(rules.withKey(rules.key().within(partition)), collapse);
    }
}
