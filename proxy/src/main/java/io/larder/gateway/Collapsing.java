package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Response;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the store does not have: one fetch for all who need the same key at the same time.
 *
 * <p>A response that turns out to be for one client only releases everyone else at once, and is remembered, so that its
 * URL is not serialised (hit-for-miss). A fetch that fails fails for all who wait: to ask a failing origin once more for
 * each of them would only pile up.
 */
final class Collapsing {
    private static final Duration COOL_DOWN = Duration.ofSeconds(1); // between two refreshes behind a stale response

    private final Handler origin;
    private final SharedCache cache;
    private final Partials partials;
    private final Delivery delivery;
    private final boolean enabled;

    Collapsing(Handler origin, SharedCache cache, Partials partials, Delivery delivery, boolean enabled) {
        this.origin = origin;
        this.cache = cache;
        this.partials = partials;
        this.delivery = delivery;
        this.enabled = enabled;
    }

    /**
     * Brings a response for {@code quest}.
     *
     * @param stale what is stored and needs validation; null for nothing
     * @param why the origin has to be asked
     */
    CompletionStage<Response> fetch(Quest quest, @Nullable Stored stale, Reason why) {
        count(quest);
        if (!enabled || !quest.request().is("GET")) {
            return alone(quest, stale, why);
        }
        if (Refusals.areNoted(cache.store(), quest)) {
            return alone(quest, stale, stale == null ? Reason.HIT_FOR_MISS : why);
        }
        if (stale == null && quest.passesRange(why)) {
            Flight whole = cache.flights().find(quest.key());
            return whole == null ? alone(quest, null, why) : follow(whole, quest, null, why);
        }
        return switch (cache.flights().board(quest.key(), quest.exchange().loop())) {
            case Flights.Boarding.Lead(Flight flight) -> takeOff(flight, quest, stale, why);
            case Flights.Boarding.Follow(Flight flight) -> follow(flight, quest, stale, why);
        };
    }

    /** As {@link #fetch}, on a trip of its own whatever else is under way. */
    CompletionStage<Response> apart(Quest quest, Reason why) {
        count(quest);
        return alone(quest, null, why);
    }

    private void count(Quest quest) {
        if (quest.rules().storing().minUses() > 1) {
            cache.store().noteUse(quest.key());
        }
    }

    /** Fetches {@code quest} anew behind a stored response that is served meanwhile, unless that is under way. */
    void refresh(Quest quest, Stored stale) {
        Loop loop = quest.exchange().loop();
        CacheKey key = quest.key();
        Flights flights = cache.flights();
        if (!flights.isResting(key) && flights.board(key, loop) instanceof Flights.Boarding.Lead(Flight flight)) {
            Runnable over = () -> {
                flights.rest(key);
                flights.over(key, flight);
                loop.schedule(COOL_DOWN, () -> flights.wake(key));
            };
            Exchange child = quest.exchange().child();
            trip(quest.forWhole(), stale, Reason.STALE_WHILE_REVALIDATE, child, flight.fence(), over)
                    .run()
                    .thenAccept(arrival -> {
                        arrival.others().thenAccept(flight::land);
                        if (arrival instanceof Arrival.Passed passed) {
                            passed.response().body().discard();
                        }
                    });
        }
    }

    private CompletionStage<Response> alone(Quest quest, @Nullable Stored stale, Reason why) {
        if (stale == null && quest.passesRange(why)) {
            return partials.fetch(quest, why).thenCompose(arrival -> delivery.asSent(quest, arrival));
        }
        Position fence = cache.store().fence();
        return trip(quest, stale, why, quest.exchange(), fence, () -> {})
                .run()
                .thenCompose(arrival -> delivery.arrived(quest, arrival));
    }

    /** Having taken the lead, looks once more: the flight before may have landed in between. */
    private CompletionStage<Response> takeOff(Flight flight, Quest quest, @Nullable Stored stale, Reason why) {
        Instant now = quest.exchange().loop().now();
        Variants stored = cache.store().near(quest.key());
        if (Reuse.of(quest.rules(), quest.request(), stored, now) instanceof Reuse.Fresh(Stored fresh, Reason fits)) {
            cache.flights().over(quest.key(), flight);
            flight.land(new Landing.Served(fresh, fits));
            return CompletableFuture.completedFuture(delivery.hit(quest, fresh, fits, now));
        }
        return lead(flight, quest, stale, why);
    }

    private CompletionStage<Response> lead(Flight flight, Quest quest, @Nullable Stored stale, Reason why) {
        Exchange exchange = quest.exchange();
        Exchange child = exchange.child().withInterim(exchange.interim());
        Runnable abandon = () -> {
            if (flight.isIdle()) {
                cache.flights().over(quest.key(), flight);
                child.departure().announce();
            }
        };
        exchange.departure().onGone(abandon);
        Runnable over = () -> cache.flights().over(quest.key(), flight);
        return trip(quest, stale, why, child, flight.fence(), over).run().thenCompose(arrival -> {
            exchange.departure().forget(abandon);
            exchange.journal().adopt(child.journal());
            arrival.others().thenAccept(flight::land);
            return delivery.arrived(quest, arrival);
        });
    }

    private Fetch trip(
            Quest quest, @Nullable Stored stale, Reason why, Exchange exchange, Position fence, Runnable over) {
        Quest whole = quest.withoutRange();
        Handler way = why == Reason.PARTIAL_MISS ? partials.completing(whole) : origin;
        return new Fetch(way, cache, whole, stale, why, exchange, fence, over);
    }

    private CompletionStage<Response> follow(Flight flight, Quest quest, @Nullable Stored stale, Reason why) {
        CompletableFuture<CompletionStage<Response>> landed = new CompletableFuture<>();
        flight.follow(quest.exchange().loop(), landing -> landed.complete(seat(landing, quest, stale, why)));
        return landed.thenCompose(answer -> answer);
    }

    /** Not even a bug may keep one follower waiting, nor the flight from landing for the next. */
    private CompletionStage<Response> seat(Landing landing, Quest quest, @Nullable Stored stale, Reason why) {
        try {
            return join(landing, quest, stale, why);
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private CompletionStage<Response> join(Landing landing, Quest quest, @Nullable Stored stale, Reason why) {
        Instant now = quest.exchange().loop().now();
        CacheStatus.Forwarded status = CacheStatus.forwarded(why).collapsedOnto();
        return switch (landing) {
            case Landing.Arriving(Stored head, Spool spool, long length) ->
                mayShare(quest, head, now) && mayWait(quest, length)
                        ? attach(quest, head, spool, length, stale, why)
                        : alone(quest, stale, why);
            case Landing.Served(Stored stored, Reason reason) ->
                stored.vary().matches(quest.request().headers())
                        ? CompletableFuture.completedFuture(delivery.reused(quest, stored, reason, status, now))
                        : alone(quest, stale, why);
            case Landing.Diverted diverted -> alone(quest, stale, why);
            case Landing.Failed failed -> {
                Optional<Reason> excuse =
                        stale == null ? Optional.empty() : Excuse.of(quest.rules(), stale, failed.failure(), now);
                yield stale != null && excuse.isPresent()
                        ? CompletableFuture.completedFuture(delivery.reused(quest, stale, excuse.get(), status, now))
                        : delivery.failed(quest, Excuse.toTell(stale, failed.failure()));
            }
        };
    }

    private static boolean mayShare(Quest quest, Stored head, Instant now) {
        return Reuse.of(quest.rules(), quest.request(), Variants.of(head), now) instanceof Reuse.Fresh;
    }

    /** A part can be cut only out of a body whose length is known. */
    private static boolean mayWait(Quest quest, long length) {
        return length != Body.UNKNOWN || !quest.passesRange(Reason.URI_MISS);
    }

    private CompletionStage<Response> attach(
            Quest quest, Stored head, Spool spool, long length, @Nullable Stored stale, Reason why) {
        CompletableFuture<CompletionStage<Response>> attached = new CompletableFuture<>();
        Loop loop = quest.exchange().loop();
        CacheStatus.Forwarded status =
                CacheStatus.forwarded(why).answered(head.status()).collapsedOnto();
        spool.attach(
                loop,
                length,
                body -> attached.complete(
                        body == null
                                ? alone(quest, stale, why)
                                : CompletableFuture.completedFuture(
                                        delivery.collapsed(quest, head, body, status, loop.now()))));
        return attached.thenCompose(answer -> answer);
    }
}
