package io.larder.coherence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * All that a node knows of purges: those that it was asked for, in force at once, and those that the log has brought.
 * Immutable: learning of one gives another ledger.
 *
 * <p>Two orders are kept. In its own a node counts purges as it learns of them; by that it judges what it has itself. The
 * log's is the same for all nodes; by that it judges what comes from the tier they share. A purge that was asked for here
 * is in the first at once and in the second when the log brings it; until then it covers whatever comes from outside.
 */
public final class Ledger {
    /** Of a node that knows of no purge and follows no log. */
    public static final Ledger EMPTY = new Ledger(PurgeIndex.EMPTY, PurgeIndex.EMPTY, List.of(), AsOf.NOTHING);

    /**
     * A purge that is in force here and has not been seen in the log.
     *
     * @param ticket of this node's
     */
    public record Pending(long ticket, Set<Purge> purges, Purge.Mode mode) {
        public Pending {
            purges = Set.copyOf(purges);
        }
    }

    private final PurgeIndex own;
    private final PurgeIndex shared;
    private final List<Pending> pending;
    private final AsOf cursor;

    private Ledger(PurgeIndex own, PurgeIndex shared, List<Pending> pending, AsOf cursor) {
        this.own = own;
        this.shared = shared;
        this.pending = pending;
        this.cursor = cursor;
    }

    /** All purges in the order in which this node learned of them. */
    public PurgeIndex own() {
        return own;
    }

    /** Up to where this node knows the log. */
    public AsOf cursor() {
        return cursor;
    }

    /** Those of its own that the log has not brought yet, the oldest first. */
    public List<Pending> pending() {
        return pending;
    }

    /** What a fetch that starts now takes along. */
    public Fence fence() {
        return new Fence(own.latest(), cursor);
    }

    /** What is left of something that comes from the shared tier, where it was put by a fetch that took {@code asOf} along. */
    public Verdict verdict(Subject subject, AsOf asOf) {
        boolean comparable = asOf.epoch() == cursor.epoch();
        // what another log knew is nothing that this one can judge: the origin has to
        Position known = comparable ? new Position(asOf.position()) : shared.floor();
        Verdict verdict = shared.verdict(subject, known).or(comparable ? Verdict.VALID : Verdict.DOUBTED);
        for (Pending purge : pending) {
            if (covers(purge, subject)) {
                verdict = verdict.or(Verdict.of(purge.mode));
            }
        }
        return verdict;
    }

    /** As {@link PurgeIndex#staleFrom}, for what {@link #verdict} leaves {@link Verdict#SOFTENED}. */
    public long staleFrom(Subject subject, AsOf asOf) {
        Position known = new Position(asOf.position());
        long earliest =
                shared.verdict(subject, known) == Verdict.SOFTENED ? shared.staleFrom(subject, known) : Long.MAX_VALUE;
        for (Pending soft : pending) {
            for (Purge purge : soft.purges) {
                if (purge.covers(subject)) {
                    earliest = Math.min(earliest, PurgeIndex.dueAt(purge, subject));
                }
            }
        }
        return earliest == Long.MAX_VALUE ? 0 : earliest;
    }

    private static boolean covers(Pending pending, Subject subject) {
        return pending.purges.stream().anyMatch(purge -> purge.covers(subject));
    }

    /** This node is asked for {@code purges}. In the log they are not, or another purge {@linkplain #awaiting stands} for them. */
    public Ledger with(Collection<? extends Purge> purges, Purge.Mode mode) {
        return new Ledger(own.with(purges, mode, own.latest().next()), shared, pending, cursor);
    }

    /** This node is asked for {@code purge}, which is to be in the log, too. */
    public Ledger withPending(Pending purge) {
        return with(purge.purges, purge.mode).awaiting(purge);
    }

    /**
     * {@code purge} is to be in the log, too, for purges of which each is in force here, or will be before whoever asks for it
     * hears so.
     */
    public Ledger awaiting(Pending purge) {
        List<Pending> all = new ArrayList<>(pending);
        all.add(purge);
        return new Ledger(own, shared, List.copyOf(all), cursor);
    }

    /**
     * The log brings {@code entry}.
     *
     * @param own whether it is one of this node's, in force since it was asked for; it may come more than once
     */
    public Ledger with(LogEntry entry, boolean own) {
        if (entry.position() <= cursor.position()) {
            throw new IllegalArgumentException("the log is read in order: " + entry + " after " + cursor);
        }
        List<Pending> left =
                pending.stream().filter(p -> !own || p.ticket != entry.ticket()).toList();
        return new Ledger(
                own
                        ? this.own
                        : this.own.with(
                                entry.purges(), entry.mode(), this.own.latest().next()),
                shared.with(entry.purges(), entry.mode(), new Position(entry.position())),
                left,
                new AsOf(cursor.epoch(), entry.position()));
    }

    /**
     * This node begins to follow a log, from its floor on. Where it did not know that log, purges may have been lost in
     * between: the origin has to be asked about all that it has.
     */
    public Ledger joining(LogState log) {
        return new Ledger(
                own.with(
                        List.of(new Purge.All()), Purge.Mode.DOUBT, own.latest().next()),
                PurgeIndex.beginningAt(new Position(log.floor())),
                pending,
                new AsOf(log.epoch(), log.floor()));
    }

    /** This ledger after all of {@code held}'s own purges were held against everything that this node has. */
    public Ledger settled(Ledger held) {
        return new Ledger(own.since(held.own.latest()), shared, pending, cursor);
    }
}
