package io.larder.assembly;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** The heap that what is held of all pages on their way may take together. Every loop takes from it and gives back. */
@Shared
public final class Room {
    private final long capacity;
    private final AtomicLong taken = new AtomicLong();

    /** @param capacity in bytes */
    public Room(long capacity) {
        this.capacity = capacity;
    }

    /** Takes so many bytes; false, and nothing taken, where there are fewer left. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) <= capacity) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    /** Bytes that are taken now. */
    public long taken() {
        return taken.get();
    }
}
