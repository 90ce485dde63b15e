package io.larder.coherence;

import java.util.Set;

/**
 * A purge as it stands in the log.
 *
 * @param position in the log, greater than those before
 * @param node that asked for it
 * @param ticket by which that node knows it again: {@link Ledger.Pending#ticket}
 */
public record LogEntry(long position, String node, long ticket, Set<Purge> purges, Purge.Mode mode) {
    public LogEntry {
        purges = Set.copyOf(purges);
    }
}
