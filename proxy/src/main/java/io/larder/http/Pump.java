package io.larder.http;

/**
 * Reads a {@link Source} to its end without growing the stack, however promptly it answers. Confined to one loop.
 *
 * <p>After each chunk it stops when {@link Taker#chunk} answers false, until {@link #resume}.
 */
public final class Pump implements Source.Sink {
    /** Takes what is pumped. */
    public interface Taker {
        /** Takes the next octets; answers whether more may come now. */
        boolean chunk(Bytes bytes);

        void end(Headers trailers);

        void failed(Throwable cause);
    }

    private final Source source;
    private final Taker taker;
    private boolean wanted;
    private boolean awaiting;
    private boolean looping;
    private boolean over;

    public Pump(Source source, Taker taker) {
        this.source = source;
        this.taker = taker;
    }

    /** Goes on reading; does nothing when it is reading already, or over. */
    public void resume() {
        wanted = true;
        if (looping) {
            return;
        }
        looping = true;
        while (wanted && !awaiting && !over) {
            awaiting = true;
            source.read(this);
        }
        looping = false;
    }

    /** Stops for good and lets the source go. */
    public void cancel() {
        if (!over) {
            over = true;
            source.cancel();
        }
    }

    @Override
    public void chunk(Bytes bytes) {
        awaiting = false;
        if (over) {
            return;
        }
        wanted = false;
        if (taker.chunk(bytes)) {
            resume();
        }
    }

    @Override
    public void end(Headers trailers) {
        awaiting = false;
        if (!over) {
            over = true;
            taker.end(trailers);
        }
    }

    @Override
    public void failed(Throwable cause) {
        awaiting = false;
        if (!over) {
            over = true;
            taker.failed(cause);
        }
    }
}
