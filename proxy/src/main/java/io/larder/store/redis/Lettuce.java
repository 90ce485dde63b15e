package io.larder.store.redis;

import io.larder.balance.Backoff;
import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Login;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.store.redis.RedisSettings.Tls;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Says in Lettuce's words how Redis is reached. */
final class Lettuce {
    /** Until a connection stands: the socket, TLS and the login each. */
    static final Duration CONNECT = Duration.ofSeconds(2);

    /** How long the last connections and threads may take to end. */
    static final Duration LAST = Duration.ofSeconds(1);

    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    /** Commands that wait for an answer on one connection; those past it fail at once. */
    private static final int MOST_WAITING = 4096;

    /** Two is the least that Lettuce takes, for sockets and for its own work alike. */
    private static final int THREADS = 2;

    private Lettuce() {}

    static ClientResources resources() {
        return ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .reconnectDelay(Delay.fullJitter(
                        BACKOFF.first(), BACKOFF.longest(), BACKOFF.first().toMillis(), TimeUnit.MILLISECONDS))
                .build();
    }

    /** Ends the threads. Returns at once. */
    static void end(ClientResources resources) {
        resources.shutdown(0, LAST.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A connection is never mended: {@link Line} makes another, which asks the sentinels and reads the password again. */
    static ClientOptions options(RedisSettings settings) {
        return with(ClientOptions.builder(), settings).autoReconnect(false).build();
    }

    static ClusterClientOptions clusterOptions(RedisSettings settings) {
        ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(Duration.ofSeconds(15))
                .adaptiveRefreshTriggersTimeout(Duration.ofSeconds(1))
                .build();
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder().topologyRefreshOptions(refresh);
        with(builder, settings);
        return builder.build();
    }

    /** Deadlines are not left to Lettuce, whose timer ticks each 100 ms. */
    private static ClientOptions.Builder with(ClientOptions.Builder builder, RedisSettings settings) {
        builder.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_WAITING)
                .timeoutOptions(TimeoutOptions.create())
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
        Tls tls = settings.tls();
        return tls == null ? builder : builder.sslOptions(ssl(tls));
    }

    private static SslOptions ssl(Tls tls) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(CONNECT);
        if (tls.ca() != null) {
            ssl.trustManager(tls.ca().toFile());
        }
        if (tls.identity() != null) {
            ssl.keyManager(tls.identity().cert().toFile(), tls.identity().key().toFile(), null);
        }
        return ssl.build();
    }

    static RedisURI uri(Servers.Single single, RedisSettings settings) {
        RedisURI uri = uri(single.address(), settings);
        uri.setDatabase(single.database());
        return loggedIn(uri, settings);
    }

    /** Sentinels are spoken to as the servers are, and without a login. */
    static RedisURI uri(Servers.Watched watched, RedisSettings settings) {
        RedisURI uri = new RedisURI();
        common(uri, settings);
        uri.setSentinelMasterId(watched.primary());
        uri.setDatabase(watched.database());
        watched.sentinels().forEach(sentinel -> uri.getSentinels().add(uri(sentinel, settings)));
        return loggedIn(uri, settings);
    }

    static List<RedisURI> uris(Servers.Cluster cluster, RedisSettings settings) {
        return cluster.seeds().stream()
                .map(seed -> loggedIn(uri(seed, settings), settings))
                .toList();
    }

    private static RedisURI uri(Address address, RedisSettings settings) {
        RedisURI uri = new RedisURI();
        uri.setHost(address.host());
        uri.setPort(address.port());
        common(uri, settings);
        return uri;
    }

    private static void common(RedisURI uri, RedisSettings settings) {
        uri.setTimeout(CONNECT);
        Tls tls = settings.tls();
        if (tls != null) {
            uri.setSsl(true);
            uri.setVerifyPeer(tls.verify() ? SslVerifyMode.FULL : SslVerifyMode.NONE);
        }
    }

    private static RedisURI loggedIn(RedisURI uri, RedisSettings settings) {
        Login login = settings.login();
        if (login != null) {
            ImmediateRedisCredentialsProvider provider =
                    () -> RedisCredentials.just(login.user(), login.password().get());
            uri.setCredentialsProvider(provider);
        }
        return uri;
    }
}
