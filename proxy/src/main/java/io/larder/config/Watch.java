package io.larder.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value: how servers that fail are found out.
 *
 * @param health by asking them; null: they are not asked
 * @param outliers by what becomes of requests; null: only servers that take no connection are left alone
 */
public record Watch(@Nullable Health health, @Nullable Outliers outliers) {
    /**
     * How servers are asked.
     *
     * @param rise how many good answers in a row make a server healthy
     * @param fall how many bad ones make it unhealthy
     * @param panicThreshold the share of healthy servers below which all are used, 0–1
     */
    public record Health(Probe probe, Duration interval, Duration timeout, int rise, int fall, double panicThreshold) {
        public Health {
            Checks.require(rise >= 1 && fall >= 1, "one answer at least changes something");
            Checks.requireRatio(panicThreshold);
        }
    }

    /**
     * What they are asked.
     *
     * @param path and perhaps a query
     * @param host the Host that they see; null: the one that the upstream says for all requests, else the address of each
     * @param expect the statuses of a good answer
     */
    public record Probe(String path, @Nullable String host, List<StatusRange> expect) {
        public Probe {
            Checks.require(path.startsWith("/"), "a path begins with a slash");
            expect = List.copyOf(expect);
            Checks.require(!expect.isEmpty(), "some status is good");
        }
    }

    /** Status codes from the first to the last, both among them. */
    public record StatusRange(int first, int last) {
        public StatusRange {
            Checks.require(first >= 100 && last <= 599 && first <= last, "a range is within 100 to 599");
        }
    }

    /**
     * Which servers are left alone for a while.
     *
     * @param consecutiveFailures how many in a row
     * @param successRate the share of good responses below which a server is left alone too, 0–1; null: it is not counted
     * @param eject how long, the first time
     * @param maxEject how long at most, however often
     * @param maxEjected the share of servers that is left alone at most, 0–1
     */
    public record Outliers(
            int consecutiveFailures,
            @Nullable Double successRate,
            Duration eject,
            Duration maxEject,
            double maxEjected) {
        public Outliers {
            Checks.require(consecutiveFailures >= 1, "one failure at least ejects");
            Checks.require(eject.compareTo(maxEject) <= 0, "the longest time is not the shorter one");
            Checks.requireRatio(maxEjected);
            Checks.requireRatio(successRate == null ? 0 : successRate);
        }
    }
}
