package io.larder.server.h1;

import io.larder.http.Bytes;
import io.larder.http.ChunkedDecoder;
import io.larder.http.Framing;
import io.larder.http.HeadLimits;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Trailers;
import io.larder.netty.Buffers;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Takes one request's content out of what a connection has received. Confined to its connection. */
sealed interface Content {
    /** The most that is taken at once, in bytes of the wire. */
    int PIECE = 64 * 1024;

    /** Of a request without any: nothing about it ever changes. */
    Content NONE = new Counted(0);

    /** What is owed to {@code framing}. */
    static Content of(Framing framing, HeadLimits limits) {
        return switch (framing) {
            case Framing.None none -> NONE;
            case Framing.Exactly exactly -> new Counted(exactly.length());
            case Framing.Chunked chunked -> new Chunked(limits);
            case Framing.UntilClose untilClose -> throw new IllegalArgumentException("not a request's framing");
        };
    }

    /**
     * The next octets of the content, as far as they have come; empty where more bytes are needed, or at the end.
     *
     * @throws Malformed when the framing is broken: nothing may be read from the connection any more
     */
    Bytes take(ByteBuf in) throws Malformed;

    /** Whether all of it, its framing included, has been taken. */
    boolean isDone();

    /** The most that is still to come, in bytes, where that is known; else {@link Long#MAX_VALUE}. */
    long owed();

    /** The trailers that may be passed on, once it is done. */
    Headers trailers();

    /** Whether the end of what the client sends is its end, and not a fault. */
    boolean endsWithInput();

    /** All that comes, on a connection that is no longer HTTP. */
    final class Raw implements Content {
        private boolean begun;

        @Override
        public Bytes take(ByteBuf in) {
            begun = true;
            int length = Math.min(PIECE, in.readableBytes());
            return length == 0 ? Bytes.EMPTY : Bytes.of(Buffers.take(in, length));
        }

        /** Before the connection is switched, nothing belongs to it: what comes may be the next request. */
        @Override
        public boolean isDone() {
            return !begun;
        }

        @Override
        public long owed() {
            return begun ? Long.MAX_VALUE : 0;
        }

        @Override
        public Headers trailers() {
            return Headers.EMPTY;
        }

        @Override
        public boolean endsWithInput() {
            return true;
        }
    }

    /** Content that was announced with its length. */
    final class Counted implements Content {
        private long owed;

        Counted(long length) {
            this.owed = length;
        }

        @Override
        public Bytes take(ByteBuf in) {
            int length = (int) Math.min(Math.min(owed, PIECE), in.readableBytes());
            owed -= length;
            return length == 0 ? Bytes.EMPTY : Bytes.of(Buffers.take(in, length));
        }

        @Override
        public boolean isDone() {
            return owed == 0;
        }

        @Override
        public long owed() {
            return owed;
        }

        @Override
        public Headers trailers() {
            return Headers.EMPTY;
        }

        @Override
        public boolean endsWithInput() {
            return false;
        }
    }

    /** Content in chunks. */
    final class Chunked implements Content {
        private static final int MANY = 16; // chunks in one piece: past it a copy is cheaper than the list

        private final ChunkedDecoder decoder;
        private final List<Bytes> chunks = new ArrayList<>();

        Chunked(HeadLimits limits) {
            this.decoder = new ChunkedDecoder(limits);
        }

        @Override
        public Bytes take(ByteBuf in) throws Malformed {
            int readable = Math.min(PIECE, in.readableBytes());
            if (readable == 0 || decoder.isDone()) {
                return Bytes.EMPTY;
            }
            int start = in.readerIndex();
            byte[] bytes = Buffers.take(in, readable);
            chunks.clear();
            int taken = decoder.decode(bytes, 0, readable, chunks::add);
            in.readerIndex(start + taken);
            Bytes piece = Bytes.concat(chunks);
            return chunks.size() > MANY ? Bytes.of(piece.toArray()) : piece;
        }

        @Override
        public boolean isDone() {
            return decoder.isDone();
        }

        @Override
        public long owed() {
            return decoder.isDone() ? 0 : Long.MAX_VALUE;
        }

        @Override
        public Headers trailers() {
            return Trailers.allowed(decoder.trailers());
        }

        @Override
        public boolean endsWithInput() {
            return false;
        }
    }
}
