package io.larder.balance;

/** What one simulated loop knows of a server. */
record SimPeer(SimServer server, PeakEwma latency, SlowStart slowStart) implements Load {
    @Override
    public Endpoint endpoint() {
        return server.endpoint;
    }

    @Override
    public int inFlight() {
        return server.inFlight;
    }

    @Override
    public boolean isUsable(long nanos) {
        return server.isUsable;
    }

    @Override
    public boolean mayBeTried(long nanos) {
        return true;
    }

    @Override
    public double share(long nanos) {
        return slowStart.share(server.since, nanos);
    }

    @Override
    public double latency(long nanos) {
        return latency.at(nanos);
    }
}
