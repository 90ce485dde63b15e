package io.larder.app;

import io.larder.assembly.Pages;
import io.larder.assembly.Prepared;
import io.larder.assembly.Room;
import io.larder.config.LarderConfig;
import io.larder.config.LogConfig;
import io.larder.config.RedisConfig;
import io.larder.gateway.Flights;
import io.larder.gateway.Gateway;
import io.larder.gateway.SharedCache;
import io.larder.netty.Loops;
import io.larder.route.TrustedProxies;
import io.larder.store.Leases;
import io.larder.store.LocalStore;
import io.larder.store.Store;
import io.larder.store.Upkeep;
import io.larder.telemetry.AccessLog;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a gateway, put together. Nothing here listens yet.
 *
 * @param upkeep has the store's caches in order
 * @param sharing null: this node is alone
 * @param maintenance runs what must not run on a loop: the walks of purges, compression, the guard's longer looks
 * @param operators runs what operators ask for, which would not wait for a walk
 * @param clock the wall clock
 */
record Assembly(
        LarderConfig config,
        Loops loops,
        ExecutorService maintenance,
        ExecutorService operators,
        InstantSource clock,
        Upkeep upkeep,
        AccessLog accessLog,
        Metrics metrics,
        Store store,
        @Nullable Sharing sharing,
        Backends backends,
        Gateway gateway,
        LiveState state,
        Explainer explainer) {
    private static final int KEY = 32; // octets
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
        Backends backends = Backends.of(config, loops, platform.random()::nextInt, madeUpKey());
        ExecutorService maintenance = one("larder-maintenance");
        GuardFindings findings = new GuardFindings(maintenance);
        Upkeep upkeep = new Upkeep();
        LocalStore local = new LocalStore(config.cache().memory(), System::nanoTime, upkeep, maintenance);
        RedisConfig redis = config.cache().redis();
        Sharing sharing = redis == null ? null : Sharing.of(local, config.cache(), redis, platform);
        Store store = sharing == null ? local : sharing.store();
        Leases leases = sharing == null ? Leases.NONE : sharing.fleet().leases();
        Flights flights = new Flights(store, bodiesOnTheirWay(config));
        Gateway gateway = new Gateway(
                new SiteTranslation(config).sites(),
                List.copyOf(config.listeners().keySet()),
                new TrustedProxies(config.trustedProxies()),
                backends::origin,
                new SharedCache(
                        store,
                        flights,
                        leases,
                        maintenance,
                        platform.random()::nextDouble,
                        findings,
                        pages(config, upkeep)));
        LiveReadings readings = new LiveReadings(store, sharing, flights, backends, findings, Instant.now());
        Metrics metrics = new Metrics(platform.version(), readings, accessLog);
        LiveState state = new LiveState(platform.version(), loops.transport(), config, readings, metrics);
        Explainer explainer = new Explainer(config, store, backends, platform.clock());
        return new Assembly(
                config,
                loops,
                maintenance,
                one("larder-operators"),
                platform.clock(),
                upkeep,
                accessLog,
                metrics,
                store,
                sharing,
                backends,
                gateway,
                state,
                explainer);
    }

    /** What signs cookies where no file says by what: they hold for as long as this process runs. */
    private static byte[] madeUpKey() {
        byte[] key = new byte[KEY];
        new SecureRandom().nextBytes(key);
        return key;
    }

    private static Pages pages(LarderConfig config, Upkeep upkeep) {
        return new Pages(
                Prepared.of(config.cache().memory() / 4, upkeep),
                new Room(Runtime.getRuntime().maxMemory() / 8),
                PageWorker.start(),
                new SecureRandom());
    }

    /** An eighth of the heap; where the largest object would find no room in that, up to a quarter. */
    private static long bodiesOnTheirWay(LarderConfig config) {
        long heap = Runtime.getRuntime().maxMemory();
        return Math.max(heap / 8, Math.min(2 * config.cache().maxObject(), heap / 4));
    }

    /** A thread by itself. */
    private static ExecutorService one(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
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
        if (sharing != null) {
            sharing.close();
        }
        maintenance.shutdownNow();
        operators.shutdownNow();
        upkeep.close();
        accessLog.close();
        metrics.close();
    }
}
