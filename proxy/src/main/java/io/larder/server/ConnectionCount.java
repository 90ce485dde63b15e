package io.larder.server;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections one listener has open, on all its loops. */
@Shared
final class ConnectionCount {
    private final AtomicInteger open = new AtomicInteger();

    /** One more; answers how many there are with it. */
    int enter() {
        return open.incrementAndGet();
    }

    void leave() {
        open.decrementAndGet();
    }

    int value() {
        return open.get();
    }
}
