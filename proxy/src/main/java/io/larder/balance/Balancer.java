package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;

/** Picks the server for the next request. Confined to one loop: implementations may remember what they picked. */
public sealed interface Balancer permits RoundRobin, LeastRequests {
    /**
     * Picks one of those that {@link Eligible} lets through.
     *
     * @param candidates the same list at each call, until the servers change
     * @return an index into {@code candidates}; empty when no one is left to try
     */
    OptionalInt pick(List<? extends Load> candidates, Choice choice);
}
