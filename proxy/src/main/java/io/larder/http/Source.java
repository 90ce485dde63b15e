package io.larder.http;

/**
 * A body that is still coming. Back pressure is simply not asking.
 *
 * <p>Confined to the loop of its exchange. One {@link #read} is followed by exactly one call on its sink, on that loop,
 * possibly before {@code read} returns: whoever reads in a loop must not recurse (see {@link Pump}). After
 * {@link Sink#end} or {@link Sink#failed} nothing may be asked again. {@link #cancel} may be called at any time, any
 * number of times, and is followed by no further call on a sink.
 */
public interface Source {
    /** Asks for the next chunk, or the end. */
    void read(Sink sink);

    /** Says that nobody wants the rest; what it held is let go. */
    void cancel();

    /** Takes the answer to one {@link Source#read}. */
    interface Sink {
        /** The next octets, never empty. */
        void chunk(Bytes bytes);

        /** The body is complete; {@code trailers} is {@link Headers#EMPTY} where there were none. */
        void end(Headers trailers);

        /** The body broke off: what came so far is not the whole. */
        void failed(Throwable cause);
    }
}
