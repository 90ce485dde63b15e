package io.larder.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** How long requests took: half of them no longer than {@code median}, one in a hundred longer than {@code p99}. */
record Latency(int count, Duration median, Duration p99, Duration longest) {
    static Latency of(Stream<Seen> requests) {
        long[] nanos = requests.mapToLong(one -> one.took().toNanos()).toArray();
        Arrays.sort(nanos);
        return nanos.length == 0
                ? new Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO)
                : new Latency(nanos.length, at(nanos, 0.5), at(nanos, 0.99), at(nanos, 1));
    }

    private static Duration at(long[] sorted, double share) {
        return Duration.ofNanos(sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
    }

    @Override
    public String toString() {
        return "%d: p50 %.2f ms, p99 %.2f ms, longest %.2f ms"
                .formatted(count, median.toNanos() / 1e6, p99.toNanos() / 1e6, longest.toNanos() / 1e6);
    }
}
