package io.larder.admin;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a purge went: a value.
 *
 * @param position of the purge in the order of all purges
 * @param matched stored responses that were dropped or made stale, or would have been
 * @param dryRun whether nothing was done but counting
 * @param acked how long each node that has confirmed took
 * @param missing live nodes that have not confirmed in time
 */
public record PurgeReport(
        String position,
        long matched,
        boolean dryRun,
        Map<String, Duration> acked,
        List<String> missing,
        Duration took) {
    public PurgeReport {
        acked = Map.copyOf(acked);
        missing = List.copyOf(missing);
    }
}
