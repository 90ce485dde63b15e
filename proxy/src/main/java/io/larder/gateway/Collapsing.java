package io.larder.gateway;

import io.larder.coherence.Fence;
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
import io.larder.route.CachePlan;
import io.larder.store.Leases.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final CachePlan.Collapse collapse;

    Collapsing(Handler origin, SharedCache cache, Partials partials, Delivery delivery, CachePlan.Collapse collapse) {
        this.origin = origin;
        this.cache = cache;
        this.partials = partials;
        this.delivery = delivery;
        this.collapse = collapse;
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
        boolean alike = collapse != CachePlan.Collapse.OFF && quest.request().is("GET");
        return alike ? together(need) : far(need);
    }

    /** Leads a flight, or follows one. */
    CompletionStage<Response> together(Need need) {
        Quest quest = need.quest();
        if (isRefused(need)) {
            Quest own = quest.own();
            if (own != null) {
                return together(Need.of(own, null, Reason.HIT_FOR_MISS, need.asked()));
            }
            return alone(need.stale() == null ? need.given(null, Reason.HIT_FOR_MISS) : need);
        }
        FlightKey key = new FlightKey(quest.key(), variant(need));
        if (need.isForPart()) {
            Flight whole = cache.flights().find(key);
            return whole == null ? far(need) : follow(whole, key, need);
        }
        return switch (cache.flights().board(key, quest.exchange().loop())) {
            case Flights.Boarding.Lead(Flight flight) -> cache.flights().inCharge(flight, () -> takeOff(flight, need));
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
            Agreeing.Looking<Void> look = (still, found, otherwise) -> isRenewed(flight, still, stale, found, over)
                    ? CompletableFuture.completedFuture(null)
                    : otherwise.apply(still);
            agreeing(flight, look, (still, told) -> renew(flight, still, over, told))
                    .go(need);
        }
    }

    private <T> Agreeing<T> agreeing(Flight flight, Agreeing.Looking<T> look, Agreeing.Asking<T> ask) {
        return new Agreeing<>(cache, flight, collapse == CachePlan.Collapse.FLEET, this::variant, look, ask);
    }

    /** Whether another node has fetched it anew already. */
    private static boolean isRenewed(Flight flight, Need need, Stored stale, Variants found, Runnable over) {
        Quest quest = need.quest();
        Instant now = loop(need).now();
        if (Reuse.of(quest.rules(), quest.request(), found, now) instanceof Reuse.Fresh(Stored fresh, Reason fits)
                && fresh.isReceivedAfter(stale)) {
            over.run();
            flight.land(new Landing.Served(fresh, fits));
            return true;
        }
        return false;
    }

    private CompletionStage<Void> renew(Flight flight, Need need, Runnable over, Consumer<Outcome> told) {
        Exchange child = need.quest().exchange().child();
        return trip(need, child, cache.store().fence(), outcome -> {
                    over.run();
                    told.accept(outcome);
                })
                .run()
                .thenAccept(arrival -> {
                    land(flight, need.quest(), arrival);
                    if (arrival instanceof Arrival.Passed passed) {
                        passed.response().body().discard();
                    }
                });
    }

    /** Fetches for this one client. */
    CompletionStage<Response> alone(Need need) {
        if (need.isForPart()) {
            return partials.fetch(need).thenCompose(arrival -> delivery.asSent(need.quest(), arrival));
        }
        Fence fence = cache.store().fence();
        return trip(need, need.quest().exchange(), fence, outcome -> {})
                .run()
                .thenCompose(arrival -> delivery.arrived(need.quest(), arrival));
    }

    /** Looks into the tier that nodes share, and fetches for this one client what is not there either. */
    private CompletionStage<Response> far(Need need) {
        CompletionStage<Variants> far = cache.store().far(need.quest().key());
        return far == null
                ? alone(need)
                : far.thenComposeAsync(found -> decided(need, found, served -> {}, this::alone), loop(need)::execute);
    }

    /** Having taken the lead, looks once more: the flight before may have landed in between; and then afar. */
    private CompletionStage<Response> takeOff(Flight flight, Need need) {
        Consumer<Landing> served = landing -> {
            cache.flights().over(flight);
            flight.land(landing);
        };
        Agreeing.Looking<Response> look = (known, found, otherwise) -> decided(
                known, found, served, still -> isRefused(still) ? diverted(flight, still) : otherwise.apply(still));
        Agreeing<Response> agreeing = agreeing(flight, look, (still, told) -> lead(flight, still, told));
        return decided(need, cache.store().near(need.quest().key()), served, agreeing::go);
    }

    private boolean isRefused(Need need) {
        return Refusals.areNoted(cache.store(), need.quest());
    }

    /** Another node has found out that this is nothing to wait for. */
    private CompletionStage<Response> diverted(Flight flight, Need need) {
        cache.flights().over(flight);
        flight.land(new Landing.Diverted());
        return together(need);
    }

    /**
     * What becomes of {@code need} now that {@code stored} is known to be there.
     *
     * @param served is told where that answers it
     * @param otherwise goes to the origin
     */
    private CompletionStage<Response> decided(
            Need need, Variants stored, Consumer<Landing> served, Function<Need, CompletionStage<Response>> otherwise) {
        Quest quest = need.quest();
        Instant now = loop(need).now();
        return switch (Reuse.of(quest.rules(), quest.request(), stored, now)) {
            case Reuse.Fresh(Stored fresh, Reason fits) -> {
                served.accept(new Landing.Served(fresh, fits));
                yield CompletableFuture.completedFuture(delivery.hit(quest, fresh, fits, now));
            }
            case Reuse.StaleWhileRevalidating(Stored stale, Reason fits) -> {
                served.accept(new Landing.Served(stale, fits));
                refresh(quest, stale, fits);
                yield CompletableFuture.completedFuture(delivery.hit(quest, stale, fits, now));
            }
            case Reuse.Validate(Stored stale, Reason why) -> otherwise.apply(need.given(stale, why));
            case Reuse.Unusable(Reason why) ->
                otherwise.apply(need.given(null, need.why() == Reason.PARTIAL_MISS ? need.why() : why));
            case Reuse.Unsatisfiable gone -> otherwise.apply(need.given(null, need.why()));
        };
    }

    private static Loop loop(Need need) {
        return need.quest().exchange().loop();
    }

    private CompletionStage<Response> lead(Flight flight, Need need, Consumer<Outcome> told) {
        Exchange exchange = need.quest().exchange();
        Exchange child = exchange.child().withInterim(exchange.interim());
        Runnable left = () -> flight.leaderLeft(() -> {
            cache.flights().over(flight);
            child.departure().announce();
        });
        exchange.departure().onGone(left);
        return trip(need, child, cache.store().fence(), outcome -> {
                    cache.flights().over(flight);
                    told.accept(outcome);
                })
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

    private Fetch trip(Need need, Exchange exchange, Fence fence, Consumer<Outcome> over) {
        Need whole = need.forWhole();
        Handler way = need.why() == Reason.PARTIAL_MISS ? partials.completing(whole.quest()) : origin;
        return new Fetch(way, cache, whole, exchange, fence, over);
    }
}
