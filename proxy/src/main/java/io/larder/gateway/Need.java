package io.larder.gateway;

import io.larder.policy.Reason;
import io.larder.policy.Stored;
import io.larder.policy.VaryKey;
import org.jspecify.annotations.Nullable;

/**
 * A quest that the store alone cannot answer.
 *
 * @param stale what is stored and needs validation; null for nothing
 * @param why the origin has to be asked
 * @param asked when, in the order that {@link Flights#turn} gives
 * @param variant of the key, where another's response has told by what that is selected
 * @param rounds how many flights it has followed in vain
 */
record Need(Quest quest, @Nullable Stored stale, Reason why, long asked, VaryKey variant, int rounds) {
    /** How many flights anybody follows before he goes by himself: each takes as long as the origin does. */
    private static final int PATIENCE = 3;

    static Need of(Quest quest, @Nullable Stored stale, Reason why, long asked) {
        return new Need(quest, stale, why, asked, VaryKey.NONE, 0);
    }

    /** The same after one more flight. */
    Need again(VaryKey of) {
        return new Need(quest, stale, why, asked, of, rounds + 1);
    }

    /** The same by what the store has now. */
    Need given(@Nullable Stored other, Reason because) {
        return new Need(quest, other, because, asked, variant, rounds);
    }

    /** The same for the whole of what it may ask for a part of. */
    Need forWhole() {
        return new Need(quest.withoutRange(), stale, why, asked, variant, rounds);
    }

    /** Whether the origin is asked for a part, as the client does. */
    boolean isForPart() {
        return stale == null && quest.passesRange(why);
    }

    boolean isOutOfPatience() {
        return rounds >= PATIENCE;
    }

    /**
     * Whether the client's conditions are kept from the origin and evaluated here: others wait for the same, whom a 304 to
     * one client's condition would not help.
     */
    boolean isForAll() {
        return rounds > 0;
    }
}
