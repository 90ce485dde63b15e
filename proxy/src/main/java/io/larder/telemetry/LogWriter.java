package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes to the log on a thread of its own, for those who may not wait. When there is more than it can write, it drops some: the
 * access log and the counters have all of it.
 */
@Shared
final class LogWriter implements AutoCloseable {
    private static final int WAITING = 16;

    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            0,
            1,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> Thread.ofPlatform().name("larder-log").daemon(true).unstarted(task),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Runs {@code line} soon, if it can. Returns at once. */
    void write(Runnable line) {
        writer.execute(line);
    }

    @Override
    public void close() {
        writer.shutdown();
    }
}
