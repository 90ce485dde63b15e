package io.larder.store;

import io.larder.coherence.Purge;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Frees the memory of what was purged: walks all entries, once for all purges that have come since the last walk, so that
 * many purges of a large store do not pile up.
 */
@Shared
final class Sweeper {
    private record Sweep(Purge purge, CompletableFuture<Long> matched) {}

    private final ConcurrentMap<CacheKey, Shelf> shelves;
    private final BiPredicate<CacheKey, Shelf> purged;
    private final Executor executor;
    private final Queue<Sweep> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /**
     * @param purged whether any purge concerns a shelf
     * @param executor that the walks run on: never a loop
     */
    Sweeper(ConcurrentMap<CacheKey, Shelf> shelves, BiPredicate<CacheKey, Shelf> purged, Executor executor) {
        this.shelves = shelves;
        this.purged = purged;
        this.executor = executor;
    }

    /** Frees what {@code purge} covers; completes with the number of stored responses that it removed. */
    CompletionStage<Long> sweep(Purge purge) {
        Sweep sweep = new Sweep(purge, new CompletableFuture<>());
        waiting.add(sweep);
        if (scheduled.compareAndSet(false, true)) {
            executor.execute(this::walk);
        }
        return sweep.matched;
    }

    private void walk() {
        scheduled.set(false); // first: a purge that is too late for this walk asks for another
        Round round = new Round();
        for (Sweep sweep = waiting.poll(); sweep != null; sweep = waiting.poll()) {
            round.add(sweep);
        }
        for (Map.Entry<CacheKey, Shelf> entry : shelves.entrySet()) {
            Tally tally = round.find(entry.getKey());
            // what has come since the purge stays
            if (tally != null
                    && purged.test(entry.getKey(), entry.getValue())
                    && shelves.remove(entry.getKey(), entry.getValue())) {
                tally.matched += entry.getValue().variants().all().size();
            }
        }
        round.tell();
    }

    /** What equal purges removed together; the first of them is said to have done it. */
    private static final class Tally {
        private final List<CompletableFuture<Long>> askers = new ArrayList<>(1);
        private long matched;

        void tell() {
            for (int i = 0; i < askers.size(); i++) {
                askers.get(i).complete(i == 0 ? matched : 0);
            }
        }
    }

    /** The purges of one walk. */
    private static final class Round {
        private final Map<Purge, Tally> urls = new LinkedHashMap<>();
        private final Map<Purge, Tally> patterns = new LinkedHashMap<>();

        void add(Sweep sweep) {
            Map<Purge, Tally> kind = sweep.purge instanceof Purge.Url ? urls : patterns;
            kind.computeIfAbsent(sweep.purge, p -> new Tally()).askers.add(sweep.matched);
        }

        @Nullable
        Tally find(CacheKey key) {
            String authority = key.authority().toString();
            String pathAndQuery = key.pathAndQuery();
            Tally exact = urls.isEmpty() ? null : urls.get(new Purge.Url(authority, pathAndQuery));
            if (exact != null) {
                return exact;
            }
            for (Map.Entry<Purge, Tally> pattern : patterns.entrySet()) {
                if (pattern.getKey().covers(authority, pathAndQuery)) {
                    return pattern.getValue();
                }
            }
            return null;
        }

        void tell() {
            urls.values().forEach(Tally::tell);
            patterns.values().forEach(Tally::tell);
        }
    }
}
