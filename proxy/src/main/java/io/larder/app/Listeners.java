package io.larder.app;

import io.larder.admin.State;
import io.larder.config.ListenerConfig;
import io.larder.exchange.Handler;
import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import io.larder.netty.NettyLoop;
import io.larder.server.Listener;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.tls.Termination;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports that clients connect to. They change by one thread at a time; any may look. */
@Shared
final class Listeners {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);
    private static final Duration IN_FORCE = Duration.ofSeconds(2); // a loop that is stuck never says that it is

    /** A port that is open, and what it is open for. */
    private record Open(ListenerConfig config, ListenerSettings settings, Listener listener, Door door) {}

    /** A port that there is to be. */
    private record Wanted(ListenerConfig config, ListenerSettings settings) {}

    /** What becomes of a port, or is to be opened. */
    private sealed interface Step {
        /** It stays as it is. */
        record Keep(Open open) implements Step {}

        /** Connections that come are taken on other terms. */
        record Retune(Open open, Wanted to) implements Step {}

        /** So they are, and under another name. */
        record Rename(Open open, Wanted to) implements Step {}

        /** It is opened. */
        record Fresh(Wanted wanted) implements Step {}
    }

    private final Live live;
    private final Ports ports;
    private final Function<NettyLoop, Telemetry> telemetry;
    private final Set<Listener> leaving = ConcurrentHashMap.newKeySet();
    private volatile List<Open> open = List.of();

    Listeners(Live live, Ports ports, Function<NettyLoop, Telemetry> telemetry) {
        this.live = live;
        this.ports = ports;
        this.telemetry = telemetry;
    }

    /** Where clients connect, by the listener's name, with the ports that were chosen. */
    Map<String, InetSocketAddress> addresses() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        open.forEach(each -> addresses.put(each.config().name(), each.listener().address()));
        return addresses;
    }

    List<State.Listener> shown() {
        return open.stream()
                .map(each -> new State.Listener(
                        each.config().name(), Ports.text(each.listener().address()), encryption(each.settings())))
                .toList();
    }

    private static State.@Nullable Encryption encryption(ListenerSettings settings) {
        Termination tls = settings.tls();
        return tls == null ? null : new State.Encryption(tls.engine().text(), tls.firstExpiry());
    }

    /** All that have connections, those included that take no more. */
    List<Listener> all() {
        List<Listener> all = new ArrayList<>(leaving);
        open.forEach(each -> all.add(each.listener()));
        return all;
    }

    /** A change on its way: ports that were missing are open, nothing else has happened. */
    final class Turn {
        private final List<Step> steps;
        private final List<Open> next;
        private final List<Open> gone;

        private Turn(List<Step> steps, List<Open> next, List<Open> gone) {
            this.steps = steps;
            this.next = next;
            this.gone = gone;
        }

        /** Those who came by a port or a name that goes stay with {@code previous}, which knows it. */
        void keepTo(Handler previous) {
            gone.forEach(each -> each.door().keepTo(previous));
            for (Step step : steps) {
                if (step instanceof Step.Rename(Open old, Wanted to)) {
                    old.door().keepTo(previous);
                }
            }
        }

        /**
         * What a live generation must know is live: the new ports follow it, and the old ones are let go.
         *
         * @param drain how long requests that run there may take to finish
         */
        void complete(Duration drain) {
            next.forEach(each -> each.door().follow());
            open = List.copyOf(next);
            for (int i = 0; i < steps.size(); i++) {
                Open now = next.get(i);
                switch (steps.get(i)) {
                    case Step.Keep keep -> {}
                    case Step.Fresh fresh -> {}
                    case Step.Retune retune -> change(now);
                    case Step.Rename rename -> {
                        change(now);
                        now.listener().drainNamedOtherwise(drain);
                    }
                }
            }
            gone.forEach(each -> letGo(each, drain));
        }
    }

    /**
     * Opens what {@code wanted} has and is not open yet. Blocks.
     *
     * @param handler what those are put to who come by a new port before the rest is done
     * @throws StartFailure when a port cannot be had; nothing has changed then
     */
    Turn prepare(Collection<ListenerConfig> wanted, Handler handler) {
        List<Open> left = new ArrayList<>(open);
        List<Step> steps = steps(wanted, left);
        List<Open> next = new ArrayList<>();
        List<Open> fresh = new ArrayList<>();
        try {
            for (Step step : steps) {
                next.add(
                        switch (step) {
                            case Step.Keep(Open same) -> same;
                            case Step.Retune(Open old, Wanted to) -> retuned(old, to, old.door());
                            case Step.Rename(Open old, Wanted to) -> retuned(old, to, door(handler));
                            case Step.Fresh(Wanted asked) -> opened(asked, handler, fresh);
                        });
            }
        } catch (StartFailure failure) {
            fresh.forEach(each ->
                    each.listener().drain(Duration.ZERO).toCompletableFuture().join());
            throw failure;
        }
        return new Turn(steps, next, left);
    }

    /** What becomes of each; those that nobody wants stay in {@code left}. */
    private List<Step> steps(Collection<ListenerConfig> wanted, List<Open> left) {
        Map<String, Open> found = new LinkedHashMap<>();
        wanted.forEach(config -> take(left, config, true, found));
        wanted.forEach(config -> take(left, config, false, found));
        return wanted.stream()
                .map(config -> step(found.get(config.name()), config))
                .toList();
    }

    private static void take(List<Open> left, ListenerConfig config, boolean ofThatName, Map<String, Open> found) {
        if (found.containsKey(config.name())) {
            return;
        }
        for (Open each : left) {
            boolean named = each.config().name().equals(config.name());
            boolean bound = each.config().bind().equals(config.bind());
            // port 0 is another port for each that asks
            if (bound && (named || (!ofThatName && config.bind().port() != 0))) {
                found.put(config.name(), each);
                left.remove(each);
                return;
            }
        }
    }

    private Step step(@Nullable Open open, ListenerConfig config) {
        if (open == null) {
            return new Step.Fresh(new Wanted(config, ports.settings(config, null)));
        }
        Wanted wanted = new Wanted(config, ports.settings(config, open.settings()));
        if (open.config().equals(config) && open.settings().equals(wanted.settings())) {
            return new Step.Keep(open);
        }
        return open.config().name().equals(config.name())
                ? new Step.Retune(open, wanted)
                : new Step.Rename(open, wanted);
    }

    private Door door(Handler handler) {
        Door door = new Door(live);
        door.keepTo(handler);
        return door;
    }

    private Open retuned(Open old, Wanted to, Door door) {
        ports.openFor(to.config(), to.settings(), old.listener());
        return new Open(to.config(), to.settings(), old.listener(), door);
    }

    private Open opened(Wanted wanted, Handler handler, List<Open> fresh) {
        Door door = door(handler);
        Listener listener = ports.open(wanted.config(), wanted.settings(), door, telemetry);
        Open opened = new Open(wanted.config(), wanted.settings(), listener, door);
        fresh.add(opened);
        return opened;
    }

    private void change(Open to) {
        CompletableFuture<Void> changed = ports.change(to.listener(), to.settings(), to.door(), telemetry);
        changed.completeOnTimeout(null, IN_FORCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void letGo(Open each, Duration drain) {
        Listener listener = each.listener();
        leaving.add(listener);
        listener.drain(drain)
                .whenComplete((cut, failure) -> leaving.remove(listener))
                .whenCompleteAsync((cut, failure) ->
                        LOG.info("listener {} on {} is closed", each.config().name(), Ports.text(listener.address())));
    }
}
