package io.larder.route;

import io.larder.policy.CacheRules;

/**
 * How a route caches.
 *
 * @param rules of the policy
 * @param collapse whether simultaneous misses of a key share one fetch
 */
public record CachePlan(CacheRules rules, boolean collapse) {}
