package io.larder.store;

import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import io.larder.exchange.Shared;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** A purge whose targets are being freed, and how many stored responses it has concerned so far. */
@Shared
final class Sweep {
    private final Selection selection;
    private final Purge.Mode mode;
    private final Position position;
    private final LongAdder matched = new LongAdder();
    private final CompletableFuture<Store.Purged> done = new CompletableFuture<>();

    /** @param position where the purge stands: it concerns what was there before */
    Sweep(Selection selection, Purge.Mode mode, Position position) {
        this.selection = selection;
        this.mode = mode;
        this.position = position;
    }

    Selection selection() {
        return selection;
    }

    Position position() {
        return position;
    }

    boolean isHard() {
        return mode == Purge.Mode.HARD;
    }

    /** Whether it concerns something that no purge up to {@code asOf} does. */
    boolean concerns(Subject subject, Position asOf) {
        return position.isAfter(asOf) && selection.covers(subject);
    }

    void count() {
        matched.increment();
    }

    /** Completes with what was counted when the last of its targets has been seen to. */
    CompletionStage<Store.Purged> done() {
        return done;
    }

    void finish() {
        done.complete(new Store.Purged(position, matched.sum()));
    }

    /** What was counted. */
    long matched() {
        return matched.sum();
    }
}
