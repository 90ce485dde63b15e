package io.larder.server.h2;

/**
 * The streams that ended last on a connection, and how: what still comes for one that we reset was on its way, what comes
 * for another is a fault (RFC 9113 §5.1). Confined to its loop.
 */
final class ClosedStreams {
    private static final int REMEMBERED = 128; // more than can be open at once
    private static final int RESET = 1 << 31;

    private final int[] ids = new int[REMEMBERED];
    private int next;

    /** @param reset whether we reset it */
    void add(int stream, boolean reset) {
        ids[next] = reset ? stream | RESET : stream;
        next = (next + 1) % REMEMBERED;
    }

    /** Whether {@code stream} ended of late, and not by our reset. */
    boolean hasEnded(int stream) {
        return contains(stream);
    }

    /** Whether we reset {@code stream} of late. */
    boolean wasReset(int stream) {
        return contains(stream | RESET);
    }

    private boolean contains(int id) {
        for (int each : ids) {
            if (each == id) {
                return true;
            }
        }
        return false;
    }
}
