package io.larder.gateway;

import io.larder.http.Source;

/**
 * A request body that an attempt which has read none of it cannot cancel, so that the next one finds it whole. Confined to
 * its loop.
 */
final class Untouched implements Source {
    private final Source body;
    private boolean touched;

    Untouched(Source body) {
        this.body = body;
    }

    boolean isTouched() {
        return touched;
    }

    /** Lets go of the body if nobody has touched it, and nobody will. */
    void release() {
        if (!touched) {
            body.cancel();
        }
    }

    @Override
    public void read(Sink sink) {
        touched = true;
        body.read(sink);
    }

    @Override
    public void cancel() {
        if (touched) {
            body.cancel();
        }
    }
}
