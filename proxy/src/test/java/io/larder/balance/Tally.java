package io.larder.balance;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of the requests that a simulation sent since it was last forgotten. */
final class Tally {
    /** Sees each request as it is sent. */
    interface Witness {
        void sent(SimServer server, long key, long nanos);
    }

    private final Map<SimServer, Integer> requests = new HashMap<>();
    private long[] latencies = new long[1 << 16];
    private int answered;
    private int failed;
    private long from;
    private Witness witness = (server, key, nanos) -> {};

    void watch(Witness other) {
        witness = other;
    }

    void forget(long now) {
        from = now;
        requests.clear();
        answered = 0;
        failed = 0;
    }

    void sent(SimServer server, long key, long nanos) {
        requests.merge(server, 1, Integer::sum);
        witness.sent(server, key, nanos);
    }

    void answered(long began, long nanos, boolean well) {
        if (began < from) {
            return;
        }
        if (!well) {
            failed++;
            return;
        }
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * answered);
        }
        latencies[answered++] = nanos;
    }

    /** Requests to one, of its unit of weight. */
    private double perWeight(SimServer server) {
        return requests.getOrDefault(server, 0) / (double) server.endpoint.weight();
    }

    /** The least over the most that a server got, by weight. */
    double leastOverMost(List<SimServer> servers) {
        double[] counts = servers.stream().mapToDouble(this::perWeight).sorted().toArray();
        return counts[0] / counts[counts.length - 1];
    }

    /** Standard deviation over mean of what servers got, by weight. */
    double variation(List<SimServer> servers) {
        return variation(servers.stream().mapToDouble(this::perWeight).toArray());
    }

    /** Standard deviation over mean. */
    static double variation(double[] counts) {
        double mean = 0;
        for (double count : counts) {
            mean += count / counts.length;
        }
        double squares = 0;
        for (double count : counts) {
            squares += (count - mean) * (count - mean) / counts.length;
        }
        return Math.sqrt(squares) / mean;
    }

    /** The share of all requests that went to one. */
    double share(SimServer server) {
        int all = 0;
        for (int count : requests.values()) {
            all += count;
        }
        return requests.getOrDefault(server, 0) / (double) all;
    }

    /** The share of all answers that were errors. */
    double failed() {
        return failed / (double) (failed + answered);
    }

    /** In nanoseconds, of the good answers; 1 for the longest. */
    long quantile(double part) {
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        return sorted[Math.min(answered - 1, (int) (part * answered))];
    }
}
