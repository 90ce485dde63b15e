package io.larder.store;

import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import io.larder.exchange.Shared;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;

/**
 * The sweeps that are not over. Whoever takes something out of the store because of a purge, be it the walk or a response
 * that takes its place, has it counted here, so that each purge tells exactly what it did.
 */
@Shared
final class Sweeps {
    private final ConcurrentMap<Purge, Queue<Sweep>> exact = new ConcurrentHashMap<>();
    private final Queue<Sweep> patterns = new ConcurrentLinkedQueue<>();

    void add(Sweep sweep) {
        for (Purge purge : sweep.selection().exact()) {
            exact.compute(purge, (p, sweeps) -> {
                Queue<Sweep> all = sweeps == null ? new ConcurrentLinkedQueue<>() : sweeps;
                all.add(sweep);
                return all;
            });
        }
        if (sweep.selection().hasPatterns()) {
            patterns.add(sweep);
        }
    }

    void remove(Sweep sweep) {
        for (Purge purge : sweep.selection().exact()) {
            exact.computeIfPresent(purge, (p, sweeps) -> {
                sweeps.remove(sweep);
                return sweeps.isEmpty() ? null : sweeps;
            });
        }
        patterns.remove(sweep);
    }

    /**
     * Counts {@code subject} for every sweep that concerns it, up to the first that removes it.
     *
     * @param asOf no purge up to here does
     */
    void count(Subject subject, Position asOf) {
        for (Sweep sweep : concerning(subject)) {
            if (sweep.concerns(subject, asOf)) {
                sweep.count();
                if (sweep.isHard()) {
                    return;
                }
            }
        }
    }

    private List<Sweep> concerning(Subject subject) {
        Set<Sweep> found = new LinkedHashSet<>(patterns);
        for (Purge name : subject.names()) {
            Queue<Sweep> named = exact.get(name);
            if (named != null) {
                found.addAll(named);
            }
        }
        List<Sweep> inOrder = new ArrayList<>(found);
        inOrder.sort(Comparator.comparing(Sweep::position));
        return inOrder;
    }
}
