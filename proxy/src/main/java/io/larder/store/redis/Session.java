package io.larder.store.redis;

import io.larder.exchange.Shared;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** One connection from its beginning to its end, and since when the server has owed an answer on it. */
@Shared
final class Session<C extends StatefulConnection<String, byte[]>> {
    /** A server that pauses longer than this is taken for one that has stopped, or has been cut off without a word. */
    private static final long PATIENCE = Duration.ofSeconds(1).toNanos();

    private static final long ANSWERING = Long.MIN_VALUE;

    private final C connection;
    private final AtomicLong silentSince = new AtomicLong(ANSWERING);

    Session(C connection) {
        this.connection = connection;
    }

    C connection() {
        return connection;
    }

    /** Something came back, however late and whatever it was. */
    void answered() {
        if (silentSince.get() != ANSWERING) {
            silentSince.set(ANSWERING);
        }
    }

    /** An answer did not come in time: whether this has gone on for too long to wait any longer. */
    boolean missed(long nanos) {
        return !silentSince.compareAndSet(ANSWERING, nanos) && nanos - silentSince.get() > PATIENCE;
    }
}
