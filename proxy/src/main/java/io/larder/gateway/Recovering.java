package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Problem;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one place where a failure becomes a response, even one that is a bug. */
final class Recovering implements Handler {
    private static final String RETRY_SECONDS = "1";

    private final Handler next;

    Recovering(Handler next) {
        this.next = next;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        CompletionStage<Response> answer = attempt(request, exchange);
        if (answer instanceof CompletableFuture<Response> done && done.isDone() && !done.isCompletedExceptionally()) {
            return done;
        }
        return answer.exceptionally(error -> recovered(request, exchange, Failure.of(error)));
    }

    private CompletionStage<Response> attempt(Request request, Exchange exchange) {
        try {
            return next.handle(request, exchange);
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private static Response recovered(Request request, Exchange exchange, Failure failure) {
        request.body().discard();
        exchange.journal().failed(failure);
        return Problem.response(failure, exchange.id(), request.headers(), told(failure));
    }

    private static Headers told(Failure failure) {
        var headers = Headers.builder()
                .add(Fields.PROXY_STATUS, "larder; error=" + failure.kind().token());
        if (failure.kind().status() == 503) {
            headers.add(Fields.RETRY_AFTER, RETRY_SECONDS);
        }
        return headers.build();
    }
}
