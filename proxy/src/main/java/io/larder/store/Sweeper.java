package io.larder.store;

import io.larder.coherence.Purge;
import io.larder.coherence.PurgeIndex;
import io.larder.coherence.Subject;
import io.larder.exchange.Shared;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import io.larder.policy.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Frees the memory of what was purged: walks all entries, once for all purges that have come since the last walk, so that
 * many purges of a large store do not pile up. Nobody waits for it to have a purge hold: who asks for an entry holds the
 * index against it.
 */
@Shared
final class Sweeper {
    private final ConcurrentMap<CacheKey, Shelf> shelves;
    private final Supplier<PurgeIndex> purges;
    private final Executor executor;
    private final Sweeps sweeps = new Sweeps();
    private final Queue<Sweep> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final LongAdder softened = new LongAdder();
    private final LongAdder removed = new LongAdder();

    /** @param executor that the walks run on: never a loop */
    Sweeper(ConcurrentMap<CacheKey, Shelf> shelves, Supplier<PurgeIndex> purges, Executor executor) {
        this.shelves = shelves;
        this.purges = purges;
        this.executor = executor;
    }

    /** Has everything counted that {@code sweep} concerns from now on: before its purge is in the index. */
    void announce(Sweep sweep) {
        sweeps.add(sweep);
    }

    /** Sees to everything that {@code sweep} concerns, now that its purge is in the index. */
    void walkFor(Sweep sweep) {
        waiting.add(sweep);
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::walk);
        }
    }

    private void walk() {
        scheduled.set(false); // first: a purge that is too late for this walk asks for another
        List<Sweep> round = new ArrayList<>();
        for (Sweep sweep = waiting.poll(); sweep != null; sweep = waiting.poll()) {
            round.add(sweep);
        }
        settleAll(purges.get());
        round.forEach(this::finish);
    }

    /** Sees to everything that {@code sweep} concerns, where that is known to lie under plain keys alone. */
    void visitFor(Sweep sweep) {
        executor.execute(() -> {
            for (CacheKey key : plainKeys(sweep.selection())) {
                settle(key);
            }
            finish(sweep);
        });
    }

    private void finish(Sweep sweep) {
        sweeps.remove(sweep);
        sweep.finish();
    }

    /** Holds {@code index} against all entries. */
    void settleAll(PurgeIndex index) {
        for (Map.Entry<CacheKey, Shelf> entry : shelves.entrySet()) {
            settle(entry.getKey(), entry.getValue(), index);
        }
    }

    /** Holds all purges against what is stored under {@code key}. */
    void settle(CacheKey key) {
        Shelf shelf = shelves.get(key);
        if (shelf != null) {
            settle(key, shelf, purges.get());
        }
    }

    private void settle(CacheKey key, Shelf shelf, PurgeIndex index) {
        if (!shelf.judged(key, index).concerned().isEmpty()) {
            shelves.computeIfPresent(key, (k, present) -> {
                Shelf.Judged judged = judge(k, present, index);
                return judged.left().isEmpty() ? null : Shelf.remainder(k, judged.left(), index.latest());
            });
        }
    }

    /** What {@code index} leaves of {@code shelf}, for someone who takes the shelf away: it is counted. */
    Shelf.Judged judge(CacheKey key, Shelf shelf, PurgeIndex index) {
        Shelf.Judged judged = shelf.judged(key, index);
        for (Subject subject : judged.concerned()) {
            sweeps.count(subject, shelf.checked());
        }
        int gone = shelf.variants().all().size() - judged.left().all().size();
        removed.add(gone);
        softened.add(judged.concerned().size() - gone);
        return judged;
    }

    /** How many stored responses {@code selection} covers that may still be served. */
    long count(Selection selection, boolean underPlainKeys) {
        long count = 0;
        if (underPlainKeys && selection.isUrls()) {
            for (CacheKey key : plainKeys(selection)) {
                Shelf shelf = shelves.get(key);
                count += shelf == null ? 0 : count(key, shelf, selection);
            }
            return count;
        }
        for (Map.Entry<CacheKey, Shelf> entry : shelves.entrySet()) {
            count += count(entry.getKey(), entry.getValue(), selection);
        }
        return count;
    }

    private long count(CacheKey key, Shelf shelf, Selection selection) {
        long count = 0;
        for (Stored stored : shelf.valid(key, purges.get()).all()) {
            count += selection.covers(Shelf.subject(key, stored.tags())) ? 1 : 0;
        }
        return count;
    }

    private static List<CacheKey> plainKeys(Selection urls) {
        List<CacheKey> keys = new ArrayList<>();
        for (Purge purge : urls.exact()) {
            if (purge instanceof Purge.Url url) {
                for (String scheme : List.of("http", "https")) {
                    Target target = Target.of(scheme, url.authority(), url.pathAndQuery());
                    CacheKey whole = CacheKey.of(KeyRules.Query.WHOLE, target);
                    keys.add(whole);
                    keys.add(whole.partial());
                }
            }
        }
        return keys;
    }

    /** How many stored responses soft purges have made stale. */
    long softened() {
        return softened.sum();
    }

    /** How many stored responses hard purges have removed. */
    long removed() {
        return removed.sum();
    }
}
