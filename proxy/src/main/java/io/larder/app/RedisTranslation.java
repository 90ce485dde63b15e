package io.larder.app;

import io.larder.config.HostPort;
import io.larder.config.RedisConfig;
import io.larder.config.RedisUri;
import io.larder.config.source.Text;
import io.larder.store.redis.RedisFailure;
import io.larder.store.redis.RedisLink;
import io.larder.store.redis.RedisSettings;
import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the store's words how Redis is reached. */
final class RedisTranslation {
    private RedisTranslation() {}

    /** The log of purges may be waited for a little longer than a page: without it, all pages are. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * Begins to connect for what is shared, in the background.
     *
     * @throws StartFailure when the password cannot be read
     */
    static RedisLink values(RedisConfig redis, Platform platform) {
        return link(settings(redis), platform, new Log(redis.servers().first()));
    }

    /** As {@link #values}, for the log of purges; silent, since what follows the log says how it goes. */
    static RedisLink log(RedisConfig redis, Platform platform) {
        return link(settings(redis).within(patience(redis)), platform, new Silence());
    }

    /** Time for several questions before the caches are not trusted any more, but at least what every command may take. */
    private static Duration patience(RedisConfig redis) {
        Duration some = redis.lag().max().dividedBy(4);
        Duration bounded = some.compareTo(PATIENCE) < 0 ? some : PATIENCE;
        Duration least = redis.limits().timeout();
        return bounded.compareTo(least) < 0 ? least : bounded;
    }

    private static RedisLink link(RedisSettings settings, Platform platform, RedisLink.Reports reports) {
        // Lettuce warns when it could use two native transports; containers often forbid io_uring
        System.setProperty("io.lettuce.core.iouring", "false");
        return new RedisLink(settings, System::nanoTime, platform.random()::nextDouble, reports);
    }

    private record Silence() implements RedisLink.Reports {
        @Override
        public void up() {}

        @Override
        public void down(RedisFailure why) {}
    }

    /** Says in the log how it goes. */
    private record Log(RedisUri uri) implements RedisLink.Reports {
        private static final Logger LOG = LoggerFactory.getLogger(RedisTranslation.class);

        @Override
        public void up() {
            LOG.info("Redis at {} is there", uri);
        }

        @Override
        public void down(RedisFailure why) {
            LOG.warn("Redis at {} is not there: {}", uri, why.detail());
        }
    }

    /** @throws StartFailure when the password cannot be read */
    static RedisSettings settings(RedisConfig redis) {
        RedisUri uri = redis.servers().first();
        return new RedisSettings(
                servers(redis.servers()),
                login(redis.login(), uri),
                uri.secure() ? tls(redis.tls()) : null,
                redis.limits().timeout());
    }

    private static Servers servers(RedisConfig.Servers servers) {
        return switch (servers) {
            case RedisConfig.Servers.One(RedisUri uri) -> one(uri);
            case RedisConfig.Servers.Cluster(List<RedisUri> uris) ->
                new Servers.Cluster(
                        uris.stream().map(uri -> address(uri.hosts().get(0))).toList());
        };
    }

    private static Servers one(RedisUri uri) {
        List<Address> hosts =
                uri.hosts().stream().map(RedisTranslation::address).toList();
        String primary = uri.primary();
        return primary == null
                ? new Servers.Single(hosts.get(0), uri.database())
                : new Servers.Watched(hosts, primary, uri.database());
    }

    private static Address address(HostPort host) {
        return new Address(host.host(), host.port());
    }

    private static RedisSettings.@Nullable Login login(RedisConfig.Login login, RedisUri uri) {
        Supplier<String> password = password(login.passwordFile(), uri.password());
        String user = login.user() == null ? uri.user() : login.user();
        return password == null ? null : new RedisSettings.Login(user, password);
    }

    private static @Nullable Supplier<String> password(@Nullable Path file, @Nullable Text written) {
        if (file == null) {
            return written == null ? null : written::value;
        }
        try {
            return new PasswordFile(file);
        } catch (IOException e) {
            throw StartFailure.configuration("the password of Redis cannot be read: " + e);
        }
    }

    private static RedisSettings.Tls tls(RedisConfig.@Nullable Tls tls) {
        if (tls == null) {
            return new RedisSettings.Tls(null, true, null);
        }
        Path cert = tls.cert();
        Path key = tls.key();
        RedisSettings.Identity identity = cert == null || key == null ? null : new RedisSettings.Identity(cert, key);
        return new RedisSettings.Tls(tls.ca(), tls.verify(), identity);
    }
}
