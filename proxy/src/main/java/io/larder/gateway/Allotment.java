package io.larder.gateway;

import java.util.Optional;

/** What one {@link Spool} may hold: up to a limit of its own, out of the memory that all have in common. Confined to its loop. */
final class Allotment {
    private static final long STEP = 64 * 1024;

    private final SpoolMemory memory;
    private final long limit;
    private long taken;

    private Allotment(SpoolMemory memory, long limit) {
        this.memory = memory;
        this.limit = limit;
    }

    /**
     * Sets memory aside for a body; empty where there is too little.
     *
     * @param declared its length, or {@link io.larder.http.Body#UNKNOWN}
     * @param limit the most bytes of it that may be kept
     */
    static Optional<Allotment> of(SpoolMemory memory, long declared, long limit) {
        Allotment fresh = new Allotment(memory, limit);
        return fresh.grow(Math.max(declared, 0)) ? Optional.of(fresh) : Optional.empty();
    }

    long limit() {
        return limit;
    }

    /** Whether {@code held} bytes may be held; takes more memory where that needs it. */
    boolean grow(long held) {
        if (held <= taken) {
            return true;
        }
        long more =
                Math.max(held - taken, Math.min(STEP, held)); // in larger steps as it grows, so as to ask less often
        if (!memory.take(taken, more)) {
            return false;
        }
        taken += more;
        return true;
    }

    /** {@code held} bytes are held, whether they may be or not; what was taken beyond is given back. */
    void settle(long held) {
        memory.adjust(held - taken);
        taken = held;
    }
}
