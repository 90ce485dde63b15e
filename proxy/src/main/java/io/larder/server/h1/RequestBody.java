package io.larder.server.h1;

import io.larder.exchange.Failure;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Source;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The content of one request on its way from the socket to whoever asks for it: bytes stay on the connection until they
 * are asked for. Confined to the connection's loop.
 */
final class RequestBody implements Source {
    /** What the body needs of its connection. */
    interface Supply {
        /** Something was asked for: feed what there is. */
        void asked();

        /** The client may be waiting for a 100 before it sends its content (RFC 9110 §10.1.1). */
        void invite();

        /** Whether the client has ended its sending. */
        boolean isOver();
    }

    /** Of all requests without content, on all loops: it is complete, so nobody reads, drops or asks for it. */
    private static final RequestBody NONE = new RequestBody(Content.NONE, 0, false, new Supply() {
        @Override
        public void asked() {}

        @Override
        public void invite() {}

        @Override
        public boolean isOver() {
            return true;
        }
    });

    private final Content content;
    private final long limit;
    private final Supply supply;
    private boolean awaitsContinue;
    private @Nullable Sink asking;
    private @Nullable Failure failure;
    private long received;

    /**
     * The body of a request.
     *
     * @param limit octets of content: more are too many
     * @param awaitsContinue whether the client sends it when it is told to
     */
    static RequestBody of(Content content, long limit, boolean awaitsContinue, Supply supply) {
        return content == Content.NONE && !awaitsContinue
                ? NONE
                : new RequestBody(content, limit, awaitsContinue, supply);
    }

    private RequestBody(Content content, long limit, boolean awaitsContinue, Supply supply) {
        this.content = content;
        this.limit = limit;
        this.awaitsContinue = awaitsContinue;
        this.supply = supply;
    }

    @Override
    public void read(Sink sink) {
        if (failure != null) {
            sink.failed(failure);
            return;
        }
        asking = sink;
        supply.asked();
    }

    @Override
    public void cancel() {
        asking = null;
    }

    /** Whether somebody waits for the next octets. */
    boolean isAsked() {
        return asking != null;
    }

    /** Whether all of it has been taken off the connection, and rightly so. */
    boolean isComplete() {
        return content.isDone() && failure == null;
    }

    /** Octets of content taken so far. */
    long received() {
        return received;
    }

    /** Whether what is left may be read and dropped, so that the connection can live on. */
    boolean isDroppable(long most) {
        return failure == null && !awaitsContinue && content.owed() <= most;
    }

    /**
     * Gives whoever asks the next octets out of {@code in}, the end, or a failure.
     *
     * @return false when nothing could be given: more bytes are needed
     */
    boolean feed(ByteBuf in) {
        if (awaitsContinue) {
            awaitsContinue = false;
            if (!in.isReadable()) {
                supply.invite();
            }
        }
        try {
            Bytes piece = content.take(in);
            while (piece.isEmpty() && in.isReadable() && !content.isDone()) {
                piece = content.take(in);
            }
            return piece.isEmpty() ? atStandstill() : give(piece);
        } catch (Malformed broken) {
            fail(failure(broken));
            return true;
        }
    }

    private boolean atStandstill() {
        if (content.isDone() && !content.endsWithInput()) {
            answer().end(content.trailers());
            return true;
        }
        if (supply.isOver() && content.endsWithInput()) {
            answer().end(Headers.EMPTY);
            return true;
        }
        if (supply.isOver()) {
            fail(new Failure(Failure.Kind.REQUEST_ERROR, "the client ended its request before it was complete"));
            return true;
        }
        return false;
    }

    private boolean give(Bytes piece) throws Malformed {
        received += piece.length();
        if (received > limit) {
            throw new Malformed(413, "the content is longer than " + limit + " bytes");
        }
        answer().chunk(piece);
        return true;
    }

    private Sink answer() {
        Sink sink = asking;
        asking = null;
        if (sink == null) {
            throw new IllegalStateException("nobody asked");
        }
        return sink;
    }

    /**
     * Takes what of the content is in {@code in}, for nobody.
     *
     * @return how many octets that was
     */
    long drop(ByteBuf in) throws Malformed {
        long dropped = 0;
        while (in.isReadable() && !content.isDone()) {
            dropped += content.take(in).length();
        }
        received += dropped;
        return dropped;
    }

    /** Whether all of it has been taken off the connection, by whomever. */
    boolean isTaken() {
        return content.isDone();
    }

    /** Breaks the body off, for good; does nothing more once it has failed. */
    void fail(Failure why) {
        if (failure == null && this != NONE) {
            failure = why;
            if (asking != null) {
                answer().failed(why);
            }
        }
    }

    private static Failure failure(Malformed broken) {
        Failure.Kind kind = broken.status() == 413 ? Failure.Kind.REQUEST_TOO_LARGE : Failure.Kind.REQUEST_ERROR;
        return new Failure(kind, broken.reason());
    }
}
