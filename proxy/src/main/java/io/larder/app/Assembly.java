package io.larder.app;

import io.larder.admin.Events;
import io.larder.admin.Guard;
import io.larder.assembly.Pages;
import io.larder.assembly.Prepared;
import io.larder.assembly.Room;
import io.larder.config.LarderConfig;
import io.larder.config.LogConfig;
import io.larder.config.RedisConfig;
import io.larder.gateway.Flights;
import io.larder.gateway.SharedCache;
import io.larder.http.Bytes;
import io.larder.netty.Loops;
import io.larder.store.Leases;
import io.larder.store.LocalStore;
import io.larder.store.Rates;
import io.larder.store.Store;
import io.larder.store.Upkeep;
import io.larder.telemetry.AccessLog;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.Metrics;
import io.larder.upstream.discovery.DnsSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a gateway that live as long as it does, put together, and the maker of those that a reload replaces. Nothing
 * here listens yet.
 *
 * @param upkeep has the store's caches in order
 * @param sharing null: this node is alone
 * @param maintenance runs what must not run on a loop: the walks of purges, compression, the guard's longer looks
 * @param operators runs what operators ask for, which would not wait for a walk
 * @param reloading runs reloads, which may wait for name servers
 * @param maker of generations
 * @param live the one that is
 */
record Assembly(
        Loops loops,
        ExecutorService maintenance,
        ExecutorService operators,
        ExecutorService reloading,
        InstantSource clock,
        Upkeep upkeep,
        AccessLog accessLog,
        Metrics metrics,
        @Nullable Sharing sharing,
        Maker maker,
        Live live,
        LiveState state,
        Events events) {
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
        // first what may fail
        Guard guard = Maker.guard(config.admin(), config.admin().bind());
        Events events = new Events(platform.clock());
        ExecutorService maintenance = one("larder-maintenance");
        BackendMaker makes = new BackendMaker(
                loops,
                new Discoveries(loops, platform.random()::nextDouble, DnsSettings.ofThisMachine()),
                platform.random()::nextInt,
                new ServerNews(events, maintenance),
                madeUpKey());
        Backends backends = Backends.of(config, Backends.NONE, makes);
        GuardFindings findings = new GuardFindings(maintenance);
        Upkeep upkeep = new Upkeep();
        LocalStore local = new LocalStore(config.cache().memory(), System::nanoTime, upkeep, maintenance);
        RedisConfig redis = config.cache().redis();
        Sharing sharing = redis == null ? null : Sharing.of(local, config.cache(), redis, platform);
        Store store = sharing == null ? local : sharing.store();
        Leases leases = sharing == null ? Leases.NONE : sharing.fleet().leases();
        Flights flights = new Flights(store, bodiesOnTheirWay(config));
        SharedCache cache = new SharedCache(
                store, flights, leases, maintenance, platform.random()::nextDouble, findings, pages(config, upkeep));
        Keepers keepers = Keepers.of(sharing == null ? Rates.alone() : sharing.rates(), madeUpKey());
        Maker maker = new Maker(makes, platform, cache, keepers, config.admin().bind());
        Live live = new Live(maker.first(config, backends, guard), Instant.now());
        LiveReadings readings = new LiveReadings(store, sharing, keepers.rates(), flights, live, findings);
        Metrics metrics = new Metrics(platform.version(), readings, accessLog);
        return new Assembly(
                loops,
                maintenance,
                one("larder-operators"),
                one("larder-reloads"),
                platform.clock(),
                upkeep,
                accessLog,
                metrics,
                sharing,
                maker,
                live,
                new LiveState(platform.version(), loops.transport(), live, readings, metrics),
                events);
    }

    /** What signs cookies where no file says by what: they hold for as long as this process runs. */
    private static Bytes madeUpKey() {
        byte[] key = new byte[KEY];
        new SecureRandom().nextBytes(key);
        return Bytes.of(key);
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
        live.now().backends().retireUnless(Backends.NONE);
        maker.makes().discoveries().close();
        loops.closeAndWait(LAST);
        if (sharing != null) {
            sharing.close();
        }
        maker.keepers().keyrings().close();
        maintenance.shutdownNow();
        operators.shutdownNow();
        reloading.shutdownNow();
        upkeep.close();
        accessLog.close();
        metrics.close();
    }
}
