package io.larder.store;

import io.larder.coherence.Fence;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps stored responses. Called from every loop at once; no method blocks.
 *
 * <p>What {@link #near} gives was purged by no purge that was begun before the call, and what a fetch brings that started
 * before a purge of it is never given at all.
 */
public interface Store {
    /**
     * What is stored under {@code key} and can be had now, softened where a soft purge covers it; {@link Variants#NONE}
     * where nothing is.
     */
    Variants near(CacheKey key);

    /**
     * What is stored under {@code key} once it was looked for in the tier that nodes share, too; {@link #near} has most of it
     * from then on. Completes on any thread, within a deadline, and never fails.
     *
     * @return null where {@link #near} is all that can be had
     */
    default @Nullable CompletionStage<Variants> far(CacheKey key) {
        return null;
    }

    /**
     * What the tier that nodes share has under {@code key}, by itself and for somebody who only wants to know. Completes as
     * {@link #far} does.
     *
     * @return null where there is none, or it is not asked now
     */
    default @Nullable CompletionStage<Variants> peekFar(CacheKey key) {
        return null;
    }

    /** As {@link #near}, but nobody's use of it: what is rarely asked for stays what it was. */
    Variants peek(CacheKey key);

    /**
     * The key of a stored response that said it answers {@code key}, too ({@code No-Vary-Search}): what {@link #near} gives
     * for it has to say so still. Null where none is known, or {@code key} was purged since.
     */
    @Nullable
    CacheKey alike(CacheKey key);

    /**
     * Whether every purge that is complete on other nodes is known here. Where it is not, what the origin was asked before
     * somebody came may be what a purge was to make unusable for him.
     */
    default boolean isInStep() {
        return true;
    }

    /** Whether no purge, hard or soft, that covers {@code key} came after {@code fence}. */
    boolean isCurrent(CacheKey key, Fence fence);

    /** Whether no purge, hard or soft, that covers {@code stored}, its tags included, came after {@code fence}. */
    boolean isCurrent(CacheKey key, Stored stored, Fence fence);

    /** Where the purges stand: to be taken before a request goes to the origin, and given to {@link #put} with its answer. */
    Fence fence();

    /**
     * Stores {@code stored} beside the other variants of {@code key}, or in place of the one that it replaces; softened
     * where a soft purge came in between.
     *
     * @param fence taken when the fetch began, or the conditional request was sent
     * @return false when a hard purge came in between: it is not stored
     */
    boolean put(CacheKey key, Stored stored, Fence fence);

    /** Forgets all variants of {@code key}. */
    void remove(CacheKey key);

    /**
     * Makes everything that any of {@code purges} covers unusable, or stale: on this node at once, whatever the stages say, and
     * on the others as soon as they hear of it.
     *
     * @return what it did here, and what becomes of it elsewhere
     */
    Announcement purge(Collection<? extends Purge> purges, Purge.Mode mode);

    /** Makes everything that {@code purge} covers unusable, as {@link #purge(Collection, Purge.Mode)} does. */
    default Announcement purge(Purge purge) {
        return purge(List.of(purge), Purge.Mode.HARD);
    }

    /** How many stored responses {@code purges} would concern; completes on any thread. Changes nothing. */
    CompletionStage<Purged> wouldPurge(Collection<? extends Purge> purges);

    /**
     * Purges what a response takes the place of that came by another way than a fetch of {@code key}.
     *
     * @param stored that is to be put under {@code key} once its body is there
     * @param purges what it makes unusable, its own key among it
     * @param fence taken before the response was asked for
     * @return the fence to {@link #put} it with; empty where a purge that covers {@code stored}, its tags included, came
     *     after {@code fence}
     */
    Optional<Fence> supersede(CacheKey key, Stored stored, Collection<? extends Purge> purges, Fence fence);

    /** Notes that the last response under {@code key} could not be shared, for {@code time} at most (hit-for-miss). */
    void noteUnshareable(CacheKey key, Duration time);

    /** Whether that was noted not long ago: then requests for it are not made to wait for each other. */
    boolean isUnshareable(CacheKey key);

    /** Notes that {@code key} was asked for and not found, for as long as that goes on and room is left. */
    void noteUse(CacheKey key);

    /** How often that was noted lately. */
    int uses(CacheKey key);

    Stats stats();

    /** What was purged since the start, one for each kind and mode that was. */
    List<PurgeCount> purges();

    /** This node among those that purge together. */
    default NodeView node() {
        return new NodeView.Alone();
    }

    /**
     * All nodes that purge together, as the log that they share says now. Completes on any thread, within a deadline, and never
     * fails.
     *
     * @return empty where there is no log, or none that can be asked
     */
    default CompletionStage<Optional<FleetView>> fleet() {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    /**
     * What a purge did.
     *
     * @param position where it stands among the purges that this node knows
     * @param matched how many stored responses it concerned
     */
    record Purged(Position position, long matched) {}

    /**
     * How often a kind of purge was asked for.
     *
     * @param purges of the kind, in the mode
     */
    record PurgeCount(Purge.Kind kind, Purge.Mode mode, long purges) {}

    /**
     * What is in the store.
     *
     * @param entries keys that have something stored
     * @param bytes heap that they take, as estimated
     * @param capacity in bytes
     * @param evictions entries that gave way to others, since the start
     * @param softened stored responses that soft purges made stale, since the start
     * @param purged stored responses that hard purges removed, since the start
     */
    record Stats(long entries, long bytes, long capacity, long evictions, long softened, long purged) {}
}
