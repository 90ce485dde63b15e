package io.larder.app;

import io.larder.balance.Endpoint;
import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.balance.SuccessRate;
import io.larder.config.HostHeader;
import io.larder.config.HostPort;
import io.larder.config.Members;
import io.larder.config.ServerAddress;
import io.larder.config.UpstreamConfig;
import io.larder.config.Watch;
import io.larder.config.Wire;
import io.larder.config.source.Origin;
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
        for (Members.Server server : listed(upstream)) {
            servers.add(new UpstreamSettings.ServerSettings(
                    new Endpoint(server.address().toString(), server.weight(), server.backup() ? 1 : 0),
                    resolved(server)));
        }
        return servers;
    }

    /** The settings of an upstream, but for its servers. */
    static UpstreamSettings settings(UpstreamConfig upstream) {
        if (upstream.wire().protocol() != Wire.Protocol.HTTP_1_1) {
            throw notYet(upstream.origin(), "protocol");
        }
        UpstreamConfig.Pool pool = upstream.limits().pool();
        UpstreamConfig.Timeouts timeouts = upstream.limits().timeouts();
        return new UpstreamSettings(
                upstream.name(),
                switch (upstream.balancing().balance()) {
                    case ROUND_ROBIN -> UpstreamSettings.Balancing.ROUND_ROBIN;
                    case LEAST_REQUESTS -> UpstreamSettings.Balancing.LEAST_REQUESTS;
                    case EWMA, RANDOM, CONSISTENT_HASH -> throw notYet(upstream.origin(), "balance");
                },
                new UpstreamSettings.Pool(
                        pool.maxConnections(), pool.maxPending(), pool.pendingTimeout(), pool.idle(), pool.maxAge()),
                new UpstreamSettings.Timeouts(
                        timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total()),
                care(upstream.watch()),
                new UpstreamSettings.Responses(
                        UpstreamSettings.Responses.DEFAULT.limits(),
                        upstream.wire().unknownTransferCoding() == Wire.UnknownCoding.READ_TO_CLOSE));
    }

    private static UpstreamSettings.Care care(Watch watch) {
        Watch.Outliers outliers = watch.outliers();
        Watch.Health health = watch.health();
        return new UpstreamSettings.Care(
                BREAKER, outliers == null ? null : outliers(outliers), health == null ? null : checks(health));
    }

    private static UpstreamSettings.Outliers outliers(Watch.Outliers outliers) {
        Double rate = outliers.successRate();
        return new UpstreamSettings.Outliers(
                new OutlierDetector(outliers.consecutiveFailures(), outliers.eject(), outliers.maxEject()),
                outliers.maxEjected(),
                rate == null || rate == 0 ? null : new SuccessRate(rate));
    }

    private static UpstreamSettings.Checks checks(Watch.Health health) {
        return new UpstreamSettings.Checks(
                health.probe().path(),
                health.probe().host(),
                health.interval(),
                health.timeout(),
                health.probe().expect().stream()
                        .map(range -> new UpstreamSettings.Statuses(range.first(), range.last()))
                        .toList(),
                new HealthCount(health.rise(), health.fall()),
                health.panicThreshold());
    }

    private static List<Members.Server> listed(UpstreamConfig upstream) {
        return switch (upstream.members()) {
            case Members.Listed(List<Members.Server> servers) -> servers;
            case Members.Discovered discovered -> throw notYet(upstream.origin(), "discover");
        };
    }

    private static StartFailure notYet(Origin origin, String key) {
        return StartFailure.configuration(origin.place() + ": this '" + key + "' is not supported yet");
    }

    private static InetSocketAddress resolved(Members.Server server) {
        return switch (server.address()) {
            case ServerAddress.Tcp(HostPort address) -> resolved(address, server.origin());
            case ServerAddress.Unix socket -> throw notYet(server.origin(), "servers");
        };
    }

    private static InetSocketAddress resolved(HostPort address, Origin origin) {
        try {
            return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw StartFailure.configuration(origin.place() + ": the name '" + address.host()
                    + "' cannot be resolved; write an address, or make the name known");
        }
    }

    static RetrySettings retries(UpstreamConfig.Retry retry) {
        UpstreamConfig.RetryOn on = retry.on();
        return new RetrySettings(
                retry.attempts(), on.connect(), on.reset(), on.statuses(), retry.budget(), retry.hedgeAfter());
    }

    static HostRule host(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> new HostRule.Preserve();
            case HostHeader.Upstream upstream -> new HostRule.Server();
            case HostHeader.Literal(String value) -> new HostRule.Literal(value);
        };
    }
}
