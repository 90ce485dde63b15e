package io.larder.balance;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Requests of one key ({@link Choice#hash}) go to one server, and to the next on a ring where that one may not be picked or has
 * more than its part of all requests in flight: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016).
 * When a server comes or goes, no keys move but its own. Confined to one loop; all loops and nodes agree on the ring.
 *
 * <p>While a server starts slowly, only a part of its keys, in proportion to its share, goes to it already, and that part
 * grows: each key comes once.
 */
public final class ConsistentHash implements Balancer {
    /** What a server may have in flight, compared to its part by weight of what all have. */
    static final double BOUND = 1.25;

    private final double bound;
    private final Roster roster = new Roster();
    private HashRing ring = HashRing.of(roster.endpoints());

    // about the candidates of this pick:
    private double[] weights = {}; // what counts of each one's; 0: it may not be picked
    private double fullest; // the greatest share of a weight that counts
    private double room; // requests in flight that are allowed for each unit of weight

    /** With the usual bound. */
    public ConsistentHash() {
        this(BOUND);
    }

    ConsistentHash(double bound) {
        this.bound = bound;
    }

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        if (roster.isNew(candidates)) {
            ring = HashRing.of(roster.endpoints());
        }
        survey(candidates, eligible, choice.nanos());
        int picked = walk(candidates, choice.hash(), true);
        if (picked < 0) {
            picked = walk(candidates, choice.hash(), false);
        }
        return OptionalInt.of(picked < 0 ? eligible[0] : picked);
    }

    private void survey(List<? extends Load> candidates, int[] eligible, long nanos) {
        weights = weights.length == candidates.size() ? weights : new double[candidates.size()];
        Arrays.fill(weights, 0);
        double total = 0;
        long inFlight = 0;
        fullest = 0;
        for (int i : eligible) {
            Load load = candidates.get(i);
            double share = load.share(nanos);
            weights[i] = load.endpoint().weight() * share;
            total += weights[i];
            inFlight += load.inFlight();
            fullest = Math.max(fullest, share);
        }
        room = bound * (inFlight + 1) / total;
    }

    /**
     * Goes along the ring to the first server that has room for one more; -1 for none.
     *
     * @param sparing whether those that start slowly take a part of their keys only
     */
    private int walk(List<? extends Load> candidates, long key, boolean sparing) {
        int place = ring.find(key);
        for (int steps = ring.size(); steps > 0; steps--) {
            int server = ring.owner(place);
            if (weights[server] > 0
                    && candidates.get(server).inFlight() < Math.ceil(room * weights[server])
                    && (!sparing || takes(candidates.get(server).endpoint(), server, key))) {
                return server;
            }
            place = ring.after(place);
        }
        return -1;
    }

    private boolean takes(Endpoint endpoint, int server, long key) {
        double share = weights[server] / endpoint.weight();
        return share >= fullest || ring.affinity(key, server) < share / fullest;
    }
}
