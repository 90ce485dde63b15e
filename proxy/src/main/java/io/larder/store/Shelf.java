package io.larder.store;

import io.larder.coherence.Position;
import io.larder.coherence.PurgeIndex;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Variants;

/**
 * What is stored under one key, and up to which purge that has been looked at: so that each purge is held against each
 * entry once, and an ordinary hit compares two numbers.
 */
@Shared
final class Shelf {
    private final Variants variants;
    private final int weight;

    /** Several threads may move it to the same place at once. */
    private volatile long checked;

    /** @param checked no purge up to here concerns {@code variants} */
    Shelf(CacheKey key, Variants variants, long checked) {
        this.variants = variants;
        this.weight = (int) Math.min(Integer.MAX_VALUE, LocalStore.BOOKKEEPING + key.weight() + variants.weight());
        this.checked = checked;
    }

    Variants variants() {
        return variants;
    }

    int weight() {
        return weight;
    }

    /** How long it is worth keeping, in nanoseconds from the last change. */
    long keepNanos() {
        long keep = 0;
        for (int i = 0; i < variants.all().size(); i++) {
            keep = Math.max(keep, variants.all().get(i).head().use().keep());
        }
        return keep * 1_000_000;
    }

    /** Whether no purge in {@code index} concerns it. */
    boolean isValid(CacheKey key, PurgeIndex index) {
        long latest = index.latest().value();
        if (checked >= latest) {
            return true;
        }
        if (index.covers(key.authority().toString(), key.pathAndQuery(), new Position(checked))) {
            return false;
        }
        checked = latest;
        return true;
    }
}
