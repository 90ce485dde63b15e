package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.Reason;
import java.util.concurrent.CompletionStage;

/** Passes a request by the cache, and says so. */
final class Uncached implements Handler {
    private final Handler next;
    private final Delivery delivery;

    Uncached(Handler next, Report report) {
        this.next = next;
        this.delivery = new Delivery(report);
    }

    /** As a route does that does not cache. */
    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return pass(request, exchange, Reason.ROUTE_OFF);
    }

    CompletionStage<Response> pass(Request request, Exchange exchange, Reason why) {
        return next.handle(request, exchange)
                .thenApply(response -> delivery.bypassed(exchange.journal(), response, why));
    }
}
