package io.larder.upstream.discovery;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs something again and again, on one thread that may block. */
@FunctionalInterface
public interface Ticker {
    /** Runs the task soon, and then with this pause after each run. */
    Tick every(Duration pause, Runnable task);

    /** A ticker on an executor. */
    static Ticker on(ScheduledExecutorService executor) {
        return (pause, task) -> {
            Future<?> scheduled = executor.scheduleWithFixedDelay(task, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    /** What runs again and again. */
    interface Tick {
        /** Does not begin another run. */
        void cancel();
    }
}
