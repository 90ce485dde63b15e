package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.FieldName;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.HttpsRule;
import java.util.concurrent.CompletionStage;

/** Tells clients who come over TLS never to come without it (RFC 6797), in place of what an origin tells them about it. */
final class Securing implements Handler {
    static final FieldName FIELD = FieldName.of("Strict-Transport-Security");

    private final Handler next;
    private final HttpsRule rule;

    Securing(Handler next, HttpsRule rule) {
        this.next = next;
        this.rule = rule;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        String told = rule.told(request);
        return told == null
                ? next.handle(request, exchange)
                : next.handle(request, exchange)
                        .thenApply(response ->
                                response.withHeaders(response.headers().with(FIELD, told)));
    }
}
