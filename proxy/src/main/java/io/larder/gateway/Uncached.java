package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Glob;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.Cookies;
import io.larder.policy.Reason;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Passes a request by the cache, and says so. */
final class Uncached implements Handler {
    private final Handler next;
    private final Delivery delivery;
    private final List<Glob> ignored;
    private final Reason why;

    /** As a route does that does not cache. */
    Uncached(Handler next, Report report) {
        this(next, report, List.of(), Reason.ROUTE_OFF);
    }

    /**
     * For all requests that come this way.
     *
     * @param ignored cookies that do not count
     */
    Uncached(Handler next, Report report, List<Glob> ignored, Reason why) {
        this.next = next;
        this.delivery = new Delivery(report);
        this.ignored = ignored;
        this.why = why;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return pass(Cookies.drop(request, ignored), exchange, why);
    }

    CompletionStage<Response> pass(Request request, Exchange exchange, Reason reason) {
        return next.handle(request, exchange)
                .thenApply(response -> delivery.bypassed(exchange.journal(), response, reason));
    }
}
