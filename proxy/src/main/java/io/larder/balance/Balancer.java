package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/** Picks the server for the next request. Confined to one loop: implementations may remember what they picked. */
public sealed interface Balancer permits RoundRobin, LeastRequests {
    /**
     * Picks one of {@code candidates}: a usable primary, else a usable backup; when every candidate is ejected, any of
     * them, for a doubtful server is better than none.
     *
     * @param candidates the same list, in the same order, at each call
     * @param excluded those that have failed this request already
     * @param nanos the present, on the loop's clock
     * @param random answers a number from 0 (inclusive) to its argument (exclusive)
     * @return an index into {@code candidates}; empty when no one is left to try
     */
    OptionalInt pick(List<? extends Load> candidates, Set<Endpoint> excluded, long nanos, IntUnaryOperator random);
}
