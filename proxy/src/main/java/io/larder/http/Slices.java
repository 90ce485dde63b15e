package io.larder.http;

import java.util.List;

/** Content that is all here, handed out piece by piece, so that a slow client holds no more of it than one piece. */
public final class Slices implements Source {
    private static final int PIECE = 64 * 1024;

    private final List<Bytes.Segment> segments;
    private final Headers trailers;
    private int segment;
    private int offset; // in that segment

    public Slices(Bytes bytes) {
        this(bytes, Headers.EMPTY);
    }

    public Slices(Bytes bytes, Headers trailers) {
        this.segments = bytes.segments();
        this.trailers = trailers;
    }

    @Override
    public void read(Sink sink) {
        if (segment == segments.size()) {
            sink.end(trailers);
            return;
        }
        Bytes.Segment current = segments.get(segment);
        int length = Math.min(PIECE, current.length() - offset);
        Bytes piece = Bytes.of(current.array(), current.offset() + offset, length);
        offset += length;
        if (offset == current.length()) {
            segment++;
            offset = 0;
        }
        sink.chunk(piece);
    }

    @Override
    public void cancel() {
        segment = segments.size();
    }
}
