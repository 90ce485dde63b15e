package io.larder.gateway;

import io.larder.store.Store;

/**
 * What all routes have in common to cache with: it outlives every configuration.
 *
 * @param store where responses are kept
 * @param flights the fetches under way
 */
public record SharedCache(Store store, Flights flights) {}
