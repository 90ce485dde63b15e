package io.larder.fragment;

import org.jspecify.annotations.Nullable;

/**
 * What a page may know of the request that it answers (ESI 1.0 §5). Pages with Server Side Includes ask by the same names;
 * {@code DATE_LOCAL} and {@code DATE_GMT} have as key how the time is to be written, which {@link TimeFormat} does.
 */
@FunctionalInterface
public interface Variables {
    /** None is known. */
    Variables NONE = (name, key) -> "";

    /**
     * The value of a variable; empty where there is none.
     *
     * @param name in capital letters
     * @param key which part of it is meant, as the page spells it; null for all of it
     */
    String value(String name, @Nullable String key);
}
