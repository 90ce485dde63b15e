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
    private final Loop loop;
    private final Server server;
    private final UpstreamSettings.Pool limits;
    private final Duration connectTimeout;
    private final Connector connector;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private final WaitingLine waiting;
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
        this.waiting = new WaitingLine(loop, server);
    }

    @Override
    public void borrow(Borrower borrower, Duration maxIdle, long deadline) {
        Connection kept = takeIdle(maxIdle);
        if (kept != null) {
            borrower.lent(kept);
        } else if (open < limits.maxConnections() || dropOldestIdle()) {
            open(borrower, deadline);
        } else {
            waiting.join(borrower, maxIdle, deadline, limits.pendingTimeout(), limits.maxPending());
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
        WaitingLine.Waiter waiter = waiting.first();
        if (waiter == null) {
            connection.rest();
            idle.addFirst(connection);
            server.idle(1);
        } else if (waiter.maxIdle().isNegative() && connection.isReused()) {
            connection.close(); // which opens another one for it
        } else {
            waiting.next();
            waiter.borrower().lent(connection);
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
        WaitingLine.Waiter waiter = open < limits.maxConnections() ? waiting.next() : null;
        if (waiter != null) {
            open(waiter.borrower(), waiter.deadline());
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
        connector.connect(
                this, borrower.client(), Alarm.limit(connectTimeout, deadline, loop), new Connector.Receiver() {
                    @Override
                    public void connected(Connection connection) {
                        if (borrower.isGone()) {
                            released(connection);
                            borrower.refused(new Failure(Failure.Kind.CLIENT_GONE, "the client left meanwhile", true));
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
}
