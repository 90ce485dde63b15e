package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.OwnCookie;
import io.larder.route.Stickiness;
import io.larder.route.StickyTokens;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Binds clients to the server of an upstream that has answered them. Above the cache: what is stored knows nothing of it, and what
 * comes from the store binds nobody; nor does what everybody may have, or what a server had trouble with.
 */
final class Sticking implements Handler {
    private final Handler next;
    private final String upstream;
    private final Stickiness sticky;

    Sticking(Handler next, String upstream, Stickiness sticky) {
        this.next = next;
        this.upstream = upstream;
        this.sticky = sticky;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Optional<StickyTokens.Bond> bond = sticky.bond(
                exchange.ties().cookie(sticky.cookie()), exchange.loop().now());
        String server = bond.map(StickyTokens.Bond::server).orElse(null);
        CompletionStage<Response> answer = next.handle(request, exchange.withAffinity(server));
        // a fragment's response sets no cookies, its page's does
        return exchange.inclusion() != null
                ? answer
                : answer.thenApply(response -> bound(request, exchange, bond, response));
    }

    private Response bound(Request request, Exchange exchange, Optional<StickyTokens.Bond> bond, Response response) {
        String server = exchange.journal().answeredBy(upstream);
        if (server == null) {
            return response;
        }
        Instant now = exchange.loop().now();
        boolean binds = response.status() < 500
                && bond.filter(known -> sticky.isGood(known, server, now)).isEmpty()
                && !OwnCookie.isForAll(request, response, now);
        boolean secure = request.target().scheme().equals("https");
        return binds ? OwnCookie.given(response, sticky.set(server, now, secure)) : response;
    }
}
