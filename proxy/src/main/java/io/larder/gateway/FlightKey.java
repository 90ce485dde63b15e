package io.larder.gateway;

import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;

/**
 * What one fetch brings: a key and, once it is known by what its responses are selected, one variant of it.
 *
 * @param variant {@link VaryKey#NONE} while nothing is known of the key's {@code Vary}
 */
record FlightKey(CacheKey key, VaryKey variant) implements Comparable<FlightKey> {
    /** Some order: lets a hash table stay fast when somebody sends paths whose hashes collide on purpose. */
    @Override
    public int compareTo(FlightKey that) {
        return key.compareTo(that.key);
    }
}
