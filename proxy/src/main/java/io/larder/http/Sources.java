package io.larder.http;

/** Ready-made sources. */
public final class Sources {
    private Sources() {}

    /** A source of bytes that are here already, in one chunk. */
    public static Source of(Bytes bytes) {
        return new Source() {
            private boolean given = bytes.isEmpty();

            @Override
            public void read(Sink sink) {
                if (given) {
                    sink.end(Headers.EMPTY);
                } else {
                    given = true;
                    sink.chunk(bytes);
                }
            }

            @Override
            public void cancel() {}
        };
    }
}
