package io.larder.config.source;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value: where each key of a configuration was written, by its path, such as {@code sites.shop.routes[0].cache.ttl}. Like an
 * {@link Origin} it says nothing about the configuration, so all of them are equal.
 */
public final class Places {
    /** Of a configuration that nobody wrote. */
    public static final Places NONE = new Places(Map.of());

    private final Map<String, Place> byPath;

    public Places(Map<String, Place> byPath) {
        this.byPath = Map.copyOf(byPath);
    }

    /** Where the key at {@code path} is written; null where it is not, and its default holds. */
    public @Nullable Place of(String path) {
        return byPath.get(path);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Places;
    }

    @Override
    public int hashCode() {
        return Places.class.hashCode();
    }

    @Override
    public String toString() {
        return byPath.size() + " places";
    }
}
