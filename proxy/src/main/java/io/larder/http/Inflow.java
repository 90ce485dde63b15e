package io.larder.http;

import java.util.List;

/**
 * A body that a peer sends, between the connection it comes on and whoever asks for it. Confined to the exchange's loop.
 * What arrives unasked (a closing peer's last bytes, what a window allows) waits here.
 */
public final class Inflow implements Source {
    /** Where the bytes come from. */
    public interface Origin {
        /** More bytes are wanted. */
        void wanted();

        /** The rest is not wanted. */
        void abandoned();
    }

    private sealed interface Ending {}

    private record Open() implements Ending {}

    private record Ended(Headers trailers) implements Ending {}

    private record Failed(Throwable cause) implements Ending {}

    private record Cancelled() implements Ending {}

    private static final Ending OPEN = new Open();
    private static final Ending CANCELLED = new Cancelled();

    private static final Sink NOBODY = new Sink() {
        @Override
        public void chunk(Bytes bytes) {}

        @Override
        public void end(Headers trailers) {}

        @Override
        public void failed(Throwable cause) {}
    };

    private final Origin origin;
    private Bytes ready = Bytes.EMPTY;
    private Ending ending = OPEN;
    private Sink waiting = NOBODY;

    public Inflow(Origin origin) {
        this.origin = origin;
    }

    @Override
    public void read(Sink sink) {
        if (ending instanceof Cancelled) {
            return;
        }
        waiting = sink;
        if (ready.isEmpty() && ending instanceof Open) {
            origin.wanted();
        } else {
            answer();
        }
    }

    @Override
    public void cancel() {
        boolean open = ending instanceof Open;
        ending = CANCELLED;
        ready = Bytes.EMPTY;
        waiting = NOBODY;
        if (open) {
            origin.abandoned();
        }
    }

    /** Whether somebody has asked and not been answered. */
    public boolean isAwaited() {
        return waiting != NOBODY;
    }

    /** More has come. */
    public void put(Bytes more) {
        if (ending instanceof Open && !more.isEmpty()) {
            ready = ready.isEmpty() ? more : Bytes.concat(List.of(ready, more));
            answer();
        }
    }

    /** It is complete. */
    public void end(Headers trailers) {
        close(new Ended(trailers));
    }

    /** It has broken off. */
    public void fail(Throwable cause) {
        close(new Failed(cause));
    }

    private void close(Ending how) {
        if (ending instanceof Open) {
            ending = how;
            answer();
        }
    }

    private void answer() {
        if (!isAwaited()) {
            return;
        }
        Sink sink = waiting;
        waiting = NOBODY;
        if (!ready.isEmpty()) {
            Bytes chunk = ready;
            ready = Bytes.EMPTY;
            sink.chunk(chunk);
            return;
        }
        switch (ending) {
            case Ended ended -> sink.end(ended.trailers());
            case Failed failed -> sink.failed(failed.cause());
            case Open open -> waiting = sink;
            case Cancelled cancelled -> {}
        }
    }
}
