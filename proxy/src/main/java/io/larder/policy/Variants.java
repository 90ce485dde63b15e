package io.larder.policy;

import io.larder.http.Headers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The responses stored under one primary key, told apart by {@code Vary} (RFC 9111 §4.1), newest first.
 *
 * @param all at most {@link #LIMIT}
 */
public record Variants(List<Stored> all) {
    /** How many variants one key may have: an origin that varies on what every client writes differently fills no cache. */
    public static final int LIMIT = 64;

    /** Nothing stored. */
    public static final Variants NONE = new Variants(List.of());

    public Variants {
        all = List.copyOf(all);
    }

    public static Variants of(Stored only) {
        return new Variants(List.of(only));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The newest one that a request with these fields selects, or null. */
    public @Nullable Stored select(Headers request) {
        Asked asked = null;
        for (int i = 0; i < all.size(); i++) {
            Stored stored = all.get(i);
            if (stored.vary().isPresentedBy(request)) {
                return stored;
            }
            asked = asked == null ? new Asked(request) : asked;
            if (stored.vary().admits(asked)) {
                return stored;
            }
        }
        return null;
    }

    /**
     * These with {@code stored} in front, in place of those it replaces, unless one of them is later; the
     * oldest goes where there are too many.
     */
    public Variants with(Stored stored) {
        List<Stored> now = new ArrayList<>(all.size() + 1);
        now.add(stored);
        for (Stored other : all) {
            boolean replaced = stored.vary().supersedes(other.vary());
            if (replaced && other.isLaterThan(stored)) {
                return this;
            }
            if (now.size() < LIMIT && !replaced) {
                now.add(other);
            }
        }
        return new Variants(now);
    }

    /** Heap bytes that they keep alive. */
    public long weight() {
        long weight = 64;
        for (Stored stored : all) {
            weight += stored.weight();
        }
        return weight;
    }
}
