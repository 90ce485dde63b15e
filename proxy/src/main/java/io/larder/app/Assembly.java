package io.larder.app;

import io.larder.config.LarderConfig;
import io.larder.config.LogConfig;
import io.larder.gateway.Flights;
import io.larder.gateway.Gateway;
import io.larder.gateway.SharedCache;
import io.larder.netty.Loops;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import io.larder.store.Store;
import io.larder.store.Upkeep;
import io.larder.telemetry.AccessLog;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The parts of a gateway, put together. Nothing here listens yet.
 *
 * @param upkeep has the store's caches in order
 * @param maintenance runs what must not run on a loop: the walks of purges, compression, the guard's longer looks
 */
record Assembly(
        LarderConfig config,
        Loops loops,
        ExecutorService maintenance,
        Upkeep upkeep,
        AccessLog accessLog,
        Metrics metrics,
        Store store,
        Backends backends,
        Gateway gateway,
        LiveState state,
        Explainer explainer) {
    private static final Duration LAST = Duration.ofSeconds(2);

    /** Makes all parts. Blocks while names are looked up. */
    static Assembly of(LarderConfig config, Platform platform) {
        AccessLog accessLog = accessLog(config.log().access());
        Loops loops = new Loops(platform.transport(), platform.loops(), platform.clock());
        try {
            return of(config, platform, accessLog, loops);
        } catch (RuntimeException failure) {
            loops.closeAndWait(LAST);
            accessLog.close();
            throw failure;
        }
    }

    private static Assembly of(LarderConfig config, Platform platform, AccessLog accessLog, Loops loops) {
        Backends backends = Backends.of(config, loops, platform.random()::nextInt);
        ExecutorService maintenance = Executors.newSingleThreadExecutor(Assembly::daemon);
        GuardFindings findings = new GuardFindings(maintenance);
        Upkeep upkeep = new Upkeep();
        Store store = new LocalStore(config.cache().memory(), System::nanoTime, upkeep, maintenance);
        Flights flights = new Flights(store, bodiesOnTheirWay(config));
        Gateway gateway = new Gateway(
                new SiteTranslation(config).sites(),
                List.copyOf(config.listeners().keySet()),
                new TrustedProxies(config.trustedProxies()),
                backends::origin,
                new SharedCache(store, flights, maintenance, platform.random()::nextDouble, findings));
        LiveReadings readings = new LiveReadings(store, flights, backends, findings, Instant.now());
        Metrics metrics = new Metrics(platform.version(), readings, accessLog);
        LiveState state = new LiveState(platform.version(), loops.transport(), config, readings, metrics);
        Explainer explainer = new Explainer(config, store, backends, platform.clock());
        return new Assembly(
                config, loops, maintenance, upkeep, accessLog, metrics, store, backends, gateway, state, explainer);
    }

    /** An eighth of the heap; where the largest object would find no room in that, up to a quarter. */
    private static long bodiesOnTheirWay(LarderConfig config) {
        long heap = Runtime.getRuntime().maxMemory();
        return Math.max(heap / 8, Math.min(2 * config.cache().maxObject(), heap / 4));
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "larder-maintenance");
        thread.setDaemon(true);
        return thread;
    }

    private static AccessLog accessLog(LogConfig.AccessLog log) {
        AccessLog.Format format = switch (log.format()) {
            case JSON -> AccessLog.Format.JSON;
            case COMBINED -> AccessLog.Format.COMBINED;
            case OFF -> AccessLog.Format.OFF;
        };
        AccessLog.Destination to = switch (log.to()) {
            case LogConfig.Target.Stdout stdout -> new AccessLog.Destination.Stdout();
            case LogConfig.Target.Stderr stderr -> new AccessLog.Destination.Stderr();
            case LogConfig.Target.ToFile(Path path) -> new AccessLog.Destination.ToFile(path);
        };
        try {
            return AccessLog.open(format, to, log.sample());
        } catch (IOException e) {
            throw StartFailure.machine("the access log cannot be opened: " + e);
        }
    }

    /** Lets everything go. Blocks for a few seconds at most. */
    void close() {
        backends.retire();
        loops.closeAndWait(LAST);
        maintenance.shutdownNow();
        upkeep.close();
        accessLog.close();
        metrics.close();
    }
}
