package io.larder.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A node among others, as it knows itself without asking anybody: a value, for people. */
public sealed interface NodeView {
    /** There are no others. */
    record Alone() implements NodeView {}

    /**
     * It follows the log of purges that nodes share.
     *
     * @param node its name
     * @param current whether every purge that is complete is in force here
     * @param lag how long ago it last knew all that the log did; null before it ever has
     * @param maxLag for how long it trusts what it has when it cannot ask the log
     * @param whenLagging what becomes of stored responses after that
     * @param epoch which log it follows; null before it has found one
     * @param unreached how long ago the log last answered; null where it answers, or has just missed to
     */
    record Following(
            String node,
            boolean current,
            @Nullable Duration lag,
            Duration maxLag,
            TieredStore.WhenLagging whenLagging,
            @Nullable String epoch,
            @Nullable Duration unreached)
            implements NodeView {}
}
