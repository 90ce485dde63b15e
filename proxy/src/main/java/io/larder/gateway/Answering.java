package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.Action;
import io.larder.route.PathPattern;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers from the configuration itself: a redirect or fixed content. */
final class Answering implements Handler {
    private final Action action;
    private final PathPattern pattern;

    Answering(Action action, PathPattern pattern) {
        this.action = action;
        this.pattern = pattern;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        request.body().discard();
        exchange.journal().cached("none", "answered-here");
        return CompletableFuture.completedFuture(answer(request));
    }

    private Response answer(Request request) {
        return switch (action) {
            case Action.Redirect redirect -> redirect(redirect, request);
            case Action.Respond respond ->
                Response.of(
                        respond.status(),
                        Headers.of("Content-Type", respond.contentType()),
                        Response.isBodiless(respond.status())
                                ? Body.none()
                                : new Body.Whole(Bytes.utf8(respond.body())));
            case Action.Proxy proxy -> throw new IllegalStateException("a proxy route forwards");
        };
    }

    private Response redirect(Action.Redirect redirect, Request request) {
        Map<String, String> captures = pattern.captures(request.target().path());
        String filled = redirect.to().fill(captures == null ? Map.of() : captures);
        String query = request.target().query();
        String location = query == null || filled.indexOf('?') >= 0 ? filled : filled + "?" + query;
        // "//host" in a filled template would leave the site: the rest of a path never becomes an authority; browsers
        // take a backslash for a slash (WHATWG URL §4.4)
        String safe = location.replaceFirst("^/[/\\\\]+", "/");
        return Response.of(
                redirect.status(), Headers.builder().add(Fields.LOCATION, safe).build(), Body.none());
    }
}
