package io.larder.balance;

/** An endpoint with what a balancer may know of its present state. */
public interface Load {
    Endpoint endpoint();

    /** Requests that are on their way to it or being answered by it, from all loops. */
    int inFlight();

    /**
     * Whether it may be sent a request at {@code nanos}: false while it is ejected.
     *
     * @param nanos on the loop's clock
     */
    boolean isUsable(long nanos);
}
