package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Loop;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.policy.VaryKey;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the store does not have: one fetch for all who need the same variant of a key at the same time.
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
        Need need = Need.of(quest, stale, why, cache.flights().turn());
        return enabled && quest.request().is("GET") ? together(need) : alone(need);
    }

    /** Leads a flight, or follows one. */
    CompletionStage<Response> together(Need need) {
        Quest quest = need.quest();
        if (Refusals.areNoted(cache.store(), quest)) {
            Quest own = quest.own();
            if (own != null) {
                return together(Need.of(own, null, Reason.HIT_FOR_MISS, need.asked()));
            }
            return alone(need.stale() == null ? need.given(null, Reason.HIT_FOR_MISS) : need);
        }
        FlightKey key = new FlightKey(quest.key(), variant(need));
        if (need.isForPart()) {
            Flight whole = cache.flights().find(key);
            return whole == null ? alone(need) : follow(whole, key, need);
        }
        return switch (cache.flights().board(key, quest.exchange().loop())) {
            case Flights.Boarding.Lead(Flight flight) -> takeOff(flight, need);
            case Flights.Boarding.Follow(Flight flight) -> follow(flight, key, need);
        };
    }

    /** As {@link #fetch}, on a trip of its own whatever else is under way. */
    CompletionStage<Response> apart(Quest quest, Reason why) {
        count(quest);
        return alone(Need.of(quest, null, why, cache.flights().turn()));
    }

    private void count(Quest quest) {
        if (quest.rules().storing().minUses() > 1) {
            cache.store().noteUse(quest.key());
        }
    }

    private CompletionStage<Response> follow(Flight flight, FlightKey key, Need need) {
        return new Following(this, origin, cache.flights(), delivery, need).follow(flight, key);
    }

    /** Which variant of the key it is, as far as anything is known of its {@code Vary}. */
    private VaryKey variant(Need need) {
        if (!need.variant().equals(VaryKey.NONE)) {
            return need.variant();
        }
        Variants stored = cache.store().near(need.quest().key());
        Headers request = need.quest().request().headers();
        return stored.isEmpty() ? VaryKey.NONE : stored.all().get(0).vary().forRequest(request);
    }

    /** Fetches {@code quest} anew behind a stored response that is served meanwhile, unless that is under way. */
    void refresh(Quest quest, Stored stale, Reason why) {
        Loop loop = quest.exchange().loop();
        Flights flights = cache.flights();
        FlightKey key = new FlightKey(
                quest.key(), stale.vary().forRequest(quest.request().headers()));
        if (!flights.isResting(key) && flights.board(key, loop) instanceof Flights.Boarding.Lead(Flight flight)) {
            Runnable over = () -> {
                flights.rest(key);
                flights.over(flight);
                loop.schedule(COOL_DOWN, () -> flights.wake(key));
            };
            Need need = Need.of(quest.forWhole(), stale, why, flight.tookOff());
            trip(need, quest.exchange().child(), flight.fence(), over).run().thenAccept(arrival -> {
                land(flight, quest, arrival);
                if (arrival instanceof Arrival.Passed passed) {
                    passed.response().body().discard();
                }
            });
        }
    }

    /** Fetches for this one client. */
    CompletionStage<Response> alone(Need need) {
        if (need.isForPart()) {
            return partials.fetch(need).thenCompose(arrival -> delivery.asSent(need.quest(), arrival));
        }
        Position fence = cache.store().fence();
        return trip(need, need.quest().exchange(), fence, () -> {})
                .run()
                .thenCompose(arrival -> delivery.arrived(need.quest(), arrival));
    }

    /** Having taken the lead, looks once more: the flight before may have landed in between. */
    private CompletionStage<Response> takeOff(Flight flight, Need need) {
        Quest quest = need.quest();
        Instant now = quest.exchange().loop().now();
        Variants stored = cache.store().near(quest.key());
        return switch (Reuse.of(quest.rules(), quest.request(), stored, now)) {
            case Reuse.Fresh(Stored fresh, Reason fits) -> {
                cache.flights().over(flight);
                flight.land(new Landing.Served(fresh, fits));
                yield CompletableFuture.completedFuture(delivery.hit(quest, fresh, fits, now));
            }
            case Reuse.Validate(Stored stale, Reason why) -> lead(flight, need.given(stale, why));
            case Reuse.StaleWhileRevalidating(Stored stale, Reason why) ->
                lead(flight, need.given(stale, Reason.STALE));
            case Reuse.Unusable(Reason why) ->
                lead(flight, need.why() == Reason.PARTIAL_MISS ? need.given(null, need.why()) : need.given(null, why));
            case Reuse.Unsatisfiable gone -> lead(flight, need.given(null, need.why()));
        };
    }

    private CompletionStage<Response> lead(Flight flight, Need need) {
        Exchange exchange = need.quest().exchange();
        Exchange child = exchange.child().withInterim(exchange.interim());
        Runnable left = () -> flight.leaderLeft(() -> {
            cache.flights().over(flight);
            child.departure().announce();
        });
        exchange.departure().onGone(left);
        return trip(need, child, flight.fence(), () -> cache.flights().over(flight))
                .run()
                .thenCompose(arrival -> {
                    exchange.departure().forget(left);
                    exchange.journal().adopt(child.journal());
                    land(flight, need.quest(), arrival);
                    return delivery.arrived(need.quest(), arrival);
                });
    }

    private void land(Flight flight, Quest quest, Arrival arrival) {
        arrival.others().thenAccept(landing -> {
            if (landing instanceof Landing.Arriving arriving) {
                VaryKey variant = arriving.head().vary();
                cache.flights().identify(new FlightKey(quest.key(), variant), flight);
            }
            flight.land(landing);
        });
    }

    private Fetch trip(Need need, Exchange exchange, Position fence, Runnable over) {
        Need whole = need.forWhole();
        Handler way = need.why() == Reason.PARTIAL_MISS ? partials.completing(whole.quest()) : origin;
        return new Fetch(way, cache, whole, exchange, fence, over);
    }
}
