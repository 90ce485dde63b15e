package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.concurrent.CompletionStage;

/** Edits the fields of every response of a site, stored ones and errors included. */
final class Editing implements Handler {
    private final Handler next;
    private final FieldEdits edits;

    Editing(Handler next, FieldEdits edits) {
        this.next = next;
        this.edits = edits;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return next.handle(request, exchange)
                .thenApply(response -> response.withHeaders(edits.apply(response.headers())));
    }
}
