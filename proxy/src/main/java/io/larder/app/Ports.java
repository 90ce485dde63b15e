package io.larder.app;

import io.larder.config.AdminConfig;
import io.larder.config.HostPort;
import io.larder.config.ListenerConfig;
import io.larder.config.source.Origin;
import io.larder.exchange.Handler;
import io.larder.exchange.Telemetry;
import io.larder.http.HeadLimits;
import io.larder.netty.Loops;
import io.larder.netty.NettyLoop;
import io.larder.server.BindFailure;
import io.larder.server.Listener;
import io.larder.server.ListenerSettings;
import io.larder.server.Serving;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Opens the ports that the configuration asks for. */
final class Ports {
    private static final Duration HALF_CLOSED = Duration.ofSeconds(1);
    private static final ListenerSettings ADMIN = new ListenerSettings(
            "admin",
            new HeadLimits(8 * 1024, 8 * 1024, 32 * 1024, 100),
            256,
            1024 * 1024,
            new ListenerSettings.Timeouts(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(75),
                    Duration.ofSeconds(60),
                    HALF_CLOSED),
            new ListenerSettings.Protocols(true, false));

    private final Loops loops;
    private final LongSupplier random;

    Ports(Loops loops, LongSupplier random) {
        this.loops = loops;
        this.random = random;
    }

    /** Opens a listener for clients. */
    Listener open(ListenerConfig config, Supplier<Handler> gateway, Function<NettyLoop, Telemetry> telemetry) {
        return bind(config.bind(), config.origin(), settings(config), serving(gateway, telemetry));
    }

    /** Opens the port for operators. */
    Listener open(AdminConfig config, Handler api) {
        return bind(config.bind(), config.origin(), ADMIN, serving(() -> api, loop -> Telemetry.NONE));
    }

    /** Lets connections that come to {@code listener} from now on be taken as {@code config} says. */
    CompletableFuture<Void> change(
            Listener listener,
            ListenerConfig config,
            Supplier<Handler> gateway,
            Function<NettyLoop, Telemetry> telemetry) {
        return listener.change(settings(config), serving(gateway, telemetry)).toCompletableFuture();
    }

    private static ListenerSettings settings(ListenerConfig config) {
        ListenerConfig.Limits limits = config.limits();
        ListenerConfig.ClientTimeouts timeouts = limits.timeouts();
        HeadLimits head = new HeadLimits(
                Math.toIntExact(limits.requestLine()),
                Math.toIntExact(limits.header()),
                Math.toIntExact(limits.headers()),
                limits.headerCount());
        return new ListenerSettings(
                config.name(),
                head,
                limits.connections(),
                limits.body(),
                new ListenerSettings.Timeouts(
                        timeouts.header(), timeouts.body(), timeouts.idle(), timeouts.write(), HALF_CLOSED),
                new ListenerSettings.Protocols(
                        config.protocols().contains(ListenerConfig.Protocol.HTTP_1_1),
                        config.protocols().contains(ListenerConfig.Protocol.H2C)));
    }

    private Function<NettyLoop, Serving> serving(Supplier<Handler> handler, Function<NettyLoop, Telemetry> telemetry) {
        return loop -> new Serving(handler, telemetry.apply(loop), new RequestIds(random.getAsLong()));
    }

    private Listener bind(
            HostPort where, Origin origin, ListenerSettings settings, Function<NettyLoop, Serving> serving) {
        try {
            return Listener.open(address(where, origin), settings, loops, serving);
        } catch (BindFailure failure) {
            throw StartFailure.machine(
                    origin.place() + ": listener '" + settings.name() + "': " + failure.getMessage());
        }
    }

    /** An address as people write it. */
    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static InetSocketAddress address(HostPort where, Origin origin) {
        if (where.host().isEmpty()) {
            return new InetSocketAddress(where.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(where.host()), where.port());
        } catch (UnknownHostException e) {
            throw StartFailure.configuration(
                    origin.place() + ": the name '" + where.host() + "' to listen on cannot be resolved");
        }
    }
}
