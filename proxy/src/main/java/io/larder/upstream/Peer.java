package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.Load;
import io.larder.balance.PeakEwma;
import io.larder.balance.SlowStart;

/** A server as one loop sees it, with the connections of that loop. Confined to it. */
final class Peer implements Load {
    private final Server server;
    private final Lender lender;
    private final SlowStart slowStart;
    private final PeakEwma latency = new PeakEwma();

    Peer(Server server, Lender lender, SlowStart slowStart) {
        this.server = server;
        this.lender = lender;
        this.slowStart = slowStart;
    }

    Server server() {
        return server;
    }

    Lender lender() {
        return lender;
    }

    /** It has begun to answer after {@code nanos}. */
    void answeredAfter(long nanos, long now) {
        latency.observe(nanos, now);
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

    @Override
    public double share(long nanos) {
        return slowStart.share(server.condition().usableSince(), nanos);
    }

    @Override
    public double latency(long nanos) {
        return latency.at(nanos);
    }
}
