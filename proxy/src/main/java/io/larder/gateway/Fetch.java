package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Bytes;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.CacheRules;
import io.larder.policy.Encodings;
import io.larder.policy.Guard;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Revalidation;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Visitor;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One trip to the origin on behalf of a key: asks, and decides what may be kept. Confined to its exchange's loop.
 */
final class Fetch {
    private final Handler origin;
    private final SharedCache cache;
    private final Quest quest;
    private final @Nullable Stored stale;
    private final Exchange exchange;
    private final Position fence;
    private final Runnable over;
    private final Instant askedAt;
    private CacheStatus.Forwarded status;

    /**
     * Prepares the trip.
     *
     * @param stale what is stored and needs validation; null for nothing
     * @param why the origin has to be asked
     * @param exchange of the trip itself, which may outlive the one who asked
     * @param fence taken before: whatever is purged after it is not kept
     * @param over run once, when nothing more will be stored
     */
    Fetch(
            Handler origin,
            SharedCache cache,
            Quest quest,
            @Nullable Stored stale,
            Reason why,
            Exchange exchange,
            Position fence,
            Runnable over) {
        this.origin = origin;
        this.cache = cache;
        this.quest = quest;
        this.stale = stale;
        this.exchange = exchange;
        this.fence = fence;
        this.over = over;
        this.askedAt = exchange.loop().now();
        this.status = CacheStatus.forwarded(why);
    }

    /**
     * Goes; completes when the origin's head is there, or will not come. Never fails, not even on a bug: a flight that
     * never ended would leave its key without an answer for good.
     */
    CompletionStage<Arrival> run() {
        try {
            return go();
        } catch (RuntimeException bug) {
            return done(failed(bug));
        }
    }

    private CompletionStage<Arrival> go() {
        Stored known = stale;
        Request sent = known == null ? quest.request() : Revalidation.request(quest.request(), known);
        return ask(sent, response -> known == null ? fresh(response) : answered(known, sent, response));
    }

    private CompletionStage<Arrival> ask(Request sent, Function<Response, CompletionStage<Arrival>> then) {
        return origin.handle(sent, exchange)
                .handle((response, error) -> error == null ? judged(response, then) : done(failed(error)))
                .thenCompose(Function.identity());
    }

    private CompletionStage<Arrival> judged(Response response, Function<Response, CompletionStage<Arrival>> then) {
        try {
            return then.apply(response);
        } catch (RuntimeException bug) {
            response.body().discard();
            return done(failed(bug));
        }
    }

    private CompletionStage<Arrival> answered(Stored known, Request sent, Response response) {
        status = status.answered(response.status());
        Instant now = exchange.loop().now();
        if (response.status() == 304 && known.hasValidator()) {
            return validated(known, sent, response, now);
        }
        if (Reuse.isTrouble(response.status())) {
            Optional<Reason> excuse = Reuse.onTrouble(quest.rules(), known, Reuse.Trouble.ERROR, now);
            if (excuse.isPresent()) {
                response.body().discard();
                over.run();
                return done(reused(known, excuse.get()));
            }
        }
        return fresh(response);
    }

    private CompletionStage<Arrival> validated(Stored known, Request sent, Response response, Instant now) {
        response.body().discard();
        return switch (Revalidation.of(quest.rules(), sent, known, response, askedAt, now)) {
            case Revalidation.Freshened(Stored renewed) -> {
                boolean kept = cache.store().put(quest.key(), renewed, fence);
                over.run();
                status = kept ? status.storedFor(renewed.ttl(now)) : status.notStored(Reason.PURGED);
                yield done(reused(renewed, Reason.REVALIDATED));
            }
            case Revalidation.ForThisOnly(Stored once, Reason why) -> {
                over.run();
                yield done(new Arrival.Reused(
                        once, Reason.REVALIDATED, status.notStored(why), Landing.now(new Landing.Diverted())));
            }
            case Revalidation.Mismatch mismatch -> ask(unconditional(), this::fresh);
        };
    }

    private Request unconditional() {
        Request request = quest.request();
        return request.withHeaders(request.headers()
                .keeping(i -> Revalidation.CONDITIONS.stream()
                        .noneMatch(condition -> request.headers().is(i, condition))));
    }

    private Arrival reused(Stored stored, Reason reason) {
        return new Arrival.Reused(stored, reason, status, Landing.now(new Landing.Served(stored, reason)));
    }

    private CompletionStage<Arrival> fresh(Response response) {
        status = status.answered(response.status());
        Instant now = exchange.loop().now();
        return done(
                switch (Storability.of(quest.rules(), quest.request(), response, askedAt, now)) {
                    case Storability.Keep keep -> guarded(keep, response, now);
                    case Storability.Refuse refuse -> refused(refuse, response, now);
                });
    }

    private Arrival refused(Storability.Refuse refuse, Response response, Instant now) {
        Refusals.note(cache, quest, refuse, now);
        over.run();
        return new Arrival.Passed(response, status.notStored(refuse.reason()), Landing.now(new Landing.Diverted()));
    }

    private Arrival guarded(Storability.Keep keep, Response response, Instant now) {
        return switch (Guard.of(quest.rules(), quest.request(), response.headers())) {
            case Guard.Refuse(Storability.Refuse why) -> refused(why, response, now);
            case Guard.Trust trust -> kept(keep, trust, response, now);
            case Guard.Inspect inspect -> kept(keep, inspect, response, now);
        };
    }

    private Arrival kept(Storability.Keep keep, Guard guard, Response response, Instant now) {
        boolean often = stale != null || isOftenAsked();
        Storability.Keep known = keep.fetchedBy(visitor());
        CacheStatus.Forwarded stored =
                often ? status.storedFor(known.with(Bytes.EMPTY).ttl(now)) : status.notStored(Reason.MIN_USES);
        boolean gzip = often && Encodings.isCompressible(quest.rules(), response.status(), response.headers());
        return new Keeping(cache, quest, exchange.loop(), fence, over)
                .keep(known, response, stored, new Finishing(guard, gzip), often);
    }

    private boolean isOftenAsked() {
        int least = quest.rules().storing().minUses();
        return least <= 1 || cache.store().uses(quest.key()) >= least;
    }

    /** Whom it is fetched for, where somebody will want to know. */
    private long visitor() {
        boolean shadow = quest.rules().sharing().guard() == CacheRules.Guarding.SHADOW;
        return shadow
                ? Visitor.of(
                        quest.request().headers(), quest.exchange().client().address())
                : 0;
    }

    private Arrival failed(Throwable error) {
        over.run();
        Failure failure = Failure.of(error);
        exchange.journal().failed(failure);
        Optional<Reason> excuse = excuse(failure);
        Stored known = stale;
        return known != null && excuse.isPresent()
                ? reused(known, excuse.get())
                : new Arrival.Failed(Excuse.toTell(known, failure), failure);
    }

    private Optional<Reason> excuse(Failure failure) {
        Stored known = stale;
        return known == null
                ? Optional.empty()
                : Excuse.of(quest.rules(), known, failure, exchange.loop().now());
    }

    private static CompletionStage<Arrival> done(Arrival arrival) {
        return CompletableFuture.completedFuture(arrival);
    }
}
