package io.larder.app;

import io.larder.balance.Endpoint;
import io.larder.balance.OutlierDetector;
import io.larder.config.HostHeader;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.HostRule;
import io.larder.gateway.RetrySettings;
import io.larder.upstream.UpstreamSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says in the upstream's words what the configuration says of servers, and looks their names up. */
final class UpstreamTranslation {
    // a server that refuses connections is left alone for a second, then two, four … a minute
    private static final OutlierDetector BREAKER = new OutlierDetector(3, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private UpstreamTranslation() {}

    /**
     * The servers of an upstream, their names resolved. Blocks.
     *
     * @throws StartFailure naming the place of a server whose name cannot be resolved
     */
    static List<UpstreamSettings.ServerSettings> servers(UpstreamConfig upstream) {
        List<UpstreamSettings.ServerSettings> servers = new ArrayList<>();
        for (UpstreamConfig.Server server : upstream.servers()) {
            servers.add(new UpstreamSettings.ServerSettings(
                    new Endpoint(server.address().toString(), server.weight(), server.backup() ? 1 : 0),
                    resolved(server)));
        }
        return servers;
    }

    /** The settings of an upstream, but for its servers. */
    static UpstreamSettings settings(UpstreamConfig upstream) {
        UpstreamConfig.Pool pool = upstream.pool();
        UpstreamConfig.Timeouts timeouts = upstream.timeouts();
        return new UpstreamSettings(
                upstream.name(),
                switch (upstream.balance()) {
                    case ROUND_ROBIN -> UpstreamSettings.Balancing.ROUND_ROBIN;
                    case LEAST_REQUESTS -> UpstreamSettings.Balancing.LEAST_REQUESTS;
                },
                new UpstreamSettings.Pool(
                        pool.maxConnections(), pool.maxPending(), pool.pendingTimeout(), pool.idle(), pool.maxAge()),
                new UpstreamSettings.Timeouts(
                        timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total()),
                UpstreamSettings.Care.of(BREAKER),
                new UpstreamSettings.Responses(
                        UpstreamSettings.Responses.DEFAULT.limits(),
                        upstream.unknownTransferCoding() == UpstreamConfig.UnknownCoding.READ_TO_CLOSE));
    }

    private static InetSocketAddress resolved(UpstreamConfig.Server server) {
        try {
            InetAddress address = InetAddress.getByName(server.address().host());
            return new InetSocketAddress(address, server.address().port());
        } catch (UnknownHostException e) {
            throw StartFailure.configuration(server.origin().place() + ": the name '"
                    + server.address().host() + "' cannot be resolved; write an address, or make the name known");
        }
    }

    static RetrySettings retries(UpstreamConfig.Retry retry) {
        UpstreamConfig.RetryOn on = retry.on();
        return new RetrySettings(retry.attempts(), on.connect(), on.reset(), on.statuses(), retry.budget(), null);
    }

    static HostRule host(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> new HostRule.Preserve();
            case HostHeader.Upstream upstream -> new HostRule.Server();
            case HostHeader.Literal(String value) -> new HostRule.Literal(value);
        };
    }
}
