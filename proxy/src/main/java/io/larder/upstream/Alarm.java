package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Loop;
import io.larder.exchange.Loop.Timer;
import java.time.Duration;

/**
 * One timer that is set anew all the time, at the price of writing a number: what is scheduled on the loop is only
 * replaced when it would ring too late. Confined to its loop.
 */
final class Alarm {
    /** Not at all. */
    static final long NEVER = Exchange.NO_DEADLINE;

    private static final Timer NOTHING = () -> {};

    private final Loop loop;
    private final Runnable due;
    private long at = NEVER;
    private long scheduledAt = NEVER;
    private Timer scheduled = NOTHING;

    Alarm(Loop loop, Runnable due) {
        this.loop = loop;
        this.due = due;
    }

    /** Rings once at {@code nanos} on the loop's clock, or {@link #NEVER}; replaces what was set before. */
    void set(long nanos) {
        at = nanos;
        if (nanos != NEVER && (scheduledAt == NEVER || nanos - scheduledAt < 0)) {
            schedule(nanos);
        }
    }

    /** Never rings again. */
    void cancel() {
        at = NEVER;
        scheduledAt = NEVER;
        scheduled.cancel();
    }

    /** The sooner of two times, either of which may be {@link #NEVER}. */
    static long sooner(long a, long b) {
        if (a == NEVER || b == NEVER) {
            return a == NEVER ? b : a;
        }
        return a - b < 0 ? a : b;
    }

    /** {@code most} of time, or what is left until {@code deadline} where that is less, but never nothing. */
    static Duration limit(Duration most, long deadline, Loop loop) {
        if (deadline == NEVER) {
            return most;
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline - loop.nanos()));
        return left.compareTo(most) < 0 ? left : most;
    }

    private void schedule(long nanos) {
        scheduled.cancel();
        scheduledAt = nanos;
        scheduled = loop.schedule(Duration.ofNanos(Math.max(0, nanos - loop.nanos())), this::ring);
    }

    private void ring() {
        scheduledAt = NEVER;
        if (at == NEVER) {
            return;
        }
        if (loop.nanos() - at < 0) {
            schedule(at);
        } else {
            at = NEVER;
            due.run();
        }
    }
}
