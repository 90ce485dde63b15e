package io.larder.balance;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Takes turns in proportion to the weights, spread as evenly as they allow (smooth weighted round-robin, as in nginx).
 * Confined to one loop; each loop begins at a random turn, so that many loops do not begin with the same server.
 */
public final class RoundRobin implements Balancer {
    private long[] credit = {};

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        if (credit.length != candidates.size()) {
            credit = new long[candidates.size()];
            skip(candidates, eligible, choice.random().applyAsInt(candidates.size()));
        }
        return OptionalInt.of(next(candidates, eligible));
    }

    private void skip(List<? extends Load> candidates, int[] eligible, int turns) {
        for (int i = 0; i < turns; i++) {
            next(candidates, eligible);
        }
    }

    private int next(List<? extends Load> candidates, int[] eligible) {
        long total = 0;
        int best = eligible[0];
        for (int i : eligible) {
            int weight = candidates.get(i).endpoint().weight();
            total += weight;
            credit[i] += weight;
            if (credit[i] > credit[best]) {
                best = i;
            }
        }
        credit[best] -= total;
        return best;
    }

    @Override
    public String toString() {
        return "RoundRobin" + Arrays.toString(credit);
    }
}
