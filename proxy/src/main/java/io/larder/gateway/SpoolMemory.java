package io.larder.gateway;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The heap that the bodies of all responses on their way may take together. Every loop takes from it and gives back.
 *
 * <p>Nobody gets more than half of what the others leave, so that a few large bodies never keep out the many small ones.
 */
@Shared
final class SpoolMemory {
    private final long capacity;
    private final AtomicLong taken = new AtomicLong();

    /** @param capacity in bytes */
    SpoolMemory(long capacity) {
        this.capacity = capacity;
    }

    /** Takes {@code more} bytes for one who has {@code has} of them; false, and nothing taken, where that is too much. */
    boolean take(long has, long more) {
        while (true) {
            long all = taken.get();
            if (has + more > (capacity - all + has) / 2) {
                return false;
            }
            if (taken.compareAndSet(all, all + more)) {
                return true;
            }
        }
    }

    /** Takes what is in hand already and cannot be left, or gives it back where {@code bytes} is negative. */
    void adjust(long bytes) {
        taken.addAndGet(bytes);
    }

    long taken() {
        return taken.get();
    }

    long capacity() {
        return capacity;
    }
}
