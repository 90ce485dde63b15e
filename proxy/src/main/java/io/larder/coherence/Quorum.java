package io.larder.coherence;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Who has to confirm a purge before it is complete, and who has, as the log knew at one moment.
 *
 * @param epoch of the log
 * @param unsettled for how much longer nodes may trust what they have that the log does not know: in the first moments of an
 *     epoch some may live by what they read in the one before. Zero once there are none
 * @param cursors up to where the nodes have read that live or may live, by name
 */
public record Quorum(long epoch, Duration unsettled, Map<String, Long> cursors) {
    public Quorum {
        cursors = Map.copyOf(cursors);
    }

    /** Whether every node that still trusts what it has is known. */
    public boolean isSettled() {
        return unsettled.isZero();
    }

    /** Whether the purge at {@code position} is in force wherever something is served. */
    public boolean isComplete(AsOf position) {
        return isSettled()
                && epoch == position.epoch()
                && missing(position.position()).isEmpty();
    }

    /** The nodes where the purge at {@code position} may not be in force yet, in the order of their names. */
    public List<String> missing(long position) {
        return cursors.entrySet().stream()
                .filter(node -> node.getValue() < position)
                .map(Map.Entry::getKey)
                .map(Objects::requireNonNull)
                .sorted()
                .toList();
    }
}
