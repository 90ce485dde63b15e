package io.larder.app;

import io.larder.admin.AdminApi;
import io.larder.admin.Guard;
import io.larder.admin.State;
import io.larder.config.AdminConfig;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.bind.Quantities;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import io.larder.netty.NettyLoop;
import io.larder.server.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gateway at work: opens its ports, and closes them when it is told to, in good order. */
@Shared
public final class Larder {
    private static final Logger LOG = LoggerFactory.getLogger(Larder.class);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    private final Assembly parts;
    private final Listener admin;
    private final Map<String, Listener> listeners;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * Starts a gateway. Blocks; when it returns, every port accepts connections, and requests are answered; where there are
     * other nodes it may take some more seconds until it says that it is ready.
     *
     * @throws StartFailure with words for the person who starts it; nothing is left running then
     */
    public static Larder start(LarderConfig config, Platform platform) {
        Logs.least(config.log().level());
        Assembly parts = Assembly.of(config, platform);
        Ports ports = new Ports(parts.loops(), platform.random()::nextLong);
        try {
            Larder larder = new Larder(parts, ports);
            LOG.info("transport {}, {} loops", parts.loops().transport(), platform.loops());
            return larder;
        } catch (RuntimeException failure) {
            ports.abandon();
            parts.close();
            throw failure;
        }
    }

    private Larder(Assembly parts, Ports ports) {
        this.parts = parts;
        this.listeners = open(parts, ports);
        this.admin = ports.open(parts.config().admin(), api());
        List<State.Listener> open = new ArrayList<>();
        listeners.forEach((name, listener) -> open.add(new State.Listener(name, text(listener.address()))));
        parts.state().serving(open);
        Sharing sharing = parts.sharing();
        if (sharing == null) {
            parts.state().ready();
        } else {
            sharing.fleet().start().thenRun(parts.state()::ready);
        }
    }

    private static Map<String, Listener> open(Assembly parts, Ports ports) {
        Map<NettyLoop, Telemetry> telemetry = new HashMap<>();
        parts.loops().all().forEach(loop -> telemetry.put(loop, parts.metrics().loop("loop-" + loop.number(), loop)));
        Map<String, Listener> open = new LinkedHashMap<>();
        for (ListenerConfig listener : parts.config().listeners().values()) {
            open.put(
                    listener.name(),
                    ports.open(listener, parts::gateway, loop -> telemetry.getOrDefault(loop, Telemetry.NONE)));
        }
        return Map.copyOf(open);
    }

    private AdminApi api() {
        AdminConfig config = parts.config().admin();
        Guard guard = new Guard(config.bind().host(), Set.of(), token(config));
        Purges purges = new Purges(parts.store(), () -> parts.gateway().urls(), parts.clock());
        return new AdminApi(
                guard, parts.state(), purges, parts.explainer(), parts.backends(), this::stop, parts.operators(), Quantities::duration);
    }

    private static @Nullable String token(AdminConfig config) {
        Path file = config.tokenFile();
        if (file == null) {
            return null;
        }
        try {
            return SecretFile.read(file);
        } catch (IOException e) {
            throw StartFailure.configuration(config.origin().place() + ": the token file cannot be read: " + e);
        }
    }

    /** Where clients connect, by the listener's name, with the ports that were chosen. */
    public Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        parts.config().listeners().keySet().forEach(name -> {
            Listener listener = listeners.get(name);
            if (listener != null) {
                addresses.put(name, listener.address());
            }
        });
        return addresses;
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
        Duration limit = parts.config().shutdown().drain();
        LOG.info("stopping: running requests have {} s to finish", limit.toMillis() / 1e3);
        parts.state().draining();
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
        for (Listener listener : listeners.values()) {
            cut = cut.thenCombine(listener.drain(limit), Integer::sum);
        }
        // a loop that is stuck never says that it is done
        int unfinished = cut.orTimeout(limit.plus(LAST_ANSWERS).toMillis(), TimeUnit.MILLISECONDS)
                .join();
        admin.drain(LAST_ANSWERS)
                .toCompletableFuture()
                .orTimeout(LAST_ANSWERS.multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return unfinished;
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
