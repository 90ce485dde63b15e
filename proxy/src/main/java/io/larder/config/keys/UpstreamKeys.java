package io.larder.config.keys;

import io.larder.config.HostHeader;
import io.larder.config.HostPort;
import io.larder.config.UpstreamConfig;
import io.larder.config.UpstreamConfig.Balance;
import io.larder.config.UpstreamConfig.Pool;
import io.larder.config.UpstreamConfig.Retry;
import io.larder.config.UpstreamConfig.Server;
import io.larder.config.UpstreamConfig.Timeouts;
import io.larder.config.UpstreamConfig.UnknownCoding;
import io.larder.config.bind.Binding;
import io.larder.config.bind.Either;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** The keys of an upstream. */
final class UpstreamKeys {
    private static final Type<Integer> COUNT = Scalars.integer(1, 1_000_000);

    private static final Key<Server, HostPort> ADDRESS =
            Key.required("address", Scalars.ADDRESS, Server::address, "host:port of the server.");
    private static final Key<Server, Integer> WEIGHT =
            Key.of("weight", Scalars.integer(1, 1000), 1, Server::weight, "Its share of the requests.");
    private static final Key<Server, Boolean> BACKUP =
            Key.of("backup", Scalars.SWITCH, false, Server::backup, "Used only while no other server is usable.");
    private static final Section<Server> SERVER = new Section<>(
            "server",
            "One server of an upstream.",
            values -> new Server(values.get(ADDRESS), values.get(WEIGHT), values.get(BACKUP), values.origin()),
            ADDRESS,
            WEIGHT,
            BACKUP);

    private static final Key<Pool, Integer> MAX_CONNECTIONS =
            Key.of("max-connections", COUNT, 512, Pool::maxConnections, "Connections to one server at once.");
    private static final Key<Pool, Integer> MAX_PENDING = Key.of(
            "max-pending",
            Scalars.integer(0, 1_000_000),
            1024,
            Pool::maxPending,
            "Requests that may wait for a connection; past it 503.");
    private static final Key<Pool, Duration> PENDING_TIMEOUT = Key.of(
            "pending-timeout",
            Scalars.TIMEOUT,
            Duration.ofSeconds(2),
            Pool::pendingTimeout,
            "How long a request may wait for a connection; past it 503.");
    private static final Key<Pool, Duration> POOL_IDLE = Key.of(
            "idle", Scalars.TIMEOUT, Duration.ofSeconds(60), Pool::idle, "How long an unused connection is kept.");
    private static final Key<Pool, Duration> MAX_AGE = Key.of(
            "max-age", Scalars.TIMEOUT, Duration.ofMinutes(10), Pool::maxAge, "How long any connection is used.");
    private static final Section<Pool> POOL_SECTION = new Section<>(
            "pool",
            "Connections that are kept, for each server.",
            values -> new Pool(
                    values.get(MAX_CONNECTIONS),
                    values.get(MAX_PENDING),
                    values.get(PENDING_TIMEOUT),
                    values.get(POOL_IDLE),
                    values.get(MAX_AGE)),
            MAX_CONNECTIONS,
            MAX_PENDING,
            PENDING_TIMEOUT,
            POOL_IDLE,
            MAX_AGE);

    private static final Key<Timeouts, Duration> CONNECT = Key.of(
            "connect", Scalars.TIMEOUT, Duration.ofSeconds(1), Timeouts::connect, "Until the connection stands.");
    private static final Key<Timeouts, Duration> FIRST_BYTE = Key.of(
            "first-byte",
            Scalars.TIMEOUT,
            Duration.ofSeconds(30),
            Timeouts::firstByte,
            "From the request sent to the first byte of the response; past it 504.");
    private static final Key<Timeouts, Duration> IDLE =
            Key.of("idle", Scalars.TIMEOUT, Duration.ofSeconds(30), Timeouts::idle, "Longest pause inside a response.");
    private static final Key<Timeouts, Duration> TOTAL = Key.of(
            "total",
            Scalars.TIMEOUT,
            Duration.ofMinutes(5),
            Timeouts::total,
            "For the whole exchange, retries included.");
    private static final Section<Timeouts> TIMEOUTS_SECTION = new Section<>(
            "timeouts",
            "How long a server may take.",
            values -> new Timeouts(values.get(CONNECT), values.get(FIRST_BYTE), values.get(IDLE), values.get(TOTAL)),
            CONNECT,
            FIRST_BYTE,
            IDLE,
            TOTAL);

    static final Key<UpstreamConfig, List<Server>> SERVERS = Key.required(
            "servers",
            ListOf.some(new Either<Server, Server, Server>(new PlainServer(), SERVER, Server.class)),
            UpstreamConfig::servers,
            "host:port, or a map with address, weight and backup.");
    private static final Key<UpstreamConfig, String> PROTOCOL = Key.of(
            "protocol",
            Scalar.choice(Map.of("http/1.1", "http/1.1"), "h2c", "https", "h2"),
            "http/1.1",
            upstream -> "http/1.1",
            "What is spoken with the servers.");
    private static final Key<UpstreamConfig, Balance> BALANCE = Key.of(
            "balance",
            Scalar.choice(Balance.class, "ewma", "random", "consistent-hash"),
            Balance.LEAST_REQUESTS,
            UpstreamConfig::balance,
            "How the server of a request is picked; least-requests takes the better of two random ones.");
    private static final Key<UpstreamConfig, Pool> POOL = Key.of(
            "pool",
            POOL_SECTION,
            POOL_SECTION.defaults(),
            UpstreamConfig::pool,
            "Connections that are kept, for each server.");
    private static final Key<UpstreamConfig, Timeouts> TIMEOUTS = Key.of(
            "timeouts",
            TIMEOUTS_SECTION,
            TIMEOUTS_SECTION.defaults(),
            UpstreamConfig::timeouts,
            "How long a server may take.");
    private static final Key<UpstreamConfig, Retry> RETRY = Key.of(
            "retry",
            RetryKeys.SECTION,
            RetryKeys.SECTION.defaults(),
            UpstreamConfig::retry,
            "When a request is tried again; only where that is safe.");
    private static final Key<UpstreamConfig, HostHeader> HOST = Key.of(
            "host",
            new Scalar<>(
                    "preserve, upstream or a host name",
                    null,
                    UpstreamKeys::host,
                    UpstreamKeys::text,
                    Schemas.pattern("preserve|upstream|[A-Za-z0-9_.:\\[\\]-]+")),
            new HostHeader.Preserve(),
            UpstreamConfig::host,
            "The Host that servers see: preserve (the client's), upstream (the server's address) or a name.");
    private static final Key<UpstreamConfig, UnknownCoding> UNKNOWN_CODING = Key.of(
            "unknown-transfer-coding",
            Scalar.choice(UnknownCoding.class),
            UnknownCoding.REFUSE,
            UpstreamConfig::unknownTransferCoding,
            "A response in an unknown transfer coding: refuse (502) or read-to-close.");

    static final Section<UpstreamConfig> SECTION = new Section<>(
            "upstream",
            "A group of servers that hold the same application.",
            UpstreamKeys::upstream,
            SERVERS,
            PROTOCOL,
            BALANCE,
            POOL,
            TIMEOUTS,
            RETRY,
            HOST,
            UNKNOWN_CODING);

    private UpstreamKeys() {}

    /** A server with weight 1. */
    static Server server(HostPort address, Origin origin) {
        return new Server(address, 1, false, origin);
    }

    private static UpstreamConfig upstream(Values<UpstreamConfig> values) {
        List<Server> servers = values.get(SERVERS);
        if (servers.stream().allMatch(Server::backup)) {
            values.error(SERVERS, "every server is a backup: at least one must not be", null);
        }
        if (servers.stream().map(Server::address).distinct().count() < servers.size()) {
            values.error(SERVERS, "the same address is listed twice", "give one server more weight instead");
        }
        return new UpstreamConfig(
                values.name(),
                servers,
                values.get(BALANCE),
                values.get(POOL),
                values.get(TIMEOUTS),
                values.get(RETRY),
                values.get(HOST),
                values.get(UNKNOWN_CODING),
                values.origin());
    }

    /** A server of which nothing but the address is written. */
    private record PlainServer() implements Type<Server> {
        @Override
        public @Nullable Server read(Node node, Binding binding) {
            HostPort address = Scalars.ADDRESS.read(node, binding);
            return address == null ? null : server(address, Origin.of(Binding.place(node)));
        }

        @Override
        public Object write(Server server) {
            return Scalars.ADDRESS.write(server.address());
        }

        @Override
        public Map<String, Object> schema(Map<String, Object> definitions) {
            return Scalars.ADDRESS.schema(definitions);
        }
    }

    private static @Nullable HostHeader host(String text) {
        return switch (text) {
            case "preserve" -> new HostHeader.Preserve();
            case "upstream" -> new HostHeader.Upstream();
            default -> isAuthority(text) ? new HostHeader.Literal(text) : null;
        };
    }

    private static boolean isAuthority(String text) {
        HostPort withPort = HostPort.parse(text);
        return HostPort.isName(text) || (withPort != null && !withPort.host().isEmpty());
    }

    private static String text(HostHeader host) {
        return switch (host) {
            case HostHeader.Preserve preserve -> "preserve";
            case HostHeader.Upstream upstream -> "upstream";
            case HostHeader.Literal literal -> literal.host();
        };
    }
}
