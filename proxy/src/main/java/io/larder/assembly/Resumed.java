package io.larder.assembly;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Slices;
import io.larder.http.Source;

/** A body whose beginning was read already, and is handed out piece by piece. Confined to its loop. */
final class Resumed implements Source {
    private final Source begun;
    private final Source rest;
    private boolean past;

    Resumed(Bytes begun, Source rest) {
        this.begun = new Slices(begun);
        this.rest = rest;
    }

    @Override
    public void read(Sink sink) {
        if (past) {
            rest.read(sink);
        } else {
            begun.read(new Before(sink));
        }
    }

    /** Goes on with the rest where the beginning ends. */
    private final class Before implements Sink {
        private final Sink sink;

        Before(Sink sink) {
            this.sink = sink;
        }

        @Override
        public void chunk(Bytes bytes) {
            sink.chunk(bytes);
        }

        @Override
        public void end(Headers trailers) {
            past = true;
            rest.read(sink);
        }

        @Override
        public void failed(Throwable cause) {
            sink.failed(cause);
        }
    }

    @Override
    public void cancel() {
        begun.cancel();
        rest.cancel();
    }
}
