package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.Sources;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Storability;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a response that may be stored: its body is read once for everyone who waits for it, and kept when it is
 * whole and nothing speaks against it. Confined to the fetch's loop.
 *
 * <p>The one who asked has it as it comes. Where the guard has to look through the body first, the others wait for what it
 * says; where it has nothing to look for, they stream.
 */
final class Keeping {
    private final SharedCache cache;
    private final Quest quest;
    private final Loop loop;
    private final Position fence;
    private final Runnable over;

    /** Completes when it is known what the others get: empty for the response itself. */
    private final CompletableFuture<Optional<Landing>> verdict = new CompletableFuture<>();

    private @Nullable Spool spool;
    private Storability.@Nullable Refuse refused;

    /**
     * @param fence taken before the origin was asked
     * @param over run once, when nothing more will be stored
     */
    Keeping(SharedCache cache, Quest quest, Loop loop, Position fence, Runnable over) {
        this.cache = cache;
        this.quest = quest;
        this.loop = loop;
        this.fence = fence;
        this.over = over;
    }

    /** What happens to a response. */
    private record Plan(Storability.Keep keep, Finishing finishing, boolean store) {}

    /**
     * Begins to read {@code response}.
     *
     * @param status what its own client is told
     * @param store whether it is stored, and not only shared with those who wait
     */
    Arrival keep(
            Storability.Keep keep,
            Response response,
            CacheStatus.Forwarded status,
            Finishing finishing,
            boolean store) {
        Source source = switch (response.body()) {
            case Body.Whole(Bytes bytes) -> Sources.of(bytes);
            case Body.Live live -> live.source();
        };
        Plan plan = new Plan(keep, finishing, store);
        Spool reading = new Spool(loop, source, quest.rules().maxObject(), whole -> ended(plan, whole));
        spool = reading;
        long length = response.body().length();
        Response streaming = response.withBody(reading.fill(length));
        Landing arriving = new Landing.Arriving(keep.with(Bytes.EMPTY), reading, length);
        CompletionStage<Landing> others = finishing.isGuarded()
                ? verdict.thenApply(otherwise -> otherwise.orElse(arriving))
                : Landing.now(arriving);
        Storability.Refuse already = refused;
        return new Arrival.Passed(streaming, already == null ? status : status.notStored(already.reason()), others);
    }

    private void ended(Plan plan, @Nullable Bytes whole) {
        if (whole == null) {
            finish(() -> verdict.complete(Optional.of(withoutBody())));
        } else if (plan.finishing.isLight(whole)) {
            finish(() -> judged(plan, whole, plan.finishing.with(whole)));
        } else {
            aside(plan, whole);
        }
    }

    /** What those get who waited for a body that never was whole, or is too large to be looked through. */
    private Landing withoutBody() {
        Throwable cause = spool == null ? null : spool.failure();
        return cause == null ? new Landing.Diverted() : Landing.of(Failure.of(cause));
    }

    private void aside(Plan plan, Bytes whole) {
        try {
            cache.worker().execute(() -> {
                Finishing.Outcome outcome = plan.finishing.with(whole);
                loop.execute(() -> finish(() -> judged(plan, whole, outcome)));
            });
        } catch (RejectedExecutionException closing) {
            finish(() -> verdict.complete(Optional.of(new Landing.Diverted())));
        }
    }

    private void judged(Plan plan, Bytes whole, Finishing.Outcome outcome) {
        switch (outcome) {
            case Finishing.Outcome.Unfit(Storability.Refuse why) -> {
                refused = why;
                Refusals.note(cache, quest, why, loop.now());
                verdict.complete(Optional.of(new Landing.Diverted()));
            }
            case Finishing.Outcome.Fit(@Nullable Bytes gzipped) -> {
                if (plan.store) {
                    cache.store().put(quest.key(), Encodings.with(plan.keep.with(whole.compact()), gzipped), fence);
                    cache.store().remove(quest.key().partial());
                }
                verdict.complete(Optional.empty());
            }
        }
    }

    /** Whatever goes wrong, the flight is over. */
    private void finish(Runnable last) {
        try {
            last.run();
        } finally {
            over.run();
        }
    }
}
