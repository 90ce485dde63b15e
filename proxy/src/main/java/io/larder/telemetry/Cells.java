package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open-addressed table of counters that one thread fills and any thread reads. Cells are never removed.
 *
 * <p>Why that is right without locks: only the owner inserts, so it may read its own writes plainly. A cell is published
 * by a release write into its slot, and readers take it with an acquire read: they see it whole. A grown table holds the
 * same cells; a reader that still walks the old one misses at most cells that were born meanwhile.
 */
@Shared
final class Cells<C extends Cells.Cell> {
    /** Something counted, found by its hash. */
    interface Cell {
        int hash();
    }

    private final int limit;
    private volatile AtomicReferenceArray<@Nullable C> slots;
    private int size; // the owner's

    /** @param limit how many cells there may be, so that no peer can fill the memory with labels */
    Cells(int initial, int limit) {
        this.slots = new AtomicReferenceArray<>(Integer.highestOneBit(initial * 2));
        this.limit = limit;
    }

    int start(int hash) {
        return spread(hash) & (slots.length() - 1);
    }

    int next(int slot) {
        return (slot + 1) & (slots.length() - 1);
    }

    /** The owner's view of a slot; null ends a search. */
    @Nullable
    C get(int slot) {
        return slots.getPlain(slot);
    }

    boolean isFull() {
        return size >= limit;
    }

    /** Adds a cell that is not there yet. Called by the owner only. */
    C insert(C cell) {
        if (size * 2 >= slots.length()) {
            grow();
        }
        place(slots, cell);
        size++;
        return cell;
    }

    /** Shows every cell to {@code reader}; from any thread. */
    void forEach(Consumer<C> reader) {
        AtomicReferenceArray<@Nullable C> now = slots;
        for (int i = 0; i < now.length(); i++) {
            C cell = now.getAcquire(i);
            if (cell != null) {
                reader.accept(cell);
            }
        }
    }

    private void grow() {
        AtomicReferenceArray<@Nullable C> larger = new AtomicReferenceArray<>(slots.length() * 2);
        forEach(cell -> place(larger, cell));
        slots = larger;
    }

    private void place(AtomicReferenceArray<@Nullable C> table, C cell) {
        int mask = table.length() - 1;
        int i = spread(cell.hash()) & mask;
        while (table.getPlain(i) != null) {
            i = (i + 1) & mask;
        }
        table.setRelease(i, cell);
    }

    private static int spread(int hash) {
        int h = hash * 0x9E3779B9;
        return h ^ (h >>> 15);
    }
}
