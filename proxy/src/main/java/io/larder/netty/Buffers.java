package io.larder.netty;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;

/** The door between reference-counted buffers and bytes that the collector owns. */
public final class Buffers {
    private Buffers() {}

    /** A copy of the next {@code length} bytes of {@code in}, which are consumed. */
    public static byte[] take(ByteBuf in, int length) {
        byte[] copy = ByteBufUtil.getBytes(in, in.readerIndex(), length, true);
        in.skipBytes(length);
        return copy;
    }

    /** A buffer over {@code bytes}, without a copy. */
    public static ByteBuf wrap(Bytes bytes) {
        List<Bytes.Segment> segments = bytes.segments();
        ByteBuf[] parts = new ByteBuf[segments.size()];
        for (int i = 0; i < parts.length; i++) {
            Bytes.Segment s = segments.get(i);
            parts[i] = Unpooled.wrappedBuffer(s.array(), s.offset(), s.length());
        }
        return Unpooled.wrappedBuffer(parts.length, parts);
    }

    /** Appends {@code fields}, as they go on the wire, to {@code out}. */
    public static void copy(Headers fields, ByteBuf out) {
        Headers wire = fields.wire();
        out.writeBytes(wire.wireArray(), wire.wireStart(), wire.wireLength());
    }

    /** Appends {@code bytes} to {@code out}. */
    public static void copy(Bytes bytes, ByteBuf out) {
        List<Bytes.Segment> segments = bytes.segments();
        for (int i = 0; i < segments.size(); i++) { // an iterator would be an object for each hit
            Bytes.Segment s = segments.get(i);
            out.writeBytes(s.array(), s.offset(), s.length());
        }
    }

    /**
     * All bytes of {@code first}, then all of {@code second}, in one buffer, which the caller owns instead of the two.
     */
    public static ByteBuf append(ByteBufAllocator allocator, ByteBuf first, ByteBuf second) {
        ByteBuf whole = first;
        try {
            if (first.isReadOnly() || first.maxCapacity() - first.writerIndex() < second.readableBytes()) {
                whole = allocator.directBuffer(first.readableBytes() + second.readableBytes());
                whole.writeBytes(first);
                first.release();
            } else {
                first.discardSomeReadBytes();
            }
            return whole.writeBytes(second);
        } finally {
            second.release();
        }
    }

    /** Direct memory that the buffer allocator holds, in bytes; zero where it does not say. */
    public static long directMemory() {
        return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider counting
                ? counting.metric().usedDirectMemory()
                : 0;
    }
}
