package io.larder.balance;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Takes turns in proportion to the weights, spread as evenly as they allow (smooth weighted round-robin, as in nginx).
 * Confined to one loop; on each a server begins with a random part of a turn, so that many loops do not all begin with the
 * same server. Servers that stay when others come and go keep their place.
 */
public final class RoundRobin implements Balancer {
    private static final int UNIT = 1024; // of weight 1: whole numbers, in which a share of a weight can be said

    private final Roster roster = new Roster();
    private long[] credit = {};

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        Endpoint[] before = roster.endpoints();
        if (roster.isNew(candidates)) {
            credit = carriedOver(before, choice);
        }
        return OptionalInt.of(next(candidates, eligible, choice.nanos()));
    }

    /** Who stays is as far in the new round as it was in the old: a server of great weight leaves no debts behind. */
    private long[] carriedOver(Endpoint[] before, Choice choice) {
        Map<Endpoint, Long> kept = HashMap.newHashMap(before.length);
        for (int i = 0; i < before.length; i++) {
            kept.put(before[i], credit[i]);
        }
        Endpoint[] now = roster.endpoints();
        double round = total(now) / Math.max(1, total(before));
        long[] carried = new long[now.length];
        for (int i = 0; i < now.length; i++) {
            Long old = kept.get(now[i]);
            carried[i] = old != null ? (long) (old * round) : choice.random().applyAsInt(now[i].weight() * UNIT);
        }
        return carried;
    }

    private static double total(Endpoint[] endpoints) {
        double total = 0;
        for (Endpoint endpoint : endpoints) {
            total += endpoint.weight();
        }
        return total;
    }

    private int next(List<? extends Load> candidates, int[] eligible, long nanos) {
        long total = 0;
        int best = eligible[0];
        for (int i : eligible) {
            long turn = Math.max(1, (long) (Lots.weight(candidates.get(i), nanos) * UNIT));
            total += turn;
            credit[i] += turn;
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
