package io.larder.server;

import io.larder.exchange.Failure;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A body that gives a chunk when the test says so. */
final class ManualSource implements Source {
    final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private @Nullable Sink asking;

    @Override
    public void read(Sink sink) {
        asking = sink;
    }

    @Override
    public void cancel() {
        asking = null;
        cancelled.complete(null);
    }

    /** Answers the read that is waiting. */
    void give(String chunk) {
        answer().chunk(Bytes.utf8(chunk));
    }

    /** Ends the body. */
    void finish() {
        answer().end(Headers.EMPTY);
    }

    /** Breaks the body off. */
    void fail() {
        answer().failed(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "cut"));
    }

    private Sink answer() {
        Sink sink = asking;
        asking = null;
        if (sink == null) {
            throw new IllegalStateException("nobody asked");
        }
        return sink;
    }
}
