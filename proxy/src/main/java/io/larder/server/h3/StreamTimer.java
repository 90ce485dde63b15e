package io.larder.server.h3;

import io.larder.exchange.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The one scheduled task by which the deadlines of a stream are looked at. Confined to its loop. */
final class StreamTimer {
    private final Loop loop;
    private final Runnable look;
    private Loop.@Nullable Timer timer;
    private long wakesAt;

    StreamTimer(Loop loop, Runnable look) {
        this.loop = loop;
        this.look = look;
    }

    /** Sees to it that they are looked at by {@code deadline}, on the loop's clock. */
    void wakeBy(long deadline) {
        if (timer != null && wakesAt - deadline <= 0) {
            return;
        }
        stop();
        wakesAt = deadline;
        timer = loop.schedule(Duration.ofNanos(Math.max(0, deadline - loop.nanos())), this::wake);
    }

    /** Until the next deadline, nothing happens. */
    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void wake() {
        timer = null;
        look.run();
    }
}
