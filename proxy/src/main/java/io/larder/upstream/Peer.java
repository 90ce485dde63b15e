package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.Load;

/** A server as one loop sees it, with the connections of that loop. Confined to it. */
final class Peer implements Load {
    private final Server server;
    private final Lender lender;

    Peer(Server server, Lender lender) {
        this.server = server;
        this.lender = lender;
    }

    Server server() {
        return server;
    }

    Lender lender() {
        return lender;
    }

    @Override
    public Endpoint endpoint() {
        return server.endpoint();
    }

    @Override
    public int inFlight() {
        return server.inFlight();
    }

    @Override
    public boolean isUsable(long nanos) {
        return server.condition().isUsable(nanos);
    }

    @Override
    public boolean mayBeTried(long nanos) {
        return server.condition().mayBeTried(nanos);
    }
}
