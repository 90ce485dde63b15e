package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A request body from a client that sends when it is asked: every other chunk at once, the others a moment later. */
final class Feed implements Source {
    /** A part that stands for the client's disappearance. */
    static final String BREAK = "!break";

    private static final Bytes FILLER = Bytes.of(new byte[32 * 1024]);

    private final Loop loop;
    private final Deque<String> parts;
    private final Headers trailers;
    private final boolean endless;
    private boolean prompt;
    boolean cancelled;
    long given;

    Feed(Loop loop, List<String> parts, Headers trailers) {
        this(loop, parts, trailers, false);
    }

    private Feed(Loop loop, List<String> parts, Headers trailers, boolean endless) {
        this.loop = loop;
        this.parts = new ArrayDeque<>(parts);
        this.trailers = trailers;
        this.endless = endless;
    }

    /** A client that never comes to an end. */
    static Feed endless(Loop loop) {
        return new Feed(loop, List.of(), Headers.EMPTY, true);
    }

    @Override
    public void read(Sink sink) {
        prompt = !prompt;
        if (prompt) {
            answer(sink);
        } else {
            loop.execute(() -> answer(sink));
        }
    }

    private void answer(Sink sink) {
        if (cancelled) {
            return;
        }
        if (endless) {
            given += FILLER.length();
            sink.chunk(FILLER);
        } else if (parts.isEmpty()) {
            sink.end(trailers);
        } else if (parts.peek().equals(BREAK)) {
            sink.failed(new Failure(Failure.Kind.REQUEST_ERROR, "the client left"));
        } else {
            sink.chunk(Bytes.utf8(parts.remove()));
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
