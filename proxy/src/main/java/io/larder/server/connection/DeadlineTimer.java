package io.larder.server.connection;

import io.larder.exchange.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The one scheduled task by which all deadlines of a connection, or of a stream, are looked at. Confined to its loop. */
public final class DeadlineTimer {
    private final Loop loop;
    private final Runnable look;
    private Loop.@Nullable Timer timer;
    private long wakesAt;

    /** @param look at what is due, and says when it wants to be woken next */
    public DeadlineTimer(Loop loop, Runnable look) {
        this.loop = loop;
        this.look = look;
    }

    /** Sees to it that they are looked at by {@code deadline}, on the loop's clock. */
    public void wakeBy(long deadline) {
        if (timer != null && wakesAt - deadline <= 0) {
            return;
        }
        stop();
        wakesAt = deadline;
        timer = loop.schedule(Duration.ofNanos(Math.max(0, deadline - loop.nanos())), this::wake);
    }

    /** Nothing happens until the next deadline is said. */
    public void stop() {
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
