package io.larder.store;

import io.larder.coherence.Position;
import io.larder.coherence.PurgeIndex;
import io.larder.coherence.Subject;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import io.larder.policy.Variants;
import java.util.ArrayList;
import java.util.List;

/**
 * What is stored under one key, and up to which purge that has been looked at: so that each purge is held against each
 * entry once, and an ordinary hit compares two numbers.
 */
@Shared
final class Shelf {
    private final Variants variants;
    private final int weight;
    private final boolean remainder;

    /** Several threads may move it to the same place at once. */
    private volatile long checked;

    /**
     * What purges leave of a shelf.
     *
     * @param left softened where a soft purge says so
     * @param concerned those that are gone or softened, as purges see them
     */
    record Judged(Variants left, List<Subject> concerned) {}

    /** @param checked no purge up to here concerns {@code variants} */
    Shelf(CacheKey key, Variants variants, Position checked) {
        this(key, variants, checked, false);
    }

    private Shelf(CacheKey key, Variants variants, Position checked, boolean remainder) {
        this.variants = variants;
        this.weight = (int) Math.min(Integer.MAX_VALUE, LocalStore.BOOKKEEPING + key.weight() + variants.weight());
        this.checked = checked.value();
        this.remainder = remainder;
    }

    /** What purges up to {@code checked} have left of another shelf. */
    static Shelf remainder(CacheKey key, Variants left, Position checked) {
        return new Shelf(key, left, checked, true);
    }

    /** Whether nothing new is on it, so that it is kept no longer than what it takes the place of. */
    boolean isRemainder() {
        return remainder;
    }

    /** Everything on it, purged or not. */
    Variants variants() {
        return variants;
    }

    /** Whether it holds a response of at most {@code maxBody} octets. */
    boolean has(long maxBody) {
        return variants.all().stream().anyMatch(stored -> stored.body().length() <= maxBody);
    }

    int weight() {
        return weight;
    }

    /** No purge up to here concerns what is on it. */
    Position checked() {
        return new Position(checked);
    }

    /** How long it is worth keeping, in nanoseconds from the last change. */
    long keepNanos() {
        long keep = 0;
        for (int i = 0; i < variants.all().size(); i++) {
            keep = Math.max(keep, variants.all().get(i).head().use().keep());
        }
        return keep * 1_000_000;
    }

    /** What may be served of it. */
    Variants valid(CacheKey key, PurgeIndex index) {
        return checked >= index.latest().value() ? variants : judged(key, index).left();
    }

    /** What the purges in {@code index} leave of it; where that is everything, they are not looked at again. */
    Judged judged(CacheKey key, PurgeIndex index) {
        Position asOf = checked();
        if (!index.latest().isAfter(asOf)) {
            return new Judged(variants, List.of());
        }
        List<Stored> left = new ArrayList<>(variants.all().size());
        List<Subject> concerned = new ArrayList<>();
        for (Stored stored : variants.all()) {
            Subject subject = subject(key, stored.tags());
            switch (index.verdict(subject, asOf)) {
                case VALID -> left.add(stored);
                case SOFTENED -> {
                    left.add(stored.softened(index.staleFrom(subject, asOf)));
                    concerned.add(subject);
                }
                case DOUBTED -> {
                    left.add(stored.doubted());
                    concerned.add(subject);
                }
                case GONE -> concerned.add(subject);
            }
        }
        if (concerned.isEmpty()) {
            checked = index.latest().value();
            return new Judged(variants, concerned);
        }
        return new Judged(new Variants(left), concerned);
    }

    /** How purges see what is stored under {@code key} with {@code tags}. */
    static Subject subject(CacheKey key, Tags tags) {
        return new Subject(key.authority().toString(), key.pathAndQuery(), tags.scope(), tags.names(), tags.groups());
    }
}
