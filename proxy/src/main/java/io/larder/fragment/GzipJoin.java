package io.larder.fragment;

import io.larder.http.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Joins parts to one gzip stream (RFC 1952) without compressing anything: its head, the parts' octets in their order, its
 * end. Confined to one thread.
 */
public final class GzipJoin {
    /** The octets that a stream has besides its parts'. */
    public static final int FRAME = 20;

    /** DEFLATE; no flags, no time; nothing said of how it was compressed, and on what system (RFC 1952 §2.3.1). */
    private static final Bytes HEAD = Bytes.of(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});

    /** The last block, of which nothing but its end is there: three bits, and seven of fixed code (RFC 1951 §3.2.6). */
    private static final short LAST_BLOCK = 0x0003;

    private int crc; // of nothing: 0
    private long length;

    /** What the stream begins with. */
    public Bytes start() {
        return HEAD;
    }

    /** What {@code part} adds to the stream. */
    public Bytes add(GzipPart part) {
        crc = part.checksum().after(crc);
        length += part.length();
        return part.blocks();
    }

    /** What the stream ends with, once every part has been added: the last block, the CRC-32, the length modulo 2^32. */
    public Bytes finish() {
        ByteBuffer end = ByteBuffer.allocate(FRAME / 2).order(ByteOrder.LITTLE_ENDIAN);
        end.putShort(LAST_BLOCK).putInt(crc).putInt((int) length);
        return Bytes.of(end.array());
    }
}
