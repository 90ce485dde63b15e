package io.larder.app;

import io.larder.balance.Endpoint;
import io.larder.balance.OutlierDetector;
import io.larder.config.HostHeader;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.HostRule;
import io.larder.gateway.RetrySettings;
import io.larder.gateway.RetrySettings.Condition;
import io.larder.upstream.UpstreamSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Says in the upstream's words what the configuration says of servers, and looks their names up. */
final class UpstreamTranslation {
    // a server that refuses connections is left alone for a second, then two, four … a minute
    private static final OutlierDetector EJECTION =
            new OutlierDetector(3, Duration.ofSeconds(1), Duration.ofMinutes(1));

    private UpstreamTranslation() {}

    /**
     * The settings of an upstream, its names resolved. Blocks.
     *
     * @throws StartFailure naming the place of a server whose name cannot be resolved
     */
    static UpstreamSettings settings(UpstreamConfig upstream) {
        List<UpstreamSettings.ServerSettings> servers = new ArrayList<>();
        for (UpstreamConfig.Server server : upstream.servers()) {
            servers.add(new UpstreamSettings.ServerSettings(
                    new Endpoint(server.address().toString(), server.weight(), server.backup()), resolved(server)));
        }
        UpstreamConfig.Pool pool = upstream.pool();
        UpstreamConfig.Timeouts timeouts = upstream.timeouts();
        return new UpstreamSettings(
                upstream.name(),
                servers,
                switch (upstream.balance()) {
                    case ROUND_ROBIN -> UpstreamSettings.Balancing.ROUND_ROBIN;
                    case LEAST_REQUESTS -> UpstreamSettings.Balancing.LEAST_REQUESTS;
                },
                new UpstreamSettings.Pool(
                        pool.maxConnections(), pool.maxPending(), pool.pendingTimeout(), pool.idle(), pool.maxAge()),
                new UpstreamSettings.Timeouts(
                        timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total()),
                EJECTION,
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
        Set<Condition> on = EnumSet.noneOf(Condition.class);
        if (retry.on().connect()) {
            on.add(Condition.CONNECT);
        }
        if (retry.on().reset()) {
            on.add(Condition.RESET);
        }
        for (int status : retry.on().statuses()) {
            on.add(condition(status));
        }
        return new RetrySettings(retry.attempts(), on, retry.budget());
    }

    private static Condition condition(int status) {
        return switch (status) {
            case 502 -> Condition.STATUS_502;
            case 503 -> Condition.STATUS_503;
            case 504 -> Condition.STATUS_504;
            default -> throw new IllegalArgumentException("not a status to retry on: " + status);
        };
    }

    static HostRule host(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> new HostRule.Preserve();
            case HostHeader.Upstream upstream -> new HostRule.Server();
            case HostHeader.Literal(String value) -> new HostRule.Literal(value);
        };
    }
}
