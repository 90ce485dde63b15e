package io.larder.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A sequence of octets that nobody changes: heap segments that the collector owns, shared freely between threads.
 *
 * <p>Large bodies stay in the segments they arrived in (at most {@link #SEGMENT} bytes when built here), so that no
 * humongous array and no final copy is ever made.
 */
public final class Bytes {
    /** The largest segment that Larder allocates, in bytes. */
    public static final int SEGMENT = 256 * 1024;

    public static final Bytes EMPTY = new Bytes(List.of(), 0);

    /** A run of octets inside an array that is never written to again. Identity, not content, makes two of them equal. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Segment(byte[] array, int offset, int length) {}

    private final List<Segment> segments;
    private final long length;

    private Bytes(List<Segment> segments, long length) {
        this.segments = segments;
        this.length = length;
    }

    /** All of {@code array}, which the caller must not write to again. */
    public static Bytes of(byte[] array) {
        return of(array, 0, array.length);
    }

    /** A run of {@code array}, which the caller must not write to again. */
    public static Bytes of(byte[] array, int offset, int length) {
        return length == 0 ? EMPTY : new Bytes(List.of(new Segment(array, offset, length)), length);
    }

    /** The UTF-8 form of {@code text}. */
    public static Bytes utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All parts one after the other, sharing their segments. */
    public static Bytes concat(List<Bytes> parts) {
        List<Segment> all = new ArrayList<>();
        long total = 0;
        for (Bytes part : parts) {
            all.addAll(part.segments);
            total += part.length;
        }
        return total == 0 ? EMPTY : new Bytes(List.copyOf(all), total);
    }

    public long length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public List<Segment> segments() {
        return segments;
    }

    /** The octets from {@code from} (inclusive) to {@code to} (exclusive), sharing the segments. */
    public Bytes slice(long from, long to) {
        if (from < 0 || to < from || to > length) {
            throw new IndexOutOfBoundsException(from + ".." + to + " of " + length);
        }
        List<Segment> cut = new ArrayList<>();
        long at = 0;
        for (Segment s : segments) {
            long start = Math.max(from, at);
            long end = Math.min(to, at + s.length());
            if (start < end) {
                cut.add(new Segment(s.array(), s.offset() + (int) (start - at), (int) (end - start)));
            }
            at += s.length();
        }
        return new Bytes(List.copyOf(cut), to - from);
    }

    /**
     * The same octets in arrays that hold nothing else: what a cache should keep, so that a small slice never pins the
     * buffer it was read into.
     */
    public Bytes compact() {
        if (segments.stream().allMatch(s -> s.length() == s.array().length)
                && segments.size() <= 1 + length / SEGMENT) {
            return this;
        }
        List<Segment> dense = new ArrayList<>();
        for (long at = 0; at < length; at += SEGMENT) {
            byte[] array = slice(at, Math.min(length, at + SEGMENT)).toArray();
            dense.add(new Segment(array, 0, array.length));
        }
        return new Bytes(List.copyOf(dense), length);
    }

    /** A copy in one array. */
    public byte[] toArray() {
        byte[] whole = new byte[Math.toIntExact(length)];
        int at = 0;
        for (Segment s : segments) {
            System.arraycopy(s.array(), s.offset(), whole, at, s.length());
            at += s.length();
        }
        return whole;
    }

    public String toUtf8() {
        return new String(toArray(), StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && that.length == length && Arrays.equals(toArray(), that.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toArray());
    }

    @Override
    public String toString() {
        return "Bytes[" + length + "]";
    }
}
