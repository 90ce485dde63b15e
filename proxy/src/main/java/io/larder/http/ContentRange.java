package io.larder.http;

import java.util.Optional;

/**
 * Where in a representation the content of a 206 belongs (RFC 9110 §14.4).
 *
 * @param range which octets it is
 * @param complete how many the whole representation has
 */
public record ContentRange(ByteRange range, long complete) {
    private static final String UNIT = "bytes ";

    public ContentRange {
        if (range.last() >= complete) {
            throw new IllegalArgumentException(range + " of " + complete);
        }
    }

    /**
     * What one field value says, {@code bytes 0-4/10}; empty where it is invalid, in another unit, or leaves open how long
     * the whole is: then nobody can tell what is missing.
     */
    public static Optional<ContentRange> parse(String value) {
        int dash = value.indexOf('-');
        int slash = value.indexOf('/', dash + 1);
        if (!value.regionMatches(true, 0, UNIT, 0, UNIT.length()) || dash < 0 || slash < 0) {
            return Optional.empty();
        }
        long first = Digits.parse(value, UNIT.length(), dash);
        long last = Digits.parse(value, dash + 1, slash);
        long complete = Digits.parse(value, slash + 1, value.length());
        boolean sound = first >= 0 && last >= first && complete > last;
        return sound ? Optional.of(new ContentRange(new ByteRange(first, last), complete)) : Optional.empty();
    }

    /** The value for a 416: no part was sent of a representation that has {@code complete} octets. */
    public static String unsatisfied(long complete) {
        return UNIT + "*/" + complete;
    }

    /** The field value. */
    @Override
    public String toString() {
        return UNIT + range.first() + "-" + range.last() + "/" + complete;
    }
}
