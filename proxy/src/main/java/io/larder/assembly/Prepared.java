package io.larder.assembly;

import io.larder.fragment.GzipPart;
import io.larder.store.Derived;
import java.util.concurrent.Executor;

/**
 * What was worked out of stored pages and fragments, so that it need not be for each delivery.
 *
 * @param pages what they consist of
 * @param parts the same octets, compressed
 */
public record Prepared(Derived<Compiled> pages, Derived<GzipPart> parts) {
    /**
     * Room for it.
     *
     * @param capacity of all of it, in bytes of heap
     * @param upkeep has it in order
     */
    public static Prepared of(long capacity, Executor upkeep) {
        return new Prepared(
                new Derived<>(capacity / 2, Compiled::weight, upkeep),
                new Derived<>(capacity / 2, GzipPart::weight, upkeep));
    }
}
