package io.larder.admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a purge went: a value.
 *
 * @param position of the purge in the order of all purges; null where it has none yet
 * @param matched stored responses of this node that were dropped or made stale, or would have been
 * @param counted whether {@code matched} is all; else there are more
 * @param dryRun whether nothing was done but counting
 * @param acked how long each node that has confirmed took
 * @param missing live nodes that have not confirmed in time
 * @param reason why it is not complete, for people; null when it is
 */
public record PurgeReport(
        @Nullable String position,
        long matched,
        boolean counted,
        boolean dryRun,
        Map<String, Duration> acked,
        List<String> missing,
        @Nullable String reason,
        Duration took) {
    public PurgeReport {
        acked = Map.copyOf(acked);
        missing = List.copyOf(missing);
    }

    /** Whether no node serves what was purged. */
    public boolean isComplete() {
        return reason == null;
    }
}
