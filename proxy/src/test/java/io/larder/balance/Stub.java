package io.larder.balance;

/** A server whose state a test sets. */
final class Stub implements Load {
    private final Endpoint endpoint;
    int inFlight;
    boolean usable = true;
    boolean triable = true;
    double share = 1;
    double latency;

    Stub(String address, int weight, int priority) {
        this.endpoint = new Endpoint(address, weight, priority);
    }

    static Stub of(String address) {
        return new Stub(address, 1, 0);
    }

    Stub ejected() {
        usable = false;
        return this;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public boolean isUsable(long nanos) {
        return usable;
    }

    @Override
    public boolean mayBeTried(long nanos) {
        return triable;
    }

    @Override
    public double share(long nanos) {
        return share;
    }

    @Override
    public double latency(long nanos) {
        return latency;
    }
}
