package io.larder.store;

import io.larder.coherence.Purge;
import io.larder.exchange.Shared;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts purges by kind and mode. */
@Shared
final class PurgeCounter {
    private record Sort(Purge.Kind kind, Purge.Mode mode) {}

    private final ConcurrentMap<Sort, LongAdder> counts = new ConcurrentHashMap<>();

    void add(Collection<? extends Purge> purges, Purge.Mode mode) {
        for (Purge purge : purges) {
            counts.computeIfAbsent(new Sort(purge.kind(), mode), sort -> new LongAdder())
                    .increment();
        }
    }

    /** Those that there were. */
    List<Store.PurgeCount> read() {
        return counts.entrySet().stream()
                .map(entry -> new Store.PurgeCount(
                        entry.getKey().kind(),
                        entry.getKey().mode(),
                        entry.getValue().sum()))
                .toList();
    }
}
