package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Bytes;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Reason;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.store.Leases.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a response that may be stored: its body is read once for everyone who waits for it, and kept when it is
 * whole and nothing speaks against it. Confined to the fetch's loop.
 *
 * <p>The one who asked has it as it comes. Where the guard has to look through the body first, the others wait for what it
 * says; where it has nothing to look for, they stream.
 */
final class Keeping {
    /** As long as a download may take that was begun together and has to be begun again alone. */
    private static final Duration TOO_LARGE = Duration.ofMinutes(5);

    private final SharedCache cache;
    private final Quest quest;
    private final Loop loop;
    private final Fence fence;
    private final Consumer<Outcome> over;

    /** Completes when it is known what the others get: empty for the response itself. */
    private final CompletableFuture<Optional<Landing>> verdict = new CompletableFuture<>();

    private @Nullable Spool spool;
    private Storability.@Nullable Refuse refused;
    private Outcome brought = Outcome.FAILED;

    /**
     * @param fence taken before the origin was asked
     * @param over told once, when nothing more will be stored, what came of it
     */
    Keeping(SharedCache cache, Quest quest, Loop loop, Fence fence, Consumer<Outcome> over) {
        this.cache = cache;
        this.quest = quest;
        this.loop = loop;
        this.fence = fence;
        this.over = over;
    }

    /**
     * What happens to a response.
     *
     * @param store whether it is stored, and not only shared with those who wait
     */
    record Plan(Storability.Keep keep, Finishing finishing, boolean store) {}

    /**
     * Begins to read {@code response}.
     *
     * @param room for its body
     * @param status what its own client is told
     * @param rest how that one goes on when the others have left it behind
     */
    Arrival.Passed keep(
            Plan plan, Response response, Allotment room, CacheStatus.Forwarded status, SpoolReader.Rest rest) {
        Source source = response.body().source();
        Spool shared = new Spool(loop, source, room, whole -> ended(plan, whole));
        spool = shared;
        long length = response.body().length();
        Response streaming = response.withBody(shared.fill(length, rest));
        Landing arriving = new Landing.Arriving(plan.keep.with(Bytes.EMPTY), shared, length);
        CompletionStage<Landing> others = plan.finishing.isGuarded()
                ? verdict.thenApply(otherwise -> otherwise.orElse(arriving))
                : Landing.now(arriving);
        Storability.Refuse already = refused;
        return new Arrival.Passed(streaming, already == null ? status : status.notStored(already.reason()), others);
    }

    /** Why {@code broken} did not bring the whole body. */
    private Reason lost(Spool broken) {
        if (broken.isTooLarge()) {
            cache.store().noteUnshareable(quest.key(), TOO_LARGE);
            brought = Outcome.UNSHAREABLE;
            return Reason.TOO_LARGE;
        }
        return broken.failure() == null ? Reason.TOO_BUSY : Reason.INCOMPLETE;
    }

    private void ended(Plan plan, @Nullable Bytes whole) {
        if (whole == null) {
            finish(this::broken);
        } else if (plan.finishing.isLight(whole)) {
            finish(() -> judged(plan, whole, plan.finishing.with(whole)));
        } else {
            aside(plan, whole);
        }
    }

    private void aside(Plan plan, Bytes whole) {
        try {
            cache.worker().execute(() -> {
                CompletableFuture<Finishing.Outcome> outcome =
                        CompletableFuture.supplyAsync(() -> plan.finishing.with(whole), Runnable::run);
                loop.execute(() -> finish(() -> judged(plan, whole, outcome.join()))); // a bug is the flight's
            });
        } catch (RejectedExecutionException closing) {
            finish(() -> Optional.of(new Landing.Diverted()));
        }
    }

    /** It never was whole, or is too large to be kept: those who still wait have to do without. */
    private Optional<Landing> broken() {
        Spool read = spool;
        if (read != null) {
            quest.exchange().journal().notStored(lost(read).code());
        }
        Throwable cause = read == null ? null : read.failure();
        return Optional.of(cause == null ? new Landing.Diverted() : Landing.of(Failure.of(cause)));
    }

    private Optional<Landing> judged(Plan plan, Bytes whole, Finishing.Outcome outcome) {
        return switch (outcome) {
            case Finishing.Outcome.Unfit(Storability.Refuse why) -> {
                refused = why;
                quest.exchange().journal().notStored(why.reason().code());
                boolean his = Refusals.note(cache, quest, why, loop.now());
                brought = his ? Outcome.FAILED : Outcome.UNSHAREABLE;
                yield Optional.of(his ? new Landing.Inconclusive() : new Landing.Diverted());
            }
            case Finishing.Outcome.Fit(@Nullable Bytes gzipped) -> {
                if (plan.store) {
                    put(Encodings.with(plan.keep.with(whole), gzipped));
                }
                yield Optional.empty();
            }
        };
    }

    private void put(Stored stored) {
        boolean kept = cache.store().put(quest.key(), stored, fence);
        cache.store().remove(quest.key().partial());
        brought = kept ? Outcome.STORED : Outcome.FAILED;
        if (!kept) {
            quest.exchange().journal().notStored(Reason.PURGED.code());
        }
    }

    /** The flight is over before the others are told, so that who sets out again finds it gone; even after a bug. */
    private void finish(Supplier<Optional<Landing>> last) {
        Optional<Landing> otherwise = Optional.of(new Landing.Diverted());
        try {
            otherwise = last.get();
        } finally {
            over.accept(brought);
            verdict.complete(otherwise);
        }
    }
}
