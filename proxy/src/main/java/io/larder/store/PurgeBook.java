package io.larder.store;

import io.larder.coherence.Fence;
import io.larder.coherence.Ledger;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Purge;
import io.larder.coherence.PurgeIndex;
import io.larder.coherence.Verdict;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The purges that are in force on this node, whoever asked for them, and what they do to what is stored here. A purge is in
 * force once its call has returned; that its memory is free comes later.
 */
@Shared
final class PurgeBook {
    /** How many purges are remembered before they are settled. */
    private static final int MANY_PURGES = 8_192;

    private final Executor executor;
    private final BooleanSupplier plain;
    private final Sweeper sweeper;
    private final PurgeCounter counter = new PurgeCounter();
    private final AtomicBoolean settling = new AtomicBoolean();

    /** Guards the writing of {@link #ledger}. */
    private final Object writing = new Object();

    private volatile Ledger ledger = Ledger.EMPTY;

    /**
     * @param shelves what is stored
     * @param plain whether every URL has only the keys that can be told from it
     * @param executor for what takes long: never a loop
     */
    PurgeBook(ConcurrentMap<CacheKey, Shelf> shelves, BooleanSupplier plain, Executor executor) {
        this.executor = executor;
        this.plain = plain;
        this.sweeper = new Sweeper(shelves, this::index, executor);
    }

    Ledger ledger() {
        return ledger;
    }

    /** What is held against the entries of this node. */
    PurgeIndex index() {
        return ledger.own();
    }

    Sweeper sweeper() {
        return sweeper;
    }

    PurgeCounter counter() {
        return counter;
    }

    /** What the purges after {@code fence} leave of something with these names. */
    Verdict verdict(CacheKey key, Tags tags, Fence fence) {
        PurgeIndex now = index();
        return now.latest().isAfter(fence.own()) ? now.verdict(Shelf.subject(key, tags), fence.own()) : Verdict.VALID;
    }

    /** Purges on this node; elsewhere not at all, or by a purge that {@linkplain #await stands} for this one. */
    Sweep purge(Collection<? extends Purge> purges, Purge.Mode mode) {
        Sweep sweep;
        synchronized (writing) {
            sweep = announced(purges, mode, ledger.with(purges, mode));
        }
        return carriedOut(sweep);
    }

    /** Purges what is to be in the log, too. */
    Sweep purge(Ledger.Pending purge) {
        Sweep sweep;
        synchronized (writing) {
            sweep = announced(purge.purges(), purge.mode(), ledger.withPending(purge));
        }
        return carriedOut(sweep);
    }

    /** See {@link Ledger#awaiting}. */
    void await(Ledger.Pending purge) {
        synchronized (writing) {
            ledger = ledger.awaiting(purge);
        }
    }

    /** See {@link Store#supersede}; on this node, as {@link #purge(Collection, Purge.Mode)} does. */
    Optional<Fence> supersede(CacheKey key, Stored stored, Collection<? extends Purge> covering, Fence fence) {
        return supersede(key, stored, covering, fence, now -> now.with(covering, Purge.Mode.HARD));
    }

    /** As above, with a purge that is to be in the log, too. */
    Optional<Fence> supersede(CacheKey key, Stored stored, Ledger.Pending covering, Fence fence) {
        return supersede(key, stored, covering.purges(), fence, now -> now.withPending(covering));
    }

    private Optional<Fence> supersede(
            CacheKey key,
            Stored stored,
            Collection<? extends Purge> covering,
            Fence fence,
            UnaryOperator<Ledger> noting) {
        Sweep sweep;
        boolean current;
        synchronized (writing) { // no purge of somebody else's may come between the look and our own
            current = verdict(key, stored.tags(), fence) == Verdict.VALID;
            sweep = announced(covering, Purge.Mode.HARD, noting.apply(ledger));
        }
        carriedOut(sweep);
        return current ? Optional.of(new Fence(sweep.position(), fence.shared())) : Optional.empty();
    }

    /** The log has brought {@code entry}. */
    void learn(LogEntry entry, boolean own) {
        Sweep sweep = null;
        synchronized (writing) {
            Ledger now = ledger.with(entry, own);
            if (now.own() == ledger.own()) {
                ledger = now;
            } else {
                sweep = announced(entry.purges(), entry.mode(), now);
            }
        }
        if (sweep != null) {
            carriedOut(sweep);
        }
    }

    /** Another log is followed from now on, or one that has lost something. */
    void join(LogState log) {
        synchronized (writing) {
            ledger = ledger.joining(log);
        }
    }

    /** Takes its place in the order of purges; {@link #writing} is held. */
    private Sweep announced(Collection<? extends Purge> purges, Purge.Mode mode, Ledger now) {
        Sweep sweep = new Sweep(new Selection(purges), mode, now.own().latest());
        counter.add(purges, mode);
        sweeper.announce(sweep);
        ledger = now;
        return sweep;
    }

    private Sweep carriedOut(Sweep sweep) {
        if (index().size() >= MANY_PURGES && settling.compareAndSet(false, true)) {
            executor.execute(this::settle);
        }
        if (sweep.selection().isUrls() && plain.getAsBoolean()) {
            sweeper.visitFor(sweep);
        } else {
            sweeper.walkFor(sweep);
        }
        return sweep;
    }

    CompletionStage<Store.Purged> wouldPurge(Collection<? extends Purge> purges) {
        Selection selection = new Selection(purges);
        return CompletableFuture.supplyAsync(
                () -> new Store.Purged(index().latest(), sweeper.count(selection, plain.getAsBoolean())), executor);
    }

    /** Holds all purges against all entries, so that they can be forgotten; fetches older than they are never stored. */
    private void settle() {
        try {
            Ledger held = ledger;
            sweeper.settleAll(held.own());
            synchronized (writing) {
                ledger = ledger.settled(held);
            }
        } finally {
            settling.set(false);
        }
    }
}
