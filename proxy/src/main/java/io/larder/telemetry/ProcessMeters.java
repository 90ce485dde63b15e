package io.larder.telemetry;

import io.larder.exchange.Shared;
import io.micrometer.core.instrument.Clock;
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

/** The registry of all that is scraped, with the meters of the process itself. Scraped by any thread. */
@Shared
final class ProcessMeters {
    private final PrometheusMeterRegistry registry;
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** @param requests what is gathered on scraping only */
    ProcessMeters(String version, Readings readings, AccessLog accessLog, Scrape requests) {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        prometheus.register(requests);
        registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, prometheus, Clock.SYSTEM);
        bindPlatform();
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

    private void bindPlatform() {
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    String scrape() {
        return registry.scrape();
    }

    void close() {
        collections.close();
        registry.close();
    }
}
