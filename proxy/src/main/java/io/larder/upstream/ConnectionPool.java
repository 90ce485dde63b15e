package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The connections from one loop to one server. Confined to that loop.
 *
 * <p>The connection used last is lent first, so that a pool shrinks to what the load needs and what it lends is fresh.
 * When all are lent, a bounded number of borrowers waits, first come, first served.
 */
final class ConnectionPool implements Lender, Connection.Owner {
    /** @param since on the loop's clock */
    private record Waiter(Borrower borrower, Duration maxIdle, long deadline, long since, Loop.Timer timer) {}

    private final Loop loop;
    private final Server server;
    private final UpstreamSettings.Pool limits;
    private final Duration connectTimeout;
    private final Connector connector;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private int open; // connections that are open or being opened
    private boolean retired;

    /** @param limits of this loop alone */
    ConnectionPool(
            Loop loop, Server server, UpstreamSettings.Pool limits, Duration connectTimeout, Connector connector) {
        this.loop = loop;
        this.server = server;
        this.limits = limits;
        this.connectTimeout = connectTimeout;
        this.connector = connector;
    }

    @Override
    public void borrow(Borrower borrower, Duration maxIdle, long deadline) {
        Connection kept = takeIdle(maxIdle);
        if (kept != null) {
            borrower.lent(kept);
        } else if (open < limits.maxConnections() || dropOldestIdle()) {
            open(borrower, deadline);
        } else {
            enqueue(borrower, maxIdle, deadline);
        }
    }

    @Override
    public void retire() {
        retired = true;
        while (dropOldestIdle()) {}
    }

    @Override
    public void released(Connection connection) {
        if (retired || isAged(connection) || !connection.isOpen()) {
            connection.close();
            return;
        }
        Waiter waiter = nextWaiter();
        if (waiter == null) {
            connection.rest();
            idle.addFirst(connection);
            server.idle(1);
        } else if (waiter.maxIdle.isNegative() && connection.isReused()) {
            waiting.addFirst(waiter);
            server.pending(1);
            connection.close(); // which opens another one for it
        } else {
            served(waiter);
            waiter.borrower.lent(connection);
        }
    }

    @Override
    public void closed(Connection connection) {
        if (idle.remove(connection)) {
            server.idle(-1);
        }
        freed();
    }

    private void freed() {
        open--;
        server.connections(-1);
        Waiter waiter = open < limits.maxConnections() ? nextWaiter() : null;
        if (waiter != null) {
            served(waiter);
            open(waiter.borrower, waiter.deadline);
        }
    }

    private @Nullable Connection takeIdle(Duration maxIdle) {
        long oldest = loop.nanos() - maxIdle.toNanos();
        while (!idle.isEmpty() && idle.peekFirst().idleSince() - oldest >= 0) {
            Connection connection = idle.removeFirst();
            server.idle(-1);
            if (connection.isOpen() && !isAged(connection)) {
                return connection;
            }
            connection.close();
        }
        return null;
    }

    private boolean dropOldestIdle() {
        Connection oldest = idle.pollLast();
        if (oldest == null) {
            return false;
        }
        server.idle(-1);
        oldest.close();
        return true;
    }

    private boolean isAged(Connection connection) {
        return loop.nanos() - connection.born() >= limits.maxAge().toNanos();
    }

    private void open(Borrower borrower, long deadline) {
        open++;
        server.connections(1);
        connector.connect(this, borrower.client(), limit(connectTimeout, deadline), new Connector.Receiver() {
            @Override
            public void connected(Connection connection) {
                if (borrower.isGone()) {
                    released(connection);
                } else {
                    borrower.lent(connection);
                }
            }

            @Override
            public void failed(Failure why) {
                freed();
                borrower.refused(why);
            }
        });
    }

    private void enqueue(Borrower borrower, Duration maxIdle, long deadline) {
        if (waiting.size() >= limits.maxPending()) {
            dropGone();
        }
        if (waiting.size() >= limits.maxPending()) {
            borrower.refused(limitReached("too many requests wait for a connection"));
            return;
        }
        Duration limit = limit(limits.pendingTimeout(), deadline);
        Loop.Timer timer = loop.schedule(limit, () -> timedOut(borrower));
        waiting.addLast(new Waiter(borrower, maxIdle, deadline, loop.nanos(), timer));
        server.pending(1);
    }

    private void timedOut(Borrower borrower) {
        if (waiting.removeIf(waiter -> waiter.borrower.equals(borrower))) {
            server.pending(-1);
            server.waited(limits.pendingTimeout().toNanos());
            borrower.refused(limitReached("no connection became free in time"));
        }
    }

    private void served(Waiter waiter) {
        waiter.timer.cancel();
        server.waited(loop.nanos() - waiter.since);
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

    private @Nullable Waiter nextWaiter() {
        for (Waiter next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
            server.pending(-1);
            if (!next.borrower.isGone()) {
                return next;
            }
            next.timer.cancel();
        }
        return null;
    }

    private Duration limit(Duration most, long deadline) {
        if (deadline == Alarm.NEVER) {
            return most;
        }
        Duration left = Duration.ofNanos(Math.max(1, deadline - loop.nanos()));
        return left.compareTo(most) < 0 ? left : most;
    }

    private static Failure limitReached(String detail) {
        return new Failure(Failure.Kind.CONNECTION_LIMIT, detail, true);
    }
}
