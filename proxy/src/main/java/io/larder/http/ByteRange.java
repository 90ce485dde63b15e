package io.larder.http;

/**
 * A run of octets of a representation (RFC 9110 §14.1.2), counted from 0.
 *
 * @param first its first octet
 * @param last its last octet, itself part of the run
 */
public record ByteRange(long first, long last) {
    public ByteRange {
        if (first < 0 || last < first || last == Long.MAX_VALUE) {
            throw new IllegalArgumentException(first + "-" + last);
        }
    }

    /** How many octets it has: at least one. */
    public long length() {
        return last - first + 1;
    }

    public boolean contains(ByteRange other) {
        return first <= other.first && other.last <= last;
    }

    /** Whether the two have octets in common, or one begins where the other ends. */
    public boolean touches(ByteRange other) {
        return first <= other.last + 1 && other.first <= last + 1;
    }

    /** The shortest run that contains both. */
    public ByteRange spanning(ByteRange other) {
        return new ByteRange(Math.min(first, other.first), Math.max(last, other.last));
    }
}
