package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.policy.VaryKey;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One who waits for another's fetch: what it brings him, or where he turns. Confined to his own loop. */
final class Following {
    /** What somebody else's response is to one who waited for it. */
    private enum Fit {
        /** It is his as well. */
        SHARED,
        /** It is another variant's (RFC 9111 §4.1). */
        OTHER_VARIANT,
        /** It must be validated for each request, and the origin was asked before he came (RFC 9111 §5.2.2.4). */
        TOO_EARLY,
        /** It was purged before he came, by a tag that it turned out to have, or may have been. */
        PURGED,
        /** He would not take it. */
        NONE
    }

    private final Collapsing collapsing;
    private final Handler origin;
    private final Flights flights;
    private final Delivery delivery;
    private final Need need;

    Following(Collapsing collapsing, Handler origin, Flights flights, Delivery delivery, Need need) {
        this.collapsing = collapsing;
        this.origin = origin;
        this.flights = flights;
        this.delivery = delivery;
        this.need = need;
    }

    /** Waits for {@code flight}, found under {@code key}. A bug in one follower stays in his own stage. */
    CompletionStage<Response> follow(Flight flight, FlightKey key) {
        Boarded boarded = boarded(flight);
        return flight.follow(exchange()).thenCompose(landing -> join(landing, flight, key, boarded));
    }

    /**
     * What was known when he boarded.
     *
     * @param inDoubt whether that was too little: a purge may have been complete that this node learns of before the landing
     * @param purges where they stood
     */
    private record Boarded(boolean inDoubt, Fence purges) {}

    private Boarded boarded(Flight flight) {
        // first: what is learned in between shows in the fence
        boolean inDoubt = flights.isInDoubt(flight, need.asked());
        return new Boarded(inDoubt, flights.purges());
    }

    private CompletionStage<Response> join(Landing landing, Flight flight, FlightKey key, Boarded boarded) {
        return switch (landing) {
            case Landing.Arriving(Stored head, var spool, var length)
            when isPurged(head, flight, key, boarded) -> turn(Fit.PURGED, head, flight, key);
            case Landing.Served(Stored stored, var reason)
            when isPurged(stored, flight, key, boarded) -> turn(Fit.PURGED, stored, flight, key);
            case Landing.Arriving arriving -> {
                Fit fit = mayWait(arriving.length()) ? fit(arriving.head(), flight) : Fit.NONE;
                yield fit == Fit.SHARED ? attach(arriving) : turn(fit, arriving.head(), flight, key);
            }
            case Landing.Served(Stored stored, Reason reason) -> {
                Fit fit = isExcuse(reason) ? variantFit(stored) : fit(stored, flight);
                yield fit == Fit.SHARED ? reused(stored, reason) : turn(fit, stored, flight, key);
            }
            case Landing.Diverted diverted -> collapsing.alone(need);
            case Landing.Inconclusive inconclusive -> again(need.variant());
            case Landing.Failed(Failure failure) -> failed(failure);
        };
    }

    private boolean isPurged(Stored brought, Flight flight, FlightKey key, Boarded boarded) {
        return boarded.inDoubt || flights.wasPurged(key, brought, flight, boarded.purges);
    }

    /** A part can be cut only out of a body whose length is known. */
    private boolean mayWait(long length) {
        return length != Body.UNKNOWN || !need.quest().passesRange(Reason.URI_MISS);
    }

    private Fit fit(Stored head, Flight flight) {
        Quest quest = need.quest();
        return switch (Reuse.of(quest.rules(), quest.request(), Variants.of(head), now())) {
            case Reuse.Fresh fresh -> Fit.SHARED;
            case Reuse.StaleWhileRevalidating stale -> Fit.SHARED;
            // what was asked of the origin after he came is as good as an answer to himself
            case Reuse.Validate(Stored stored, Reason why) ->
                need.asked() < flight.tookOff() ? Fit.SHARED : Fit.TOO_EARLY;
            case Reuse.Unusable(Reason why) -> why == Reason.VARY_MISS ? Fit.OTHER_VARIANT : Fit.NONE;
            case Reuse.Unsatisfiable(Reason why) -> Fit.NONE;
        };
    }

    private Fit variantFit(Stored stored) {
        return stored.vary().matches(request()) ? Fit.SHARED : Fit.OTHER_VARIANT;
    }

    /** Whether a response is served for want of a better one. */
    private static boolean isExcuse(Reason reason) {
        return reason == Reason.STALE_IF_ERROR || reason == Reason.STALE_IF_UNREACHABLE || reason == Reason.SOFT_PURGED;
    }

    private CompletionStage<Response> turn(Fit fit, Stored head, Flight flight, FlightKey key) {
        return switch (fit) {
            case OTHER_VARIANT -> again(head.vary().forRequest(request()));
            case TOO_EARLY, PURGED -> {
                flights.close(key, flight); // nor is it any good to those who come later still
                yield again(need.variant());
            }
            case SHARED, NONE -> collapsing.alone(need);
        };
    }

    /** Sets out anew, together with those who found the same. */
    private CompletionStage<Response> again(VaryKey variant) {
        return need.isOutOfPatience() ? collapsing.alone(need) : collapsing.together(need.again(variant));
    }

    private CompletionStage<Response> failed(Failure failure) {
        Stored stale = need.stale();
        Optional<Reason> excuse =
                stale == null ? Optional.empty() : Excuse.of(need.quest().rules(), stale, failure, now());
        return stale != null && excuse.isPresent()
                ? reused(stale, excuse.get())
                : delivery.failed(need.quest(), Excuse.toTell(stale, failure));
    }

    private CompletionStage<Response> reused(Stored stored, Reason reason) {
        return CompletableFuture.completedFuture(delivery.reused(need.quest(), stored, reason, status(), now()));
    }

    private CompletionStage<Response> attach(Landing.Arriving arriving) {
        Stored head = arriving.head();
        SpoolReader.Rest rest = Resumption.of(origin, need.quest(), head);
        CacheStatus.Forwarded status = status().answered(head.status());
        return arriving.spool()
                .attach(exchange().loop(), arriving.length(), rest)
                .thenCompose(body -> body.isEmpty()
                        ? collapsing.alone(need)
                        : CompletableFuture.completedFuture(
                                delivery.collapsed(need.quest(), head, body.get(), status, now())));
    }

    private CacheStatus.Forwarded status() {
        return CacheStatus.forwarded(need.why()).collapsedOnto();
    }

    private Exchange exchange() {
        return need.quest().exchange();
    }

    private Headers request() {
        return need.quest().request().headers();
    }

    private Instant now() {
        return exchange().loop().now();
    }
}
