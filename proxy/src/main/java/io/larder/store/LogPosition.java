package io.larder.store;

/**
 * The id of an entry in a Redis stream, as one number that keeps their order: milliseconds, and in the lowest 20 bits the
 * count within one. Good until the year 2248, and for a million entries within the same millisecond.
 */
final class LogPosition {
    private static final int COUNT_BITS = 20;
    private static final long MOST = (1L << COUNT_BITS) - 1;

    private LogPosition() {}

    /**
     * The number for an id such as {@code 1732270000000-0}.
     *
     * @throws IllegalArgumentException when it is none, or cannot be told from others
     */
    static long of(String id) {
        int dash = id.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("not the id of an entry: " + id);
        }
        long millis = Long.parseLong(id, 0, dash, 10);
        long count = Long.parseLong(id, dash + 1, id.length(), 10);
        if (count > MOST || millis < 0 || millis > Long.MAX_VALUE >> COUNT_BITS) {
            throw new IllegalArgumentException("an id out of all bounds: " + id);
        }
        return millis << COUNT_BITS | count;
    }

    /** The id for a number. */
    static String id(long position) {
        return (position >> COUNT_BITS) + "-" + (position & MOST);
    }
}
