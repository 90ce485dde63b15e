package io.larder.upstream;

import io.larder.balance.GradientLimit;
import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicInteger;

/** How many requests one server bears at once, found out by what all loops meet with. The lock is held for some additions. */
@Shared
final class SharedLimit {
    private static final int LEAST = 1;
    private static final int FIRST = 20;

    private final GradientLimit limit;
    private final AtomicInteger inside = new AtomicInteger();

    /** @param most requests that there may be at once in any case */
    SharedLimit(int most) {
        this.limit = new GradientLimit(LEAST, Math.min(FIRST, most), most);
    }

    /** The part of it that falls to each of so many loops, at least 1. */
    synchronized int share(int loops) {
        return Math.max(1, (limit.limit() + loops - 1) / loops);
    }

    /** One more is let through, of whichever loop; answers how many there are now. */
    int entered() {
        return inside.incrementAndGet();
    }

    /** So many of them have ended. */
    void left(int count) {
        inside.addAndGet(-count);
    }

    /** A request has ended; see {@link GradientLimit#observe}. */
    synchronized void observe(long nanos, int inFlight, boolean wasDropped) {
        limit.observe(nanos, inFlight, wasDropped);
    }
}
