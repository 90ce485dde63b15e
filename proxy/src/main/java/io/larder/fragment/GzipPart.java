package io.larder.fragment;

import io.larder.http.Bytes;

/**
 * Some content, compressed so that it can stand in a gzip stream between others: raw DEFLATE blocks (RFC 1951) that end on an
 * octet boundary, none of them the last of a stream, none referring to anything outside. Immutable, and good for any number
 * of streams.
 */
public final class GzipPart {
    private static final int SHORTEST = 64; // octets that may be worth compressing: the flush alone takes five
    private static final int OWN = 72; // this, its checksum, and the head of the octets
    private static final int SEGMENT = 56;

    private final Bytes blocks;
    private final Checksum checksum;

    private GzipPart(Bytes blocks, Checksum checksum) {
        this.blocks = blocks;
        this.checksum = checksum;
    }

    /**
     * Compresses {@code content}. What is short, or does not shrink, is stored as it is, and shares the content's segments.
     * Takes its time, so it is nothing for a loop.
     *
     * @param level as {@link java.util.zip.Deflater} knows it, from 0 to 9, or -1
     */
    public static GzipPart of(Bytes content, int level) {
        Checksum checksum = Checksum.of(content);
        Bytes stored = StoredBlocks.of(content);
        if (content.length() < SHORTEST) {
            return new GzipPart(stored, checksum);
        }
        Bytes deflated = Deflating.blocks(content, level);
        return new GzipPart(deflated.length() < stored.length() ? deflated : stored, checksum);
    }

    /** {@code content} as it is, whose segments it shares. */
    public static GzipPart stored(Bytes content) {
        return new GzipPart(StoredBlocks.of(content), Checksum.of(content));
    }

    /** What stands in the stream. */
    public Bytes blocks() {
        return blocks;
    }

    /** The octets of the content. */
    public long length() {
        return checksum.length();
    }

    /** The CRC-32 of the content. */
    public int crc() {
        return checksum.crc();
    }

    Checksum checksum() {
        return checksum;
    }

    /** Heap bytes that it keeps alive, those that it shares with the content included. */
    public long weight() {
        return OWN + blocks.length() + (long) SEGMENT * blocks.segments().size();
    }
}
