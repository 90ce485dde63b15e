package io.larder.balance;

/** The ways to pick a server, as the configuration names them. */
enum Policy {
    ROUND_ROBIN("round-robin"),
    LEAST_REQUESTS("least-requests"),
    EWMA("ewma"),
    RANDOM("random"),
    CONSISTENT_HASH("consistent-hash");

    private final String label;

    Policy(String label) {
        this.label = label;
    }

    Balancer balancer() {
        return switch (this) {
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_REQUESTS -> new LeastRequests();
            case EWMA -> new Ewma();
            case RANDOM -> new RandomChoice();
            case CONSISTENT_HASH -> new ConsistentHash();
        };
    }

    @Override
    public String toString() {
        return label;
    }
}
