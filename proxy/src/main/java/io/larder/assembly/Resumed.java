package io.larder.assembly;

import io.larder.http.Bytes;
import io.larder.http.Source;

/** A body whose beginning was read already. Confined to its loop. */
final class Resumed implements Source {
    private final Source rest;
    private Bytes begun;

    Resumed(Bytes begun, Source rest) {
        this.begun = begun;
        this.rest = rest;
    }

    @Override
    public void read(Sink sink) {
        Bytes first = begun;
        if (first.isEmpty()) {
            rest.read(sink);
        } else {
            begun = Bytes.EMPTY;
            sink.chunk(first);
        }
    }

    @Override
    public void cancel() {
        begun = Bytes.EMPTY;
        rest.cancel();
    }
}
