package io.larder.config.bind;

import org.jspecify.annotations.Nullable;

/**
 * A value: all there is to say about one key of a section.
 *
 * @param fallback what holds when the key is absent; null: nothing does
 * @param getter takes the key's value out of the section's record; null: it is not written
 * @param doc one sentence for people, in editors
 */
public record Key<R, T>(
        String name,
        Type<T> type,
        boolean required,
        @Nullable T fallback,
        Getter<R, T> getter,
        String doc) {

    /** Takes a part out of a record. */
    @FunctionalInterface
    public interface Getter<R, T> {
        @Nullable
        T of(R record);
    }

    /** A key that has a default. */
    public static <R, T> Key<R, T> of(String name, Type<T> type, T fallback, Getter<R, T> getter, String doc) {
        return new Key<>(name, type, false, fallback, getter, doc);
    }

    /** A key whose absence means something of its own. */
    public static <R, T> Key<R, T> optional(String name, Type<T> type, Getter<R, T> getter, String doc) {
        return new Key<>(name, type, false, null, getter, doc);
    }

    /** A key that must be written. */
    public static <R, T> Key<R, T> required(String name, Type<T> type, Getter<R, T> getter, String doc) {
        return new Key<>(name, type, true, null, getter, doc);
    }

    /** A key of the whole file that must be written; the fallback stands in for it while other problems are sought. */
    public static <R, T> Key<R, T> required(String name, Type<T> type, T fallback, Getter<R, T> getter, String doc) {
        return new Key<>(name, type, true, fallback, getter, doc);
    }
}
