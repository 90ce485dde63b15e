package io.larder.server.connection;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections one listener has open, on all its loops. */
@Shared
public final class ConnectionCount {
    private final AtomicInteger open = new AtomicInteger();

    /** One more; answers how many there are with it. */
    public int enter() {
        return open.incrementAndGet();
    }

    public void leave() {
        open.decrementAndGet();
    }

    public int value() {
        return open.get();
    }
}
