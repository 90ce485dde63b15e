package io.larder.upstream;

import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ChunkedDecoder;
import io.larder.http.Framing;
import io.larder.http.HeadLimits;
import io.larder.http.HeadParser;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.ResponseHead;
import io.larder.http.WebSocket;
import io.larder.netty.Buffers;
import io.larder.netty.HeadScanner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer to one request (RFC 9112 §6.3), however its bytes are split: interim responses, the final head, the
 * body with its framing taken off. Confined to one connection; holds a buffer while a head is incomplete, until
 * {@link #release}.
 */
final class ResponseReader {
    /** Takes interim responses, 100 included, and a 101 that does not switch to what was asked for. */
    interface Interims {
        /**
         * An interim response has come.
         *
         * @throws Malformed when it may not stand here
         */
        void interim(ResponseHead head) throws Malformed;
    }

    private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
    private static final int MANY_PARTS = 32; // more slices than this cost more than one copy

    private final Request request;
    private final UpstreamSettings.Responses settings;
    private final Interims interims;
    private final HeadScanner scanner = new HeadScanner();
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private @Nullable ResponseHead head;
    private Framing framing = Framing.NONE;
    private @Nullable ChunkedDecoder chunks;
    private long remaining;
    private Bytes data = Bytes.EMPTY;
    private boolean begun;
    private boolean done;
    private boolean excess;

    ResponseReader(Request request, UpstreamSettings.Responses settings, Interims interims) {
        this.request = request;
        this.settings = settings;
        this.interims = interims;
    }

    /**
     * Reads all of {@code in}.
     *
     * @throws Malformed when this is no response that can be trusted; nothing may be read from the connection any more
     */
    void read(ByteBuf in) throws Malformed {
        begun = true;
        if (held.isReadable()) {
            held.writeBytes(in);
            advance(held);
            if (head != null || !held.isReadable()) {
                release();
            }
        } else {
            advance(in);
            if (in.isReadable()) {
                held = in.alloc().buffer(in.readableBytes() * 2).writeBytes(in);
            }
        }
    }

    /** Leaves the beginning of an incomplete head in {@code work}; else consumes all of it. */
    private void advance(ByteBuf work) throws Malformed {
        while (head == null) {
            int length = scanner.find(work);
            if (length < 0) {
                checkUnfinished(work);
                return;
            }
            head(Buffers.take(work, length));
        }
        body(work);
        excess |= work.isReadable();
        work.skipBytes(work.readableBytes());
    }

    /** Refuses early what cannot become a head: an HTTP/0.9 answer, say, or one without end. */
    private void checkUnfinished(ByteBuf work) throws Malformed {
        int known = Math.min(work.readableBytes(), VERSION.length);
        for (int i = 0; i < known; i++) {
            if (work.getByte(work.readerIndex() + i) != VERSION[i]) {
                throw new Malformed(502, "the response does not begin with an HTTP/1 status line (RFC 9112 section 4)");
            }
        }
        HeadLimits limits = settings.limits();
        if (work.readableBytes() > limits.whole()) {
            throw new Malformed(502, "the response head is longer than " + limits.whole() + " bytes");
        }
    }

    private void head(byte[] bytes) throws Malformed {
        ResponseHead next = HeadParser.response(bytes, 0, bytes.length, settings.limits());
        if (next.status() == 101 && request.isUpgrade() && WebSocket.isAccepted(request.headers(), next.headers())) {
            framing = new Framing.UntilClose();
            head = next;
            return;
        }
        if (next.status() < 200) {
            interims.interim(next);
            return;
        }
        framing = Framing.ofResponse(request.method(), next, settings.unknownCodingToClose());
        switch (framing) {
            case Framing.None none -> done = true;
            case Framing.Exactly exactly -> remaining = exactly.length();
            case Framing.Chunked chunked -> chunks = new ChunkedDecoder(settings.limits());
            case Framing.UntilClose untilClose -> {}
        }
        head = next;
    }

    private void body(ByteBuf work) throws Malformed {
        if (done || !work.isReadable()) {
            return;
        }
        if (chunks != null) {
            chunked(chunks, work);
        } else if (framing instanceof Framing.Exactly) {
            int length = (int) Math.min(remaining, work.readableBytes());
            append(Bytes.of(Buffers.take(work, length)));
            remaining -= length;
            done = remaining == 0;
        } else {
            append(Bytes.of(Buffers.take(work, work.readableBytes())));
        }
    }

    private void chunked(ChunkedDecoder decoder, ByteBuf work) throws Malformed {
        byte[] coded = Buffers.take(work, work.readableBytes());
        List<Bytes> parts = new ArrayList<>(2);
        int consumed = decoder.decode(coded, 0, coded.length, parts::add);
        Bytes decoded = parts.size() == 1 ? parts.get(0) : Bytes.concat(parts);
        append(parts.size() > MANY_PARTS ? decoded.compact() : decoded);
        done = decoder.isDone();
        excess |= consumed < coded.length;
    }

    private void append(Bytes more) {
        data = data.isEmpty() ? more : Bytes.concat(List.of(data, more));
    }

    /** The connection has been closed by the server in good order: answers whether that ends the response well. */
    boolean endsNow() {
        done |= head != null && framing instanceof Framing.UntilClose;
        return done;
    }

    /** The final head, once it has been read. */
    @Nullable
    ResponseHead head() {
        return head;
    }

    /** How the body ends; meaningless before the head. */
    Framing framing() {
        return framing;
    }

    /** The body bytes that have come since this was last asked. */
    Bytes takeData() {
        Bytes taken = data;
        data = Bytes.EMPTY;
        return taken;
    }

    Headers trailers() {
        return chunks == null ? Headers.EMPTY : chunks.trailers();
    }

    /** Whether any byte has come. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the response is complete. */
    boolean isDone() {
        return done;
    }

    /** The bytes that the body still lacks, or {@link Body#UNKNOWN}. */
    long remaining() {
        return framing instanceof Framing.Exactly ? remaining : Body.UNKNOWN;
    }

    /**
     * Whether another request may follow on the connection: the response is complete, nothing came after it, the
     * server means to keep the connection, and the framing leaves no doubt (RFC 9112 §6.3, §9.3).
     */
    boolean leavesConnectionUsable() {
        return done
                && !excess
                && head != null
                && ResponseFields.isPersistent(head)
                && !(framing instanceof Framing.UntilClose);
    }

    /** Lets go of what is held. */
    void release() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }
}
