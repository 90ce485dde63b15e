package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An origin that answers when, and as, a test says. */
final class ScriptedOrigin implements Handler {
    /** A request that has reached the origin. */
    record Call(Request request, Exchange exchange, CompletableFuture<Response> answer) {
        void respond(int status, String body, String... headers) {
            respond(status, Bytes.utf8(body), headers);
        }

        void respond(int status, Bytes body, String... headers) {
            Body whole = new Body.Whole(body);
            answer.complete(Response.of(status, Headers.of(headers), status == 304 ? Body.none() : whole));
        }

        Feed stream(long length, String... headers) {
            Feed feed = new Feed();
            answer.complete(Response.of(200, Headers.of(headers), new Body.Live(feed, length)));
            return feed;
        }

        void fail(Failure.Kind kind) {
            answer.completeExceptionally(new Failure(kind, "as the test says"));
        }
    }

    /** A body whose chunks come when the test sends them. */
    static final class Feed implements Source {
        private @Nullable Sink sink;
        boolean cancelled;

        @Override
        public void read(Sink asking) {
            sink = asking;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        boolean isAsked() {
            return sink != null;
        }

        void chunk(String text) {
            take().chunk(Bytes.utf8(text));
        }

        void end() {
            take().end(Headers.EMPTY);
        }

        void fail() {
            take().failed(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "cut"));
        }

        private Sink take() {
            Sink taken = sink;
            sink = null;
            if (taken == null) {
                throw new IllegalStateException("nobody asked for more");
            }
            return taken;
        }
    }

    final List<Call> calls = new ArrayList<>();

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Call call = new Call(request, exchange, new CompletableFuture<>());
        calls.add(call);
        return call.answer();
    }

    Call last() {
        return calls.get(calls.size() - 1);
    }
}
