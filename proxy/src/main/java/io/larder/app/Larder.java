package io.larder.app;

import io.larder.admin.AdminApi;
import io.larder.admin.ReloadReport;
import io.larder.admin.Reloading;
import io.larder.config.LarderConfig;
import io.larder.config.bind.Quantities;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import io.larder.netty.NettyLoop;
import io.larder.server.Listener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway at work: opens its ports, and closes them when it is told to, in good order. */
@Shared
public final class Larder {
    private static final Logger LOG = LoggerFactory.getLogger(Larder.class);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    private static final ReloadReport NO_FILE = new ReloadReport.Nothing(
            "this gateway was started without a configuration file: there is none to read again");

    private final Assembly parts;
    private final Listeners listeners;
    private final Succession succession;
    private final Reloading reloads;
    private final @Nullable Watcher watcher; // null where nobody looks
    private final Listener admin;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** As {@link #start(LarderConfig, Platform, Rereading)}, with a configuration that cannot be read again. */
    public static Larder start(LarderConfig config, Platform platform) {
        return start(config, platform, null);
    }

    /**
     * Starts a gateway. Blocks; when it returns, every port accepts connections, and requests are answered; where there are
     * other nodes it may take some more seconds until it says that it is ready.
     *
     * @param rereading how the configuration is got again; null where it cannot be
     * @throws StartFailure with words for the person who starts it; nothing is left running then
     */
    public static Larder start(LarderConfig config, Platform platform, @Nullable Rereading rereading) {
        Logs.least(config.log().level());
        Assembly parts = Assembly.of(config, platform);
        Ports ports = new Ports(
                parts.loops(),
                platform.random()::nextLong,
                () -> parts.live().now().trusted());
        Listeners listeners = new Listeners(parts.live(), ports, telemetry(parts));
        try {
            listeners
                    .prepare(config.listeners().values(), parts.live().gateway())
                    .complete(Duration.ZERO);
            Larder larder = new Larder(parts, listeners, ports, rereading);
            LOG.info("transport {}, {} loops", parts.loops().transport(), platform.loops());
            return larder;
        } catch (RuntimeException failure) {
            listeners
                    .all()
                    .forEach(listener ->
                            listener.drain(Duration.ZERO).toCompletableFuture().join());
            parts.close();
            throw failure;
        }
    }

    private Larder(Assembly parts, Listeners listeners, Ports ports, @Nullable Rereading rereading) {
        this.parts = parts;
        this.listeners = listeners;
        this.succession = new Succession(parts, listeners);
        if (rereading == null) {
            this.reloads = () -> CompletableFuture.completedFuture(NO_FILE);
            this.admin = ports.open(parts.live().now().config().admin(), api());
            this.watcher = null;
        } else {
            Reloads again = new Reloads(rereading, parts, succession);
            this.reloads = again;
            this.admin = ports.open(parts.live().now().config().admin(), api());
            this.watcher = rereading.watched() ? Watcher.start(rereading.read(), again) : null;
        }
        parts.state().listening(listeners.shown());
        parts.state().serving();
        Sharing sharing = parts.sharing();
        if (sharing == null) {
            parts.state().ready();
        } else {
            sharing.fleet().start().thenRun(parts.state()::ready);
        }
    }

    private static Function<NettyLoop, Telemetry> telemetry(Assembly parts) {
        Map<NettyLoop, Telemetry> telemetry = new HashMap<>();
        parts.loops().all().forEach(loop -> telemetry.put(loop, parts.metrics().loop("loop-" + loop.number(), loop)));
        return loop -> telemetry.getOrDefault(loop, Telemetry.NONE);
    }

    private AdminApi api() {
        Live live = parts.live();
        Purges purges = new Purges(
                parts.maker().cache().store(), () -> live.now().gateway().urls(), parts.clock(), parts.events());
        return new AdminApi(
                () -> live.now().guard(),
                parts.state(),
                new AdminApi.Deeds(
                        purges,
                        described -> live.now().explainer().explain(described),
                        reloads,
                        live::drain,
                        this::stop),
                parts.events(),
                parts.operators(),
                Quantities::duration);
    }

    /** Where clients connect, by the listener's name, with the ports that were chosen. */
    public Map<String, InetSocketAddress> addresses() {
        return listeners.addresses();
    }

    /** The configuration that is live now, and what has become of others. */
    Live live() {
        return parts.live();
    }

    /** How many listen to what happens. */
    int listening() {
        return parts.events().listeners();
    }

    /** Reads the configuration again, and lets it become live if it is good. Returns at once. */
    public void reload() {
        reloads.reload();
    }

    /** Where operators connect. */
    public InetSocketAddress adminAddress() {
        return admin.address();
    }

    /** Opens log files anew, after they were renamed. Returns at once. */
    public void reopenLogs() {
        parts.accessLog().reopen();
    }

    /** Begins to stop, as {@code shutdown.drain} allows: finishes what runs, takes nothing new. Returns at once. */
    public void stop() {
        if (stopping.compareAndSet(false, true)) {
            new Thread(this::drain, "larder-stop").start();
        }
    }

    /** Waits until a gateway that was told to stop has stopped. */
    public void await() throws InterruptedException {
        stopped.await();
    }

    /** Whatever goes wrong on the way, whoever waits for the end sees it. */
    private void drain() {
        parts.state().draining(); // before a reload that is under way is waited for
        succession.end();
        if (watcher != null) {
            watcher.close();
        }
        Duration limit = parts.live().now().config().shutdown().drain();
        LOG.info("stopping: running requests have {} s to finish", limit.toMillis() / 1e3);
        try {
            int unfinished = finish(limit);
            LOG.info("stopped; {} connections were cut", unfinished);
        } catch (RuntimeException failure) {
            LOG.error("stopping in good order failed", failure);
        } finally {
            parts.close();
            stopped.countDown();
        }
    }

    private int finish(Duration limit) {
        CompletableFuture<Integer> cut = CompletableFuture.completedFuture(0);
        for (Listener listener : listeners.all()) {
            cut = cut.thenCombine(listener.drain(limit), Integer::sum);
        }
        // a loop that is stuck never says that it is done
        int unfinished = cut.orTimeout(limit.plus(LAST_ANSWERS).toMillis(), TimeUnit.MILLISECONDS)
                .join();
        parts.events().close();
        admin.drain(LAST_ANSWERS)
                .toCompletableFuture()
                .orTimeout(LAST_ANSWERS.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return unfinished;
    }
}
