package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Those who wait for a connection to one server: a bounded number, each for a bounded time, first come, first served. Confined to its loop. */
final class WaitingLine {
    /**
     * One of them.
     *
     * @param maxIdle what it asked for, see {@link Lender#borrow}
     * @param deadline of its exchange
     * @param since when it waits, on the loop's clock
     */
    record Waiter(Lender.Borrower borrower, Duration maxIdle, long deadline, long since, Loop.Timer timer) {}

    private final Loop loop;
    private final Server server;
    private final Deque<Waiter> waiting = new ArrayDeque<>();

    /** @param server of which is told how many wait */
    WaitingLine(Loop loop, Server server) {
        this.loop = loop;
        this.server = server;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int size() {
        return waiting.size();
    }

    /**
     * Lets {@code borrower} wait for {@code most} of time, or refuses it where {@code room} others wait already.
     *
     * @return whether it waits
     */
    boolean join(Lender.Borrower borrower, Duration maxIdle, long deadline, Duration most, int room) {
        if (waiting.size() >= room) {
            dropGone();
        }
        if (waiting.size() >= room) {
            borrower.refused(limitReached("too many requests wait for a connection"));
            return false;
        }
        Duration limit = Alarm.limit(most, deadline, loop);
        Loop.Timer timer = loop.schedule(limit, () -> timedOut(borrower, limit));
        waiting.addLast(new Waiter(borrower, maxIdle, deadline, loop.nanos(), timer));
        server.pending(1);
        return true;
    }

    /** The first who has not left; null where there is none. */
    @Nullable
    Waiter first() {
        for (Waiter first = waiting.peekFirst(); first != null; first = waiting.peekFirst()) {
            if (!first.borrower.isGone()) {
                return first;
            }
            leave(first);
        }
        return null;
    }

    /** As {@link #first}, who waits no more. */
    @Nullable
    Waiter next() {
        Waiter first = first();
        if (first != null) {
            leave(first);
            server.waited(loop.nanos() - first.since);
        }
        return first;
    }

    private void leave(Waiter first) {
        waiting.removeFirst();
        server.pending(-1);
        first.timer.cancel();
    }

    /** There will be no connection for anyone. */
    void refuseAll(Failure why) {
        List<Waiter> all = List.copyOf(waiting);
        waiting.clear();
        server.pending(-all.size());
        for (Waiter each : all) {
            each.timer.cancel();
            each.borrower.refused(why);
        }
    }

    private void timedOut(Lender.Borrower borrower, Duration waited) {
        if (waiting.removeIf(waiter -> waiter.borrower.equals(borrower))) {
            server.pending(-1);
            server.waited(waited.toNanos());
            borrower.refused(limitReached("no connection became free in time"));
        }
    }

    private void dropGone() {
        int before = waiting.size();
        waiting.removeIf(waiter -> {
            boolean gone = waiter.borrower.isGone();
            if (gone) {
                waiter.timer.cancel();
            }
            return gone;
        });
        server.pending(waiting.size() - before);
    }

    private static Failure limitReached(String detail) {
        return new Failure(Failure.Kind.CONNECTION_LIMIT, detail, true);
    }
}
