package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.upstream.Servers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts a request to another upstream where no server of its own is usable; or turns out to be, and the request may be sent
 * again (RFC 9110 §9.2.2).
 */
final class Falling implements Handler {
    private final Handler own;
    private final Servers servers;
    private final Handler fallback;

    /**
     * @param own the way to {@code servers}
     * @param fallback the way to others
     */
    Falling(Handler own, Servers servers, Handler fallback) {
        this.own = own;
        this.servers = servers;
        this.fallback = fallback;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        if (!servers.isUsable(exchange)) {
            return fallback.handle(request, exchange);
        }
        CompletionStage<Response> answer = own.handle(request, exchange);
        if (request.body() instanceof Body.Live) {
            return answer; // its one reader may have begun
        }
        return answer.handle((response, cause) -> {
                    if (cause == null) {
                        return CompletableFuture.completedStage(response);
                    }
                    Failure why = Failure.of(cause);
                    return mayFall(request, why, exchange)
                            ? fallback.handle(request, exchange)
                            : CompletableFuture.<Response>failedStage(why);
                })
                .thenCompose(stage -> stage);
    }

    private static boolean mayFall(Request request, Failure why, Exchange exchange) {
        return why.kind().isUnreachable()
                && why.kind() != Failure.Kind.CONNECTION_LIMIT // they are there, and busy
                && (why.isUnsent() || request.isIdempotent())
                && exchange.remaining().isPositive()
                && !exchange.departure().isGone();
    }
}
