package io.larder.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A value: the caches.
 *
 * @param memory bytes for everything stored locally: bodies, heads, bookkeeping
 * @param maxObject bytes of the largest response that is stored
 * @param maxLifetime no entry is ever older
 * @param defaultGrace stale-while-revalidate where response and route are silent
 * @param redis the shared tier; null: this node is alone
 */
public record CacheConfig(
        long memory,
        long maxObject,
        Duration maxLifetime,
        Duration defaultGrace,
        @Nullable RedisConfig redis) {}
