package io.larder.exchange;

import java.time.Duration;
import java.time.Instant;

/**
 * The one thread that a request lives on, and its clock.
 *
 * <p>{@link #execute} may be called from any thread; everything else on the loop only.
 */
public interface Loop {
    /** Runs {@code task} on this loop, later: never before this call returns. */
    void execute(Runnable task);

    /** Runs {@code task} on this loop after {@code delay}, unless the timer is cancelled before. */
    Timer schedule(Duration delay, Runnable task);

    /** The wall-clock time, for dates in messages and ages of stored responses. */
    Instant now();

    /** A clock that never jumps, in nanoseconds, for deadlines and durations; its zero means nothing. */
    long nanos();

    /**
     * The door check of everything confined.
     *
     * @throws IllegalStateException when the caller is not on this loop
     */
    void check();

    /** Something scheduled. */
    interface Timer {
        /** Sees to it that the task does not run, if it has not yet. */
        void cancel();
    }
}
