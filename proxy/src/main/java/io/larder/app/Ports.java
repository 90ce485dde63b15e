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
import io.larder.route.TrustedProxies;
import io.larder.server.BindFailure;
import io.larder.server.Listener;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.Serving;
import io.larder.server.tls.Termination;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
            ListenerSettings.Entrance.OPEN,
            new ListenerSettings.Protocols(true, false),
            null);

    private final Loops loops;
    private final LongSupplier random;
    private final Supplier<TrustedProxies> proxies;
    private final Terminations terminations = new Terminations();

    /** @param proxies whose word on their clients is believed now */
    Ports(Loops loops, LongSupplier random, Supplier<TrustedProxies> proxies) {
        this.loops = loops;
        this.random = random;
        this.proxies = proxies;
    }

    /**
     * What {@code config} allows clients. Reads the files of its TLS, and blocks.
     *
     * @param before what it allowed them; null where there was none. What of it means the same lives on
     * @throws StartFailure where files are of no use
     */
    ListenerSettings settings(ListenerConfig config, @Nullable ListenerSettings before) {
        return settings(config, terminations.of(config, before == null ? null : before.tls()));
    }

    /** Opens a listener for clients. */
    Listener open(
            ListenerConfig config,
            ListenerSettings settings,
            Supplier<Handler> gateway,
            Function<NettyLoop, Telemetry> telemetry) {
        return bind(config.bind(), config.origin(), settings, serving(gateway, telemetry));
    }

    /** Opens the port for operators. */
    Listener open(AdminConfig config, Handler api) {
        return bind(config.bind(), config.origin(), ADMIN, serving(() -> api, loop -> Telemetry.NONE));
    }

    /** Lets connections that come to {@code listener} from now on be taken as {@code settings} say. */
    CompletableFuture<Void> change(
            Listener listener,
            ListenerSettings settings,
            Supplier<Handler> gateway,
            Function<NettyLoop, Telemetry> telemetry) {
        return listener.change(settings, serving(gateway, telemetry)).toCompletableFuture();
    }

    /**
     * Opens what {@code settings} need of a listener that is open for others.
     *
     * @throws StartFailure when it cannot be had
     */
    void openFor(ListenerConfig config, ListenerSettings settings, Listener listener) {
        try {
            listener.openFor(settings, loops);
        } catch (BindFailure failure) {
            throw failure(config.origin(), settings, failure);
        }
    }

    private static ListenerSettings settings(ListenerConfig config, @Nullable Termination tls) {
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
                entrance(config),
                protocols(config, tls),
                tls);
    }

    private static ListenerSettings.Entrance entrance(ListenerConfig config) {
        Integer perClient = config.limits().connectionsPerClient();
        boolean proxied = config.proxyProtocol() == ListenerConfig.ProxyProtocol.REQUIRE;
        return new ListenerSettings.Entrance(proxied, perClient == null ? Integer.MAX_VALUE : perClient);
    }

    private static ListenerSettings.Protocols protocols(ListenerConfig config, @Nullable Termination tls) {
        return new ListenerSettings.Protocols(
                config.protocols().contains(ListenerConfig.Protocol.HTTP_1_1),
                config.protocols().contains(ListenerConfig.Protocol.H2C)
                        || config.protocols().contains(ListenerConfig.Protocol.H2),
                tls != null && tls.quic() != null);
    }

    private Function<NettyLoop, Serving> serving(Supplier<Handler> handler, Function<NettyLoop, Telemetry> telemetry) {
        return loop -> new Serving(handler, telemetry.apply(loop), new RequestIds(random.getAsLong()), proxies);
    }

    private Listener bind(
            HostPort where, Origin origin, ListenerSettings settings, Function<NettyLoop, Serving> serving) {
        try {
            return Listener.open(address(where, origin), settings, loops, serving);
        } catch (BindFailure failure) {
            throw failure(origin, settings, failure);
        }
    }

    private static StartFailure failure(Origin origin, ListenerSettings settings, BindFailure failure) {
        return StartFailure.machine(origin.place() + ": listener '" + settings.name() + "': " + failure.getMessage());
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
