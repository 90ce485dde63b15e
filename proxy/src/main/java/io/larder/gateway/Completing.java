package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.ByteRange;
import io.larder.http.Bytes;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Slices;
import io.larder.http.Source;
import io.larder.policy.Completion;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Asks for the whole of what parts are stored of: only what is missing is fetched, and put between what is there
 * (RFC 9111 §3.4). To whoever asks it looks as if the origin had sent all of it.
 */
final class Completing implements Handler {
    private final Handler origin;
    private final Completion completion;
    private final Runnable outdated;

    /** @param outdated run when the origin shows that the parts are of no use any more */
    Completing(Handler origin, Completion completion, Runnable outdated) {
        this.origin = origin;
        this.completion = completion;
        this.outdated = outdated;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        return origin.handle(completion.request(request), exchange)
                .thenCompose(response -> answered(request, exchange, response));
    }

    private CompletionStage<Response> answered(Request request, Exchange exchange, Response response) {
        return switch (completion.of(response, exchange.loop().now())) {
            case Completion.Passed passed -> CompletableFuture.completedFuture(response);
            case Completion.Replaced replaced -> {
                outdated.run();
                yield CompletableFuture.completedFuture(response);
            }
            case Completion.Completed(var headers) ->
                CompletableFuture.completedFuture(Response.of(200, headers, joined(response.body())));
            case Completion.Useless useless -> {
                response.body().discard();
                outdated.run();
                yield origin.handle(request, exchange);
            }
        };
    }

    private Body joined(Body missing) {
        ByteRange gap = completion.gap();
        List<Source> sources = new ArrayList<>(3);
        Bytes before = completion.before();
        Bytes after = completion.after();
        sources.add(new Slices(before));
        sources.add(missing.source());
        sources.add(new Slices(after));
        return new Body.Live(new Chained(sources), before.length() + gap.length() + after.length());
    }
}
