package io.larder.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** Gathers what the loops counted and what others read out, whenever somebody scrapes. A value: it only reads. */
record Scrape(List<LoopCounters> loops, Readings readings) implements MultiCollector {

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        loops.forEach(loop -> loop(families, loop));
        readings.tiers().forEach(tier -> tier(families, tier));
        fetches(families, readings.fetches());
