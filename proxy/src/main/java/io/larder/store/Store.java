package io.larder.store;

import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    /** As {@link #near}, but nobody's use of it: what is rarely asked for stays what it was. */
    Variants peek(CacheKey key);

    /**
     * The key of a stored response that said it answers {@code key}, too ({@code No-Vary-Search}): what {@link #near} gives
     * for it has to say so still. Null where none is known, or {@code key} was purged since.
     */
    @Nullable
    CacheKey alike(CacheKey key);

    /** Whether no purge, hard or soft, that covers {@code key} came after {@code fence}. */
    boolean isCurrent(CacheKey key, Position fence);

    /** Whether no purge, hard or soft, that covers {@code stored}, its tags included, came after {@code fence}. */
    boolean isCurrent(CacheKey key, Stored stored, Position fence);

    /** Where the purges stand: to be taken before a request goes to the origin, and given to {@link #put} with its answer. */
    Position fence();

    /**
     * Stores {@code stored} beside the other variants of {@code key}, or in place of the one that it replaces; softened
     * where a soft purge came in between.
     *
     * @param fence taken when the fetch began, or the conditional request was sent
     * @return false when a hard purge came in between: it is not stored
     */
    boolean put(CacheKey key, Stored stored, Position fence);

    /** Forgets all variants of {@code key}. */
    void remove(CacheKey key);

    /**
     * Makes everything that any of {@code purges} covers unusable, or stale: at once, whatever the stage says.
     *
     * @return completes, on any thread, when the memory is free too
     */
    CompletionStage<Purged> purge(Collection<? extends Purge> purges, Purge.Mode mode);

    /** Makes everything that {@code purge} covers unusable, as {@link #purge(Collection, Purge.Mode)} does. */
    default CompletionStage<Purged> purge(Purge purge) {
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
    Optional<Position> supersede(CacheKey key, Stored stored, Collection<? extends Purge> purges, Position fence);

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

    /**
     * What a purge did.
     *
     * @param position where it stands among the purges
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
