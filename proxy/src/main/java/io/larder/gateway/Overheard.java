package io.larder.gateway;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Source;
import java.util.function.Consumer;

/** A body that somebody else listens to, at its reader's pace. Confined to its reader's loop. */
final class Overheard implements Source {
    /** Is told how it ended. */
    interface End {
        /**
         * It is over.
         *
         * @param whole whether all of it was heard
         */
        void reached(boolean whole);
    }

    private final Source source;
    private final Consumer<Bytes> listener;
    private final End end;
    private boolean over;

    Overheard(Source source, Consumer<Bytes> listener, End end) {
        this.source = source;
        this.listener = listener;
        this.end = end;
    }

    @Override
    public void read(Sink sink) {
        source.read(new Sink() {
            @Override
            public void chunk(Bytes bytes) {
                listener.accept(bytes);
                sink.chunk(bytes);
            }

            @Override
            public void end(Headers trailers) {
                finish(true);
                sink.end(trailers);
            }

            @Override
            public void failed(Throwable cause) {
                finish(false);
                sink.failed(cause);
            }
        });
    }

    @Override
    public void cancel() {
        finish(false);
        source.cancel();
    }

    private void finish(boolean whole) {
        if (!over) {
            over = true;
            end.reached(whole);
        }
    }
}
