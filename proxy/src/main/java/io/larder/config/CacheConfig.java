package io.larder.config;

import java.time.Duration;

/**
 * A value: the local cache.
 *
 * @param memory bytes for everything stored: bodies, heads, bookkeeping
 * @param maxObject bytes of the largest response that is stored
 * @param maxLifetime no entry is ever older
 * @param defaultGrace stale-while-revalidate where response and route are silent
 */
public record CacheConfig(long memory, long maxObject, Duration maxLifetime, Duration defaultGrace) {}
