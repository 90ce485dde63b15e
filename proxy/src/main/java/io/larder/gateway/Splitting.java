package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.OwnCookie;
import io.larder.route.Destination;
import io.larder.route.WroteCookie;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Puts a request to the one of several upstreams that its client, or what it is about to do, belongs to; and has the client remember
 * that it has changed something.
 */
final class Splitting implements Handler {
    private final Destination to;
    private final Map<Destination.Way, Handler> ways;

    /** @param ways the layers before each upstream */
    Splitting(Destination to, Map<Destination.Way, Handler> ways) {
        this.to = to;
        this.ways = Map.copyOf(ways);
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Instant now = exchange.loop().now();
        String wrote = exchange.ties().cookie(WroteCookie.NAME);
        Destination.Way way = to.way(request, exchange.client().address(), wrote, now);
        CompletionStage<Response> answer = Objects.requireNonNull(ways.get(way)).handle(request, exchange);
        Destination.Writes writes = to.writes();
        Duration shownFor = writes == null ? null : writes.shownFor();
        return way.why() == Destination.Why.WRITE && shownFor != null
                ? answer.thenApply(response -> remembered(request, exchange, response, shownFor))
                : answer;
    }

    private static Response remembered(Request request, Exchange exchange, Response response, Duration shownFor) {
        if (response.status() < 200 || response.status() > 399) {
            return response;
        }
        boolean secure = request.target().scheme().equals("https");
        return OwnCookie.given(
                response, WroteCookie.set(shownFor, exchange.loop().now(), secure));
    }
}
