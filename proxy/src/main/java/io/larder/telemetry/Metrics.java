package io.larder.telemetry;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Everything that is measured, in Prometheus' text format.
 *
 * <p>Requests are counted by their loops in plain counters ({@link LoopCounters}) that are read when somebody scrapes; no
 * meter is touched on the way of a request. Label values come from the configuration or from closed sets, never from
 * clients.
 */
@Shared
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry;
    private final List<LoopCounters> loops = new CopyOnWriteArrayList<>();
    private final AccessLog accessLog;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /**
     * @param version of this build
     * @param accessLog whose drops are counted, and whose lanes the loops write to
     */
    public Metrics(String version, Readings readings, AccessLog accessLog) {
        this.accessLog = accessLog;
        PrometheusRegistry prometheus = new PrometheusRegistry();
        registry = new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT, prometheus, io.micrometer.core.instrument.Clock.SYSTEM);
        prometheus.register(new Scrape(loops, readings));
        bindProcess();
        Gauge.builder("larder.build.info", () -> 1)
                .description("This build.")
                .tag("version", version)
                .register(registry);
        Gauge.builder("larder.netty.direct.memory.bytes", readings::directMemory)
                .description("Direct memory that Netty has reserved.")
                .register(registry);
        FunctionCounter.builder("larder.access.log.dropped", accessLog, AccessLog::dropped)
                .description("Access log lines that found no room or no target.")
                .register(registry);
    }

    private void bindProcess() {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /**
     * What one loop reports to: counters of its own, and its lane of the access log.
     *
     * @param name tells the loop apart in metrics
     */
    public Telemetry loop(String name, Loop loop) {
        LoopCounters counters = new LoopCounters(name);
        loops.add(counters);
        loop.execute(() -> counters.watch(loop));
        return new LoopTelemetry(counters, accessLog.lane());
    }

    /** All metrics now, in Prometheus' text format 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    /** How many requests ended in each cache outcome so far, by its name. */
    public Map<String, Long> outcomes() {
        Map<String, Long> outcomes = new TreeMap<>();
        for (LoopCounters loop : loops) {
            loop.forEachRoute(route ->
                    route.forEachOutcome(outcome -> outcomes.merge(outcome.cache(), outcome.count(), Long::sum)));
        }
        return outcomes;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
