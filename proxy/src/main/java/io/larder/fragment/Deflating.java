package io.larder.fragment;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/** Content on its way through a {@link Deflater} of its own. Confined to one thread. */
final class Deflating {
    private static final int PIECE = 16 * 1024;

    private final Deflater deflater;
    private final byte[] piece = new byte[PIECE];
    private final List<Bytes> pieces = new ArrayList<>();

    private Deflating(Deflater deflater) {
        this.deflater = deflater;
    }

    /** {@code content} in blocks that end on an octet boundary, none of them the last of a stream. */
    static Bytes blocks(Bytes content, int level) {
        Deflater deflater = new Deflater(level, true);
        try {
            return new Deflating(deflater).all(content);
        } finally {
            deflater.end();
        }
    }

    private Bytes all(Bytes content) {
        for (Bytes.Segment segment : content.segments()) {
            deflater.setInput(segment.array(), segment.offset(), segment.length());
            drain(Deflater.NO_FLUSH);
        }
        drain(Deflater.SYNC_FLUSH);
        return Bytes.concat(pieces).compact();
    }

    /** All that comes: a full piece may not be the last. */
    private void drain(int flush) {
        int count;
        do {
            count = deflater.deflate(piece, 0, PIECE, flush);
            pieces.add(Bytes.of(Arrays.copyOf(piece, count)));
        } while (count == PIECE);
    }
}
