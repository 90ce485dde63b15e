package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import io.larder.netty.NettyLoop;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/2 connections from one loop to one server. Confined to that loop.
 *
 * <p>A request takes a stream where there is room for one. Where there is none, it waits, and another connection is opened
 * as long as those that are being opened do not promise room enough. How long a connection has been unused does not matter:
 * a server that goes away says what it has not read.
 */
final class StreamPool implements Lender, Multiplex.Owner {
    private final NettyLoop loop;
    private final Server server;
    private final UpstreamSettings.Pool limits;
    private final UpstreamSettings settings;
    private final Dialer dialer;
    private final List<Multiplex> open = new ArrayList<>(); // those that greet or drain included
    private final WaitingLine waiting;
    private int connecting; // without a connection yet, or with one that greets
    private boolean serving; // will soon look who can be served
    private boolean retired;

    /** @param limits of this loop alone */
    StreamPool(NettyLoop loop, Server server, UpstreamSettings.Pool limits, UpstreamSettings settings, Dialer dialer) {
        this.loop = loop;
        this.server = server;
        this.limits = limits;
        this.settings = settings;
        this.dialer = dialer;
        this.waiting = new WaitingLine(loop, server);
    }

    @Override
    public void borrow(Borrower borrower, Duration maxIdle, long deadline) {
        loop.check();
        Multiplex roomy = waiting.isEmpty() ? roomiest() : null;
        if (roomy != null) {
            borrower.lent(roomy);
            return;
        }
        boolean another = needsAnother(waiting.size() + 1);
        int room = limits.maxPending() + (another ? connecting + 1 : connecting) * Multiplex.MOST_STREAMS;
        if (waiting.join(borrower, maxIdle, deadline, patience(another), room) && another) {
            connect(borrower.client());
        }
    }

    /** Who waits for a connection that is being opened may wait for that, too. */
    private Duration patience(boolean another) {
        Duration pending = limits.pendingTimeout();
        return another || connecting > 0 ? pending.plus(settings.timeouts().connect()) : pending;
    }

    @Override
    public void retire() {
        retired = true;
        List.copyOf(open).forEach(Multiplex::drain);
    }

    @Override
    public void ready(Multiplex connection) {
        connecting--;
        serve();
        if (retired) {
            connection.drain();
        }
    }

    @Override
    public void idle(boolean idle) {
        server.idle(idle ? 1 : -1);
    }

    @Override
    public void roomier() {
        if (!serving && !waiting.isEmpty()) {
            serving = true;
            loop.execute(
                    () -> { // not amid what made the room
                        serving = false;
                        serve();
                    });
        }
    }

    @Override
    public void closed(Multiplex connection, Failure why) {
        open.remove(connection);
        server.connections(-1);
        if (connection.isGreeted()) {
            roomier();
        } else {
            failed(why);
        }
    }

    /** The one with the fewest requests that may take one more. */
    private @Nullable Multiplex roomiest() {
        Multiplex best = null;
        for (int i = open.size() - 1; i >= 0; i--) { // backwards: an old one may leave the list
            Multiplex each = open.get(i);
            if (each.isReused() && loop.nanos() - each.born() >= limits.maxAge().toNanos()) {
                each.drain();
            } else if (each.hasRoom() && (best == null || each.load() < best.load())) {
                best = each;
            }
        }
        return best;
    }

    /** Whether those that are being opened will not do for so many. Those that drain count, but less; those left to tunnels do not. */
    private boolean needsAnother(int waiters) {
        long lasting = open.stream().filter(Multiplex::isLasting).count();
        return waiters > connecting * Multiplex.MOST_STREAMS
                && lasting + connecting < limits.maxConnections()
                && open.stream().filter(each -> !each.isLeftToTunnels()).count() < 2L * limits.maxConnections();
    }

    private void connect(Client client) {
        connecting++;
        server.connections(1);
        Duration limit = settings.timeouts().connect();
        long until = loop.nanos() + limit.toNanos();
        dialer.dial(client, limit, new Dialer.Receiver() {
            @Override
            public void connected(Channel channel) {
                greet(channel, Duration.ofNanos(until - loop.nanos()));
            }

            @Override
            public void failed(Failure why) {
                server.connections(-1);
                StreamPool.this.failed(why);
            }
        });
    }

    private void greet(Channel channel, Duration limit) {
        Multiplex connection =
                new Multiplex(channel, loop, this, settings.access().scheme(), settings.responses(), limits.idle());
        open.add(connection);
        connection.greet(limit);
    }

    /**
     * One that was being opened is not. Those who wait learn of it, unless another one may serve them yet; it is tried again
     * when that has served somebody, and not at once: a server that refuses would be asked without end.
     */
    private void failed(Failure why) {
        connecting--;
        if (connecting == 0 && open.stream().noneMatch(Multiplex::isLasting)) {
            waiting.refuseAll(why);
        }
    }

    private void serve() {
        while (!waiting.isEmpty()) {
            Multiplex roomy = roomiest();
            WaitingLine.Waiter next = roomy == null ? null : waiting.next();
            if (roomy == null || next == null) {
                break;
            }
            next.borrower().lent(roomy);
        }
        WaitingLine.Waiter first = waiting.first();
        if (first != null && needsAnother(waiting.size())) {
            connect(first.borrower().client());
        }
    }
}
