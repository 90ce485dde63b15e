package io.larder.config.keys;

import io.larder.config.Discovery;
import io.larder.config.Members;
import io.larder.config.Members.Discovered;
import io.larder.config.Members.Listed;
import io.larder.config.Members.Server;
import io.larder.config.ServerAddress;
import io.larder.config.UpstreamConfig;
import io.larder.config.UpstreamConfig.Retry;
import io.larder.config.Watch;
import io.larder.config.Watch.Health;
import io.larder.config.Watch.Outliers;
import io.larder.config.Wire;
import io.larder.config.bind.Key;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.util.List;
import java.util.Objects;

/** The keys of an upstream. */
final class UpstreamKeys {
    static final Key<UpstreamConfig, List<Server>> SERVERS = Key.optional(
            "servers",
            ServerKeys.LIST,
            upstream -> upstream.members() instanceof Listed(List<Server> servers) ? servers : null,
            "host:port or unix:/path, or a map with address, weight and backup.");
    private static final Key<UpstreamConfig, Discovery> DISCOVER = Key.optional(
            "discover",
            DiscoveryKeys.SECTION,
            upstream -> upstream.members() instanceof Discovered(Discovery by) ? by : null,
            "Where servers are found while the gateway runs, instead of a list of them.");
    private static final Key<UpstreamConfig, Health> HEALTH = Key.optional(
            "health",
            HealthKeys.SECTION,
            upstream -> upstream.watch().health(),
            "How servers are asked whether they are well; absent: they are not asked.");
    private static final Key<UpstreamConfig, Outliers> OUTLIERS = Key.optional(
            "outliers",
            OutlierKeys.SECTION,
            upstream -> upstream.watch().outliers(),
            "When a server is left alone because of what becomes of requests; absent: where it takes no connection.");
    private static final Key<UpstreamConfig, Retry> RETRY = Key.of(
            "retry",
            RetryKeys.SECTION,
            RetryKeys.SECTION.defaults(),
            UpstreamConfig::retry,
            "When a request is tried again; only where that is safe.");
    private static final Key<UpstreamConfig, String> FALLBACK = Key.optional(
            "fallback",
            new Reference("upstream"),
            UpstreamConfig::fallback,
            "Name of the upstream that answers while no server of this one is usable.");

    static final Section<UpstreamConfig> SECTION = new Section<>(
                    "upstream",
                    "A group of servers that hold the same application.",
                    UpstreamKeys::upstream,
                    SERVERS,
                    DISCOVER,
                    WireKeys.PROTOCOL,
                    WireKeys.TLS,
                    WireKeys.PROXY_PROTOCOL,
                    BalancingKeys.BALANCE,
                    BalancingKeys.HASH_BY,
                    BalancingKeys.STICKY,
                    BalancingKeys.SLOW_START,
                    HEALTH,
                    OUTLIERS,
                    LimitKeys.CONCURRENCY,
                    LimitKeys.POOL,
                    LimitKeys.TIMEOUTS,
                    RETRY,
                    WireKeys.HOST,
                    WireKeys.UNKNOWN_CODING,
                    FALLBACK)
            .withOneOf(SERVERS, DISCOVER);

    private UpstreamKeys() {}

    private static UpstreamConfig upstream(Values<UpstreamConfig> values) {
        Wire wire = WireKeys.wire(values);
        List<Server> servers = values.find(SERVERS);
        if (servers != null) {
            checkServers(values, servers, wire);
        }
        Members members =
                servers != null ? new Listed(servers) : new Discovered(Objects.requireNonNull(values.find(DISCOVER)));
        return new UpstreamConfig(
                values.name(),
                members,
                wire,
                BalancingKeys.balancing(values),
                new Watch(values.find(HEALTH), values.find(OUTLIERS)),
                LimitKeys.limits(values),
                values.get(RETRY),
                values.find(FALLBACK),
                values.origin());
    }

    private static void checkServers(Values<UpstreamConfig> values, List<Server> servers, Wire wire) {
        if (servers.stream().allMatch(Server::backup)) {
            values.error(SERVERS, "every server is a backup: at least one must not be", null);
        }
        if (servers.stream().map(Server::address).distinct().count() < servers.size()) {
            values.error(SERVERS, "the same address is listed twice", "give one server more weight instead");
        }
        boolean nameless = servers.stream().anyMatch(server -> server.address() instanceof ServerAddress.Unix);
        Wire.UpstreamTls tls = wire.tls();
        if (nameless && tls != null && tls.verify() && tls.serverName() == null) {
            String message = "a socket has no name that its server's certificate could bear";
            values.error(SERVERS, message, "write tls: { server-name: NAME }");
        }
    }
}
