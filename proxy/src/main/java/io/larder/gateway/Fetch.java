package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheRules;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Guard;
import io.larder.policy.HeadUpdate;
import io.larder.policy.Preconditions;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Revalidation;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.policy.Visitor;
import io.larder.store.Leases.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One trip to the origin on behalf of a key: asks, and decides what may be kept. Confined to its exchange's loop.
 */
final class Fetch {
    private final Handler origin;
    private final SharedCache cache;
    private final Need need;
    private final Quest quest;
    private final @Nullable Stored stale;
    private final Exchange exchange;
    private final Fence fence;
    private final Consumer<Outcome> over;
    private final Instant askedAt;
    private CacheStatus.Forwarded status;

    /**
     * Prepares the trip.
     *
     * @param exchange of the trip itself, which may outlive the one who asked
     * @param fence taken before: whatever is purged after it is not kept
     * @param over told once, when nothing more will be stored, what came of it
     */
    Fetch(Handler origin, SharedCache cache, Need need, Exchange exchange, Fence fence, Consumer<Outcome> over) {
        this.origin = origin;
        this.cache = cache;
        this.need = need;
        this.quest = need.quest();
        this.stale = need.stale();
        this.exchange = exchange;
        this.fence = fence;
        this.over = over;
        this.askedAt = exchange.loop().now();
        this.status = CacheStatus.forwarded(need.why());
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
        Request asked = quest.request();
        if (known == null) {
            return ask(need.isForAll() ? Revalidation.unconditional(asked) : asked, this::fresh);
        }
        Request sent = Revalidation.request(asked, known);
        return ask(sent, response -> answered(known, sent, response));
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
                over.accept(Outcome.FAILED);
                return done(reused(known, excuse.get()));
            }
        }
        return quest.request().is("HEAD") ? done(described(known, response, now)) : fresh(response);
    }

    /** The answer to a HEAD tells whether what is stored for GET still holds. */
    private Arrival described(Stored known, Response response, Instant now) {
        status = switch (HeadUpdate.of(quest.rules(), quest.request(), known, response, askedAt, now)) {
            case HeadUpdate.Freshened(Stored renewed) ->
                cache.store().put(quest.key(), renewed, fence)
                        ? status.storedFor(renewed.ttl(now))
                        : status.notStored(Reason.PURGED);
            case HeadUpdate.Outdated(Stored outdated) -> {
                cache.store().put(quest.key(), outdated, fence);
                yield status.notStored(Reason.HEAD);
            }
            case HeadUpdate.Silent silent -> status.notStored(Reason.HEAD);
        };
        over.accept(Outcome.STORED);
        return new Arrival.Passed(response, status, Landing.now(new Landing.Diverted()));
    }

    private CompletionStage<Arrival> validated(Stored known, Request sent, Response response, Instant now) {
        response.body().discard();
        return switch (Revalidation.of(quest.rules(), sent, known, response, askedAt, now)) {
            case Revalidation.Freshened(Stored renewed, Stored own) -> {
                freshenOthers(known, sent, response, now);
                boolean kept = cache.store().put(quest.key(), renewed, fence);
                over.accept(kept ? Outcome.STORED : Outcome.FAILED);
                status = kept ? status.storedFor(renewed.ttl(now)) : status.notStored(Reason.PURGED);
                Landing others = new Landing.Served(renewed, Reason.REVALIDATED);
                yield done(new Arrival.Reused(own, Reason.REVALIDATED, status, Landing.now(others)));
            }
            case Revalidation.ForThisOnly(Stored once, Reason why) -> {
                boolean his = new Storability.Refuse(why, "").concernsPersonal();
                over.accept(his ? Outcome.FAILED : Outcome.UNSHAREABLE);
                Landing others = his ? new Landing.Inconclusive() : new Landing.Diverted();
                yield done(new Arrival.Reused(once, Reason.REVALIDATED, status.notStored(why), Landing.now(others)));
            }
            case Revalidation.Mismatch mismatch -> ask(Revalidation.unconditional(quest.request()), this::fresh);
        };
    }

    private void freshenOthers(Stored known, Request sent, Response response, Instant now) {
        Variants stored = cache.store().near(quest.key());
        for (Stored other : Revalidation.alsoAbout(quest.request(), stored, known, response)) {
            if (Revalidation.updated(quest.rules(), sent, other, response.headers(), askedAt, now)
                    instanceof Revalidation.Freshened(Stored renewed, Stored own)) {
                cache.store().put(quest.key(), renewed, fence);
            }
        }
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
                    case Storability.Refuse refuse -> forOne(refused(refuse, response, now), now);
                });
    }

    /** What is not for everybody may be kept for the one who asked; those who wait are not told. */
    private Arrival forOne(Arrival.Passed refused, Instant now) {
        Quest own = quest.own();
        if (own == null
                || !(Storability.of(own.rules(), own.request(), refused.response(), askedAt, now)
                        instanceof Storability.Keep keep)) {
            return refused;
        }
        return keep(own, plan(keep, Guard.Trust.YES, refused.response()), refused.response(), outcome -> {})
                .map(kept -> new Arrival.Passed(kept.response(), kept.status(), refused.others()))
                .orElse(refused);
    }

    private Arrival.Passed refused(Storability.Refuse refuse, Response response, Instant now) {
        boolean his = Refusals.note(cache, quest, refuse, now) || refuse.reason() == Reason.NOT_MODIFIED;
        over.accept(his ? Outcome.FAILED : Outcome.UNSHAREABLE);
        Landing others = his ? new Landing.Inconclusive() : new Landing.Diverted();
        return new Arrival.Passed(response, status.notStored(refuse.reason()), Landing.now(others));
    }

    private Arrival guarded(Storability.Keep keep, Response response, Instant now) {
        return switch (Guard.of(quest.rules(), quest.request(), response.headers())) {
            case Guard.Refuse(Storability.Refuse why) -> refused(why, response, now);
            case Guard.Trust trust -> kept(plan(keep, trust, response), response, now);
            case Guard.Inspect inspect -> kept(plan(keep, inspect, response), response, now);
        };
    }

    private Keeping.Plan plan(Storability.Keep keep, Guard guard, Response response) {
        int least = quest.rules().storing().minUses();
        boolean store = stale != null || least <= 1 || cache.store().uses(quest.key()) >= least;
        boolean gzip = store && Encodings.isCompressible(quest.rules(), response.status(), response.headers());
        return new Keeping.Plan(keep.fetchedBy(visitor()), new Finishing(guard, gzip), store);
    }

    /** Whom it is fetched for, where somebody will want to know. */
    private long visitor() {
        boolean shadow = quest.rules().sharing().guard() == CacheRules.Guarding.SHADOW;
        return shadow
                ? Visitor.of(
                        quest.request().headers(), quest.exchange().client().address())
                : 0;
    }

    private Arrival kept(Keeping.Plan plan, Response response, Instant now) {
        return keep(quest, plan, response, over)
                .map(passed -> conditioned(passed, plan.keep().with(Bytes.EMPTY)))
                .orElseGet(() -> refused(new Storability.Refuse(Reason.TOO_BUSY, ""), response, now));
    }

    /** Empty where there is no room for its body. */
    private Optional<Arrival.Passed> keep(Quest owner, Keeping.Plan plan, Response response, Consumer<Outcome> over) {
        Stored head = plan.keep().with(Bytes.EMPTY);
        long ttl = head.ttl(exchange.loop().now());
        CacheStatus.Forwarded stored = plan.store() ? status.storedFor(ttl) : status.notStored(Reason.MIN_USES);
        Keeping keeping = new Keeping(cache, owner, exchange.loop(), fence, over);
        return Allotment.of(
                        cache.flights().memory(),
                        response.body().length(),
                        owner.rules().maxObject())
                .map(room -> keeping.keep(plan, response, room, stored, Resumption.of(origin, owner, head)));
    }

    /** The origin has not seen the client's conditions: they are evaluated here (RFC 9111 §4.3.2). */
    private Arrival conditioned(Arrival.Passed passed, Stored head) {
        if (stale == null && !need.isForAll()) {
            return passed;
        }
        return switch (Preconditions.of(quest.request(), head)) {
            case Preconditions.Send whole -> passed;
            case Preconditions.NotModified(Headers repeated) -> {
                passed.response().body().discard();
                Response unchanged = new Response(304, "Not Modified", repeated, Body.none());
                yield new Arrival.Passed(unchanged, passed.status(), passed.others());
            }
        };
    }

    private Arrival failed(Throwable error) {
        over.accept(Outcome.FAILED);
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
