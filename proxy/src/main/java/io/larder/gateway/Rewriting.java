package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.Action;
import io.larder.route.PathPattern;
import java.util.concurrent.CompletionStage;

/**
 * Edits path and fields on the way to the origin: below the cache, so that keys and purges speak the client's URLs.
 */
final class Rewriting implements Handler {
    private final Handler next;
    private final PathPattern pattern;
    private final Action.Proxy action;
    private final FieldEdits edits;

    Rewriting(Handler next, PathPattern pattern, Action.Proxy action, FieldEdits edits) {
        this.next = next;
        this.pattern = pattern;
        this.action = action;
        this.edits = edits;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Request edited = edits.isEmpty() ? request : request.withHeaders(edits.apply(request.headers()));
        return next.handle(
                action.rewrite() == null ? edited : edited.withTarget(action.rewritten(pattern, edited.target())),
                exchange);
    }
}
