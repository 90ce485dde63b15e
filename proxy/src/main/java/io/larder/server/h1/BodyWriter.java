package io.larder.server.h1;

import io.larder.exchange.Failure;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import io.larder.http.Trailers;
import io.larder.netty.Buffers;
import io.larder.server.connection.Delimitation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;

/** Writes content that is still coming, asking for more only while the client takes it. One a response. */
final class BodyWriter implements Pump.Taker, ChannelFutureListener {
    /** How it ended. */
    interface End {
        /** All of it is with the kernel. */
        void written();

        /** It broke off; the client must not take what it got for the whole. */
        void broken(Throwable cause);
    }

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};

    private final Outbox outbox;
    private final Delimitation delimitation;
    private final boolean takesTrailers;
    private final End end;
    private final Pump pump;
    private long sent;

    /** @param takesTrailers whether the client said that it wants trailers (RFC 9110 §6.5.1) */
    BodyWriter(Outbox outbox, Source source, Delimitation delimitation, boolean takesTrailers, End end) {
        this.outbox = outbox;
        this.delimitation = delimitation;
        this.takesTrailers = takesTrailers;
        this.end = end;
        this.pump = new Pump(source, this);
    }

    /** Goes on; called at the start and whenever the client takes bytes again. */
    void resume() {
        pump.resume();
    }

    /** Stops, and lets the source go. */
    void cancel() {
        pump.cancel();
    }

    /** Octets of content written so far. */
    long sent() {
        return sent;
    }

    @Override
    public boolean chunk(Bytes bytes) {
        sent += bytes.length();
        if (delimitation instanceof Delimitation.Length declared && sent > declared.length()) {
            sent -= bytes.length();
            pump.cancel();
            end.broken(new Failure(Failure.Kind.PROTOCOL_ERROR, "the content is longer than its declared length"));
            return false;
        }
        int length = Math.toIntExact(bytes.length());
        ByteBuf out = outbox.buffer(length + 12);
        if (delimitation instanceof Delimitation.Chunks) {
            out.writeCharSequence(Integer.toHexString(length), StandardCharsets.US_ASCII);
            out.writeBytes(CRLF);
            Buffers.copy(bytes, out);
            out.writeBytes(CRLF);
        } else {
            Buffers.copy(bytes, out);
        }
        outbox.write(out);
        return outbox.isWritable();
    }

    @Override
    public void end(Headers trailers) {
        if (delimitation instanceof Delimitation.Length declared && sent < declared.length()) {
            end.broken(
                    new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the content is shorter than its declared length"));
            return;
        }
        outbox.writeLast(
                delimitation instanceof Delimitation.Chunks ? lastChunk(trailers) : Unpooled.EMPTY_BUFFER, this);
    }

    private ByteBuf lastChunk(Headers trailers) {
        Headers passed = takesTrailers ? Trailers.allowed(trailers) : Headers.EMPTY;
        ByteBuf out = outbox.buffer(passed.weight() + 8).writeBytes(LAST_CHUNK);
        Buffers.copy(passed, out);
        return out.writeBytes(CRLF);
    }

    @Override
    public void failed(Throwable cause) {
        end.broken(cause);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        if (future.isSuccess()) {
            end.written();
        }
    }
}
