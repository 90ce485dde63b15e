package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;

/**
 * Picks the server for the next request. Confined to one loop: implementations may remember what they picked. All of them
 * honour {@link Eligible}, and give a server that starts slowly no more than its {@linkplain Load#share share} of its weight.
 */
public sealed interface Balancer permits RoundRobin, LeastRequests, Ewma, RandomChoice, ConsistentHash {
    /**
     * Picks one of those that {@link Eligible} lets through.
     *
     * @param candidates the same list at each call, until the servers change; then another list
     * @return an index into {@code candidates}; empty when no one is left to try
     */
    OptionalInt pick(List<? extends Load> candidates, Choice choice);
}
