package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Ledger;
import io.larder.coherence.LogEntry;
import io.larder.coherence.Purge;
import io.larder.coherence.Quorum;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * This node's own purges on their way: into the log, into the next one where the log is lost, and until every node has
 * confirmed them. Works on one loop; purges come from any thread.
 *
 * <p>Bounded: when too many wait for the log already, those that follow go there as one, which puts everything in doubt. On
 * this node each of them is in force exactly.
 */
@Shared
final class Outbox {
    /** How many purges may wait for the log one by one. */
    static final int MOST_WAITING = 1_000;

    /** How many are put into the log at once: the last of them is to be there before anybody gives up. */
    private static final int AT_ONCE = 64;

    private final String node;
    private final PurgeLog log;
    private final PurgeBook book;
    private final LongSupplier nanos;
    private final Loop loop;
    private final Supplier<Optional<AsOf>> cursor;

    private @Nullable Passage collecting; // guarded by this: stands for many, and is not on its way yet

    // on the loop only
    private final Map<Long, Passage> waiting = new LinkedHashMap<>(); // by ticket, those not known to be in the log
    private final Map<Long, Passage> placed = new LinkedHashMap<>(); // those that are, and not everywhere
    private final Set<Long> underWay = new HashSet<>(); // of those that wait
    private final Deque<Passage> standing = new ArrayDeque<>(); // for many, and not brought by the log; two at most
    private volatile boolean awaited; // whether anybody is to confirm anything
    private boolean asking;
    private boolean askAgain;

    /**
     * @param node this node's name
     * @param loop on which all methods are called for which nothing else is said
     * @param cursor where the node stands in the log; empty while it follows none
     */
    Outbox(String node, PurgeLog log, PurgeBook book, LongSupplier nanos, Loop loop, Supplier<Optional<AsOf>> cursor) {
        this.node = node;
        this.log = log;
        this.book = book;
        this.nanos = nanos;
        this.loop = loop;
        this.cursor = cursor;
    }

    /** Whether what follows is to go into the log {@linkplain #together as one}. On any thread. */
    boolean isFull() {
        return book.ledger().pending().size() >= MOST_WAITING;
    }

    /** Sends a purge that is noted as pending. On any thread. */
    Passage alone(Ledger.Pending purge) {
        Passage passage = new Passage(node, purge);
        loop.execute(() -> depart(passage));
        return passage;
    }

    /**
     * What is sent for a purge that is about to be in force here, and for others. On any thread.
     *
     * @param ticket of that purge
     */
    synchronized Passage together(long ticket) {
        Passage known = collecting;
        if (known != null) {
            return known;
        }
        Passage passage = new Passage(node, new Ledger.Pending(ticket, Set.of(new Purge.All()), Purge.Mode.DOUBT));
        book.await(passage.purge());
        collecting = passage;
        loop.execute(() -> {
            standing.add(passage);
            depart(passage);
        });
        return passage;
    }

    /** What is asked for from now on comes too late for {@code passage}. */
    private synchronized void close(Passage passage) {
        if (collecting == passage) {
            collecting = null;
        }
    }

    private void depart(Passage passage) {
        waiting.put(passage.ticket(), passage);
        cursor.get().ifPresent(known -> append(passage, known.epoch()));
    }

    /** Puts into the log what waits for it, some at a time. What fails is tried again when this is called again. */
    void send() {
        cursor.get().ifPresent(known -> waiting.values().forEach(passage -> append(passage, known.epoch())));
    }

    /** One that stands for many goes on collecting while the one before it is on its way: there are never more than two. */
    private boolean isItsTurn(Passage passage) {
        return standing.size() < 2 || standing.getLast() != passage;
    }

    private void append(Passage passage, long epoch) {
        if (underWay.size() >= AT_ONCE || underWay.contains(passage.ticket()) || !isItsTurn(passage)) {
            return;
        }
        close(passage);
        underWay.add(passage.ticket());
        Ledger.Pending purge = passage.purge();
        LogEntry entry = new LogEntry(0, node, purge.ticket(), purge.purges(), purge.mode());
        log.append(epoch, entry)
                .whenComplete((position, failure) ->
                        loop.execute(() -> answered(passage, position == null ? null : position.orElse(null))));
    }

    /** @param position null where it is not known whether it came into a log: the next look at the log tells which there is */
    private void answered(Passage passage, @Nullable AsOf position) {
        underWay.remove(passage.ticket());
        if (position != null) {
            place(passage.ticket(), position);
            send();
        }
    }

    /** The log has brought one of this node's purges, whether or not it was answered that it took it. */
    void learned(LogEntry entry) {
        if (!standing.isEmpty() && standing.getFirst().ticket() == entry.ticket()) {
            standing.removeFirst();
        }
        place(entry.ticket(), new AsOf(book.ledger().cursor().epoch(), entry.position()));
    }

    private void place(long ticket, AsOf position) {
        if (position.epoch() == book.ledger().cursor().epoch()) { // else it went into a log that is no more
            Passage passage = waiting.remove(ticket);
            if (passage != null) {
                passage.placed(position);
                placed.put(ticket, passage);
                awaited = true;
            }
        }
    }

    /** What is not everywhere yet has to be in the log of {@code epoch}, too. */
    void rejoin(long epoch) {
        List<Passage> later = List.copyOf(waiting.values());
        waiting.clear();
        placed.values().stream()
                .filter(passage -> !passage.isIn(epoch))
                .forEach(passage -> waiting.put(passage.ticket(), passage));
        placed.keySet().removeAll(waiting.keySet());
        awaited = !placed.isEmpty();
        later.forEach(passage -> waiting.put(passage.ticket(), passage));
    }

    /** How many purges are not known to be in the log. */
    int waiting() {
        return waiting.size();
    }

    /** Whether it matters to this node that another has read on. On any thread. */
    boolean isAwaited() {
        return awaited;
    }

    /** Sees how far those have come that are in the log. */
    void confirm() {
        if (placed.isEmpty()) {
            return;
        }
        if (asking) {
            askAgain = true;
            return;
        }
        asking = true;
        log.quorum().whenComplete((quorum, failure) -> loop.execute(() -> told(quorum)));
    }

    private void told(@Nullable Quorum quorum) {
        asking = false;
        if (quorum != null) {
            long now = nanos.getAsLong();
            List<Long> done = new ArrayList<>();
            placed.forEach((ticket, passage) -> {
                if (passage.sees(quorum, now)) {
                    done.add(ticket);
                }
            });
            placed.keySet().removeAll(done);
            awaited = !placed.isEmpty();
        }
        if (askAgain) {
            askAgain = false;
            confirm();
        }
    }
}
