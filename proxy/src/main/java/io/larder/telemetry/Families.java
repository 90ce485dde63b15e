package io.larder.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metric families of one scrape being gathered; the same labels given twice add up. Confined to one thread. */
final class Families {
    private record Family(String name, String help, List<String> labels) {}

    /** Bucket counts and, last, the sum in nanoseconds. */
    private static final class Durations {
        private final long[] counts = new long[Histogram.BUCKETS];
        private long nanos;
    }

    private final Map<Family, Map<List<String>, Double>> counters = new LinkedHashMap<>();
    private final Map<Family, Map<List<String>, Double>> gauges = new LinkedHashMap<>();
    private final Map<Family, Map<List<String>, Durations>> histograms = new LinkedHashMap<>();
    private final List<String> labelNames = new ArrayList<>();

    /** The label names of the families that follow. */
    Families by(String... names) {
        labelNames.clear();
        labelNames.addAll(List.of(names));
        return this;
    }

    /** Counts up; {@code name} without {@code _total}. */
    void counter(String name, String help, long value, String... labels) {
        counters.computeIfAbsent(family(name, help), k -> new LinkedHashMap<>())
                .merge(List.of(labels), (double) value, Double::sum);
    }

    /** Time that adds up; {@code name} without {@code _total}. */
    void seconds(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(family(name, help), k -> new LinkedHashMap<>())
                .merge(List.of(labels), value, Double::sum);
    }

    void gauge(String name, String help, long value, String... labels) {
        gauges.computeIfAbsent(family(name, help), k -> new LinkedHashMap<>())
                .merge(List.of(labels), (double) value, Double::sum);
    }

    /** @param seconds NaN where there is none */
    void duration(String name, String help, double seconds) {
        gauges.computeIfAbsent(family(name, help), k -> new LinkedHashMap<>()).put(List.of(), seconds);
    }

    /** A moment, in seconds since 1970. */
    void timestamp(String name, String help, Instant time) {
        gauges.computeIfAbsent(family(name, help), k -> new LinkedHashMap<>())
                .put(List.of(), time.toEpochMilli() / 1e3);
    }

    void histogram(String name, String help, Histogram histogram, String... labels) {
        Durations durations = histograms
                .computeIfAbsent(family(name, help), k -> new LinkedHashMap<>())
                .computeIfAbsent(List.of(labels), k -> new Durations());
        durations.nanos += histogram.addTo(durations.counts);
    }

    private Family family(String name, String help) {
        return new Family(name, help, List.copyOf(labelNames));
    }

    MetricSnapshots build() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        counters.forEach((family, points) -> all.metricSnapshot(counters(family, points)));
        gauges.forEach((family, points) -> all.metricSnapshot(gauges(family, points)));
        histograms.forEach((family, points) -> all.metricSnapshot(histograms(family, points)));
        return all.build();
    }

    private static CounterSnapshot counters(Family family, Map<List<String>, Double> points) {
        CounterSnapshot.Builder snapshot =
                CounterSnapshot.builder().name(family.name()).help(family.help());
        points.forEach((values, value) -> snapshot.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(Labels.of(family.labels(), values))
                .value(value)
                .build()));
        return snapshot.build();
    }

    private static GaugeSnapshot gauges(Family family, Map<List<String>, Double> points) {
        GaugeSnapshot.Builder snapshot =
                GaugeSnapshot.builder().name(family.name()).help(family.help());
        points.forEach((values, value) -> snapshot.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(Labels.of(family.labels(), values))
                .value(value)
                .build()));
        return snapshot.build();
    }

    private static HistogramSnapshot histograms(Family family, Map<List<String>, Durations> points) {
        HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(family.name()).help(family.help());
        points.forEach((values, durations) -> snapshot.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                .labels(Labels.of(family.labels(), values))
                .classicHistogramBuckets(buckets(durations.counts))
                .sum(durations.nanos / 1e9)
                .build()));
        return snapshot.build();
    }

    private static ClassicHistogramBuckets buckets(long[] counts) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < counts.length; i++) {
            buckets.bucket(Histogram.boundSeconds(i), counts[i]);
        }
        return buckets.build();
    }
}
