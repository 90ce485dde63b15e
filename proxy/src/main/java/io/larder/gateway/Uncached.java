package io.larder.gateway;

import io.larder.coherence.Purge;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.Invalidation;
import io.larder.policy.Reason;
import io.larder.store.Store;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Passes a request by the cache, and makes stale what its success has changed (RFC 9111 §4.4). */
final class Uncached implements Handler {
    private final Handler next;
    private final Store store;
    private final StoredUrls urls;
    private final Delivery delivery;

    Uncached(Handler next, Store store, StoredUrls urls, Report report) {
        this.next = next;
        this.store = store;
        this.urls = urls;
        this.delivery = new Delivery(report);
    }

    /** As a route does that does not cache. */
    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return pass(request, exchange, Reason.ROUTE_OFF);
    }

    CompletionStage<Response> pass(Request request, Exchange exchange, Reason why) {
        return next.handle(request, exchange).thenApply(response -> {
            changed(request, response).forEach(store::purge);
            return delivery.bypassed(exchange.journal(), response, why);
        });
    }

    /** What is to be purged because {@code request} succeeded. */
    Set<Purge> changed(Request request, Response response) {
        Set<Purge> changed = new LinkedHashSet<>();
        Invalidation.targets(request, response).forEach(target -> changed.addAll(urls.of(target)));
        return changed;
    }
}
