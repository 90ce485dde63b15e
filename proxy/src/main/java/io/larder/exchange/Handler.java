package io.larder.exchange;

import io.larder.http.Request;
import io.larder.http.Response;
import java.util.concurrent.CompletionStage;

/**
 * Answers requests: a layer of the gateway, or all of it.
 *
 * <p>Called on the exchange's loop; the stage completes on that loop, normally with a response or exceptionally with a
 * {@link Failure}. Never throws. Whoever gets a response owns its body and reads it to the end or cancels it; a handler
 * owns the request's body likewise.
 */
@FunctionalInterface
public interface Handler {
    CompletionStage<Response> handle(Request request, Exchange exchange);
}
