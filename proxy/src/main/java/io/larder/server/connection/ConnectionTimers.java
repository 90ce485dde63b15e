package io.larder.server.connection;

import io.larder.exchange.Loop;
import java.time.Duration;

/**
 * The two clocks of one connection, what its client owes us and whether it takes what we send, on one scheduled task.
 * Setting a deadline stores a number; the task looks when it wakes. Confined to its loop.
 */
public final class ConnectionTimers {
    /** What happens when time is up. */
    public interface Expiry {
        /** The client has not sent what was awaited. */
        void readExpired();

        /** The client has taken nothing for the write timeout. */
        void writeExpired();

        /** How much the client has still to take; 0 for nothing. */
        long backlog();

        /** A number that changes whenever the client takes something, and only then. */
        long taken();
    }

    private final Loop loop;
    private final Expiry expiry;
    private final long writeNanos;
    private final DeadlineTimer timer;
    private boolean awaiting;
    private long awaitedBy;
    private boolean watching;
    private long takenBy;
    private long taken;

    public ConnectionTimers(Loop loop, Duration writeTimeout, Expiry expiry) {
        this.loop = loop;
        this.expiry = expiry;
        this.writeNanos = writeTimeout.toNanos();
        this.timer = new DeadlineTimer(loop, this::wake);
    }

    /** The client owes us something until {@code deadline} on the loop's clock; replaces what it owed before. */
    public void await(long deadline) {
        awaiting = true;
        awaitedBy = deadline;
        timer.wakeBy(deadline);
    }

    /** The client owes us nothing now. */
    public void calm() {
        awaiting = false;
    }

    /** There are bytes for the client to take: sees to it that it takes some in every write timeout, until all are gone. */
    public void watchWrites() {
        if (!watching) {
            watching = true;
            watchFrom(loop.nanos());
        }
    }

    /** Nothing happens any more. */
    public void stop() {
        awaiting = false;
        watching = false;
        timer.stop();
    }

    private void watchFrom(long now) {
        taken = expiry.taken();
        takenBy = now + writeNanos;
        timer.wakeBy(takenBy);
    }

    private void wake() {
        long now = loop.nanos();
        if (watching && takenBy - now <= 0) {
            checkWrites(now);
        }
        if (awaiting && awaitedBy - now <= 0) {
            awaiting = false;
            expiry.readExpired();
        }
        if (awaiting) {
            timer.wakeBy(awaitedBy);
        }
        if (watching) {
            timer.wakeBy(takenBy);
        }
    }

    private void checkWrites(long now) {
        if (expiry.backlog() == 0) {
            watching = false;
        } else if (expiry.taken() == taken) {
            watching = false;
            expiry.writeExpired();
        } else {
            watchFrom(now);
        }
    }
}
