package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.larder.exchange.Shared;
import io.larder.http.Bytes;
import java.util.concurrent.Executor;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out of octets that are kept elsewhere: it goes when they go, or when it takes too much room, and can be
 * worked out again. These very octets count, not what is equal to them. Used from any thread.
 *
 * @param <V> holds on to the octets' segments, but not to the {@link Bytes} themselves
 */
@Shared
public final class Derived<V> {
    private final Cache<Bytes, V> values;

    /**
     * @param capacity in bytes of heap
     * @param weight of a value, in bytes of heap
     * @param upkeep has it in order
     */
    public Derived(long capacity, ToLongFunction<V> weight, Executor upkeep) {
        this.values = Caffeine.newBuilder()
                .weakKeys()
                .maximumWeight(capacity)
                .weigher((Bytes octets, V value) -> (int) Math.min(Integer.MAX_VALUE, weight.applyAsLong(value)))
                .executor(upkeep)
                .build();
    }

    /** What was worked out of {@code octets}; null where it is not here. */
    public @Nullable V of(Bytes octets) {
        return values.getIfPresent(octets);
    }

    /** Keeps nothing of {@code octets} any more. */
    public void forget(Bytes octets) {
        values.invalidate(octets);
    }

    /** Keeps {@code value}, worked out of {@code octets}, if there is room. */
    public void keep(Bytes octets, V value) {
        values.put(octets, value);
    }
}
