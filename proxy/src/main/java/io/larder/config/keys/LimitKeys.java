package io.larder.config.keys;

import io.larder.config.UpstreamConfig;
import io.larder.config.UpstreamConfig.Concurrency;
import io.larder.config.UpstreamConfig.Limits;
import io.larder.config.UpstreamConfig.Pool;
import io.larder.config.UpstreamConfig.Timeouts;
import io.larder.config.bind.Key;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import java.time.Duration;

/** The keys that say what is asked of each server at most. */
final class LimitKeys {
    private static final Type<Integer> COUNT = Scalars.integer(1, 1_000_000);

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
    private static final Key<Timeouts, Duration> TUNNEL = Key.of(
            "tunnel",
            Scalars.TIMEOUT,
            Duration.ofHours(1),
            Timeouts::tunnel,
            "Longest silence of both sides of a WebSocket; past it both are closed.");
    private static final Section<Timeouts> TIMEOUTS_SECTION = new Section<>(
            "timeouts",
            "How long a server may take.",
            values -> new Timeouts(
                    values.get(CONNECT),
                    values.get(FIRST_BYTE),
                    values.get(IDLE),
                    values.get(TOTAL),
                    values.get(TUNNEL)),
            CONNECT,
            FIRST_BYTE,
            IDLE,
            TOTAL,
            TUNNEL);

    static final Key<UpstreamConfig, Pool> POOL = Key.of(
            "pool",
            POOL_SECTION,
            POOL_SECTION.defaults(),
            upstream -> upstream.limits().pool(),
            "Connections that are kept, for each server.");
    static final Key<UpstreamConfig, Timeouts> TIMEOUTS = Key.of(
            "timeouts",
            TIMEOUTS_SECTION,
            TIMEOUTS_SECTION.defaults(),
            upstream -> upstream.limits().timeouts(),
            "How long a server may take.");
    static final Key<UpstreamConfig, Concurrency> CONCURRENCY = Key.of(
            "concurrency",
            Scalar.choice(Concurrency.class),
            Concurrency.OFF,
            upstream -> upstream.limits().concurrency(),
            "adaptive: a server is given as many requests at once as its response times show that it can take.");

    private LimitKeys() {}

    static Limits limits(Values<UpstreamConfig> values) {
        return new Limits(values.get(POOL), values.get(TIMEOUTS), values.get(CONCURRENCY));
    }
}
