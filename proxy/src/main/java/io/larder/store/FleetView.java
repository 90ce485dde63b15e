package io.larder.store;

import java.time.Duration;
import java.util.List;

/**
 * The nodes that share a log of purges, as the log knew at one moment: a value, for people. Positions are the ids of entries.
 *
 * @param epoch which log it is
 * @param floor the last position that was forgotten
 * @param last the last position that was given
 * @param unsettled see {@link io.larder.coherence.Quorum#unsettled}
 * @param nodes those that live, or may, in the order of their names
 */
public record FleetView(String epoch, String floor, String last, Duration unsettled, List<Node> nodes) {
    /** How many entries are counted that a node has not read. */
    public static final int MOST_BEHIND = 100;

    /**
     * A node.
     *
     * @param cursor up to where it has read
     * @param behind how many entries it has not read, {@link #MOST_BEHIND} at most
     * @param lag how long ago it was last heard of, by the clock of Redis
     * @param lease for how much longer it counts as alive if it is not heard of again
     */
    public record Node(String name, String cursor, long behind, Duration lag, Duration lease) {}

    public FleetView {
        nodes = List.copyOf(nodes);
    }
}
