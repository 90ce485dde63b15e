package io.larder.server;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Reads request bodies to their end, for the handlers of tests. */
final class Readers {
    /** A body that was read to its end. */
    record Read(String text, Headers trailers) {}

    private Readers() {}

    static CompletableFuture<Read> readAll(Request request) {
        return switch (request.body()) {
            case Body.Whole whole -> CompletableFuture.completedFuture(new Read(latin1(whole.bytes()), Headers.EMPTY));
            case Body.Live live -> {
                All all = new All();
                new Pump(live.source(), all).resume();
                yield all.done;
            }
        };
    }

    private static String latin1(Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    }

    private static final class All implements Pump.Taker {
        private final CompletableFuture<Read> done = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public boolean chunk(Bytes bytes) {
            text.append(latin1(bytes));
            return true;
        }

        @Override
        public void end(Headers trailers) {
            done.complete(new Read(text.toString(), trailers));
        }

        @Override
        public void failed(Throwable cause) {
            done.completeExceptionally(cause);
        }
    }
}
