package io.larder.store;

import io.larder.coherence.Position;
import io.larder.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a purge: it is in force on this node since it was asked for, and then wherever it is confirmed. May be
 * asked on any thread.
 */
public final class Announcement {
    /** The name of a node that is alone. */
    public static final String LOCAL = "local";

    /**
     * How far a purge has come.
     *
     * @param position among all purges: in the log that nodes share, an id such as {@code 1732270000000-0}; null while it is
     *     in none
     * @param confirmed by which nodes, and how long after it was asked for
     * @param missing the nodes that live, or may, and have not confirmed it, in the order of their names
     * @param reason why it is not complete, for people; null when it is
     */
    public record Progress(
            @Nullable String position,
            Map<String, Duration> confirmed,
            List<String> missing,
            @Nullable String reason) {
        public Progress {
            confirmed = Map.copyOf(confirmed);
            missing = List.copyOf(missing);
        }

        /** Whether no node serves what was purged. */
        public boolean isComplete() {
            return reason == null;
        }

        private Progress because(String other) {
            return new Progress(position, confirmed, missing, other);
        }
    }

    private final CompletionStage<Store.Purged> here;
    private final LongSupplier matched;
    private final Supplier<@Nullable String> outage;
    private final Supplier<Progress> known;
    private final Supplier<CompletionStage<Progress>> complete;

    /**
     * @param here completes when it was carried out on this node
     * @param matched how many stored responses it has been seen to concern by now. For any thread
     * @param outage why no purge can become complete at the moment; null where nothing is in the way. For any thread
     * @param known how far it has come. For any thread
     * @param complete gives what completes when it is; whoever does not ask for it is not kept for as long as that takes
     */
    Announcement(
            CompletionStage<Store.Purged> here,
            LongSupplier matched,
            Supplier<@Nullable String> outage,
            Supplier<Progress> known,
            Supplier<CompletionStage<Progress>> complete) {
        this.here = here;
        this.matched = matched;
        this.outage = outage;
        this.known = known;
        this.complete = complete;
    }

    /**
     * Of a purge on a node that is alone: complete, since it is in force.
     *
     * @param took until it was
     */
    static Announcement alone(
            CompletionStage<Store.Purged> here, LongSupplier matched, Position position, Duration took) {
        Progress all = new Progress(position.toString(), Map.of(LOCAL, took), List.of(), null);
        return new Announcement(here, matched, () -> null, () -> all, () -> CompletableFuture.completedFuture(all));
    }

    /** What it did on this node; completes, on any thread, when the memory is free too. */
    public CompletionStage<Store.Purged> here() {
        return here;
    }

    /** Whether it is known after {@code patience} at the latest how many stored responses it concerned here. */
    public CompletionStage<Boolean> counted(Duration patience) {
        return here().thenApply(done -> true)
                .toCompletableFuture()
                .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many stored responses it has been seen to concern on this node by now: all of them once it is carried out. */
    public long matched() {
        return matched.getAsLong();
    }

    /** Completes, on any thread, when no node serves what was purged; never where that cannot be known. */
    public CompletionStage<Progress> complete() {
        return complete.get();
    }

    public Progress progress() {
        Progress now = known.get();
        String why = now.isComplete() ? null : outage.get();
        return why == null ? now : now.because(why);
    }

    /** Whether the log cannot be reached, so that waiting a little would most likely be in vain. */
    public boolean isHeldUp() {
        return !known.get().isComplete() && outage.get() != null;
    }

    /**
     * Waits until it is complete, until {@code patience} is over, or until the client has left. Blocks no thread.
     *
     * @return completes on {@code exchange}'s loop with how far it has come by then; what is composed of this and of something
     *     that ends elsewhere need not
     */
    public CompletionStage<Progress> within(Duration patience, Exchange exchange) {
        Waiting waiting = new Waiting(this, exchange);
        exchange.loop().execute(() -> waiting.begin(patience));
        return waiting.over();
    }
}
