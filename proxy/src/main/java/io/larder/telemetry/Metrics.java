package io.larder.telemetry;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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
    private final CompletableFuture<ProcessMeters> process = new CompletableFuture<>();
    private final List<LoopCounters> loops = new CopyOnWriteArrayList<>();
    private final AccessLog accessLog;
    private final LogWriter writer = new LogWriter();
    private final BugLog bugs = new BugLog(writer);
    private final PageLog pages = new PageLog(writer);
    private final FloodLog floods = new FloodLog(writer);

    /**
     * Begins to measure.
     *
     * @param version of this build
     * @param accessLog whose drops are counted, and whose lanes the loops write to
     */
    public Metrics(String version, Readings readings, AccessLog accessLog) {
        this.accessLog = accessLog;
        // Loading the meters' classes takes a few hundred milliseconds, which the first request need not wait for.
        Thread.ofPlatform()
                .name("larder-metrics-start")
                .daemon(true)
                .start(() -> process.completeAsync(
                        () -> new ProcessMeters(version, readings, accessLog, new Scrape(loops, readings)),
                        Runnable::run));
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
        return new LoopTelemetry(counters, accessLog.lane(), bugs, pages, floods);
    }

    /** All metrics now, in Prometheus' text format 0.0.4. Waits where asked for within the first moments. */
    public String scrape() {
        return process.join().scrape();
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
        writer.close();
        process.thenAccept(ProcessMeters::close);
    }
}
