package io.larder.balance;

import java.util.function.Supplier;

/** The ways to pick a server, as the configuration names them. */
enum Policy {
    ROUND_ROBIN("round-robin", RoundRobin::new),
    LEAST_REQUESTS("least-requests", LeastRequests::new),
    EWMA("ewma", Ewma::new),
    RANDOM("random", RandomChoice::new),
    CONSISTENT_HASH("consistent-hash", ConsistentHash::new);

    private final String label;
    private final Supplier<Balancer> maker;

    Policy(String label, Supplier<Balancer> maker) {
        this.label = label;
        this.maker = maker;
    }

    Balancer balancer() {
        return maker.get();
    }

    @Override
    public String toString() {
        return label;
    }
}
