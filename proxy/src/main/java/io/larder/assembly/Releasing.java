package io.larder.assembly;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Slices;
import io.larder.http.Source;

/** A body whose octets are held until it has left. Confined to its loop. */
final class Releasing implements Source {
    private final Source source;
    private final Held held;

    private Releasing(Source source, Held held) {
        this.source = source;
        this.held = held;
    }

    /** {@code octets}, which are {@code held}. */
    static Body of(Bytes octets, Held held) {
        return held.isNothing() ? new Body.Whole(octets) : of(new Slices(octets), octets.length(), held);
    }

    /** What {@code source} gives, as far as it is {@code held}. */
    static Body of(Source source, long length, Held held) {
        return new Body.Live(new Releasing(source, held), length);
    }

    @Override
    public void read(Sink sink) {
        source.read(new Sink() {
            @Override
            public void chunk(Bytes bytes) {
                sink.chunk(bytes);
            }

            @Override
            public void end(Headers trailers) {
                held.end();
                sink.end(trailers);
            }

            @Override
            public void failed(Throwable cause) {
                held.end();
                sink.failed(cause);
            }
        });
    }

    @Override
    public void cancel() {
        held.end();
        source.cancel();
    }
}
