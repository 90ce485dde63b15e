package io.larder.policy;

import io.larder.http.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Cuts octets from their beginning to their end: each segment is come by once, however many pieces there are. */
final class Knife {
    private final List<Bytes.Segment> segments;
    private int index; // of the segment that is being cut
    private int used; // octets of it that are gone
    private long at;

    Knife(Bytes whole) {
        segments = whole.segments();
    }

    /** What lies between the last cut and {@code to}, sharing the segments. */
    Bytes cut(long to) {
        List<Bytes> piece = new ArrayList<>();
        while (at < to) {
            Bytes.Segment segment = segments.get(index);
            int length = (int) Math.min(to - at, segment.length() - used);
            piece.add(Bytes.of(segment.array(), segment.offset() + used, length));
            advance(length, segment.length());
        }
        return Bytes.concat(piece);
    }

    private void advance(int length, int whole) {
        at += length;
        used += length;
        if (used == whole) {
            index++;
            used = 0;
        }
    }
}
