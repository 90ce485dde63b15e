package io.larder.balance;

/** An endpoint with what a balancer may know of its present state. */
public interface Load {
    Endpoint endpoint();

    /** Requests that are on their way to it or being answered by it, from all loops. */
    int inFlight();

    /**
     * Whether it may be sent a request at {@code nanos}: false while it is ejected, or its health check fails.
     *
     * @param nanos on the loop's clock
     */
    boolean isUsable(long nanos);

    /** Whether, though it is not usable, one request may find out if it is again, where there is nobody else. */
    boolean mayBeTried(long nanos);

    /** How much of its weight counts, above 0 and up to 1: less than 1 while it starts slowly. */
    default double share(long nanos) {
        return 1;
    }

    /** How long it takes to answer, in nanoseconds, recent answers counting most; 0 where that is not known. */
    default double latency(long nanos) {
        return 0;
    }
}
