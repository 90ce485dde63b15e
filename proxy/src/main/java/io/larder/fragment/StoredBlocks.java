package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;

/** DEFLATE blocks without compression (RFC 1951 §3.2.4): a head of five octets each, and the content itself. */
final class StoredBlocks {
    private static final int LONGEST = 0xffff; // octets of content in a block

    private StoredBlocks() {}

    /** {@code content}, whose segments are shared, in blocks of which none is the last of a stream. */
    static Bytes of(Bytes content) {
        List<Bytes> blocks = new ArrayList<>();
        for (Bytes.Segment segment : content.segments()) {
            for (int at = 0; at < segment.length(); at += LONGEST) {
                int length = Math.min(LONGEST, segment.length() - at);
                blocks.add(head(length));
                blocks.add(Bytes.of(segment.array(), segment.offset() + at, length));
            }
        }
        return Bytes.concat(blocks);
    }

    /** No last block, no compression, and what fills the octet; the length, and its complement. */
    private static Bytes head(int length) {
        byte low = (byte) length;
        byte high = (byte) (length >>> 8);
        return Bytes.of(new byte[] {0, low, high, (byte) ~low, (byte) ~high});
    }
}
