package io.larder.assembly;

/** What one page holds of the {@link Room} of all. Confined to its loop. */
final class Held {
    private final Room room;
    private long bytes;
    private boolean over;

    Held(Room room) {
        this.room = room;
    }

    /** Takes so many bytes more; false where there are none, or nothing is held any more. */
    boolean take(long more) {
        if (over || !room.take(more)) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** Whether there is nothing to give back. */
    boolean isNothing() {
        return bytes == 0;
    }

    /** Gives everything back, once and for all. */
    void end() {
        over = true;
        room.give(bytes);
        bytes = 0;
    }
}
