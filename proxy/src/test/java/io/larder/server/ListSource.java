package io.larder.server;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A body that gives its chunks at once, then ends or fails. */
final class ListSource implements Source {
    private final Queue<String> chunks;
    private final Object ending;

    /** Ends with {@code trailers}. */
    ListSource(List<String> chunks, Headers trailers) {
        this.chunks = new ArrayDeque<>(chunks);
        this.ending = trailers;
    }

    /** Fails after its chunks. */
    ListSource(List<String> chunks, Throwable cause) {
        this.chunks = new ArrayDeque<>(chunks);
        this.ending = cause;
    }

    @Override
    public void read(Sink sink) {
        String next = chunks.poll();
        if (next != null) {
            sink.chunk(Bytes.utf8(next));
        } else if (ending instanceof Headers trailers) {
            sink.end(trailers);
        } else {
            sink.failed((Throwable) ending);
        }
    }

    @Override
    public void cancel() {
        chunks.clear();
    }
}
