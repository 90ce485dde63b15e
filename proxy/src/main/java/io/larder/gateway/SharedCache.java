package io.larder.gateway;

import io.larder.store.Store;
import java.util.concurrent.Executor;

/**
 * What all routes have in common to cache with: it outlives every configuration.
 *
 * @param store where responses are kept
 * @param flights the fetches under way
 * @param worker runs what takes longer than a loop may be held up; never a loop itself
 */
public record SharedCache(Store store, Flights flights, Executor worker) {}
