package io.larder.server;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** A request whose answer the test gives later, on its loop. */
record Pending(Request request, Exchange exchange, CompletableFuture<Response> answer) {
    /** A handler that puts each request into {@code pending}. */
    static Handler into(BlockingQueue<Pending> pending) {
        return (request, exchange) -> {
            CompletableFuture<Response> answer = new CompletableFuture<>();
            pending.add(new Pending(request, exchange, answer));
            return answer;
        };
    }

    void give(Response response) {
        exchange.loop().execute(() -> answer.complete(response));
    }

    void text(String text) {
        give(Response.of(200, Headers.EMPTY, new Body.Whole(Bytes.utf8(text))));
    }
}
