package io.larder.store.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value: how Redis is reached.
 *
 * @param login null: nobody logs in
 * @param tls null: in plain text
 * @param timeout how long each command may take
 */
public record RedisSettings(
        Servers servers, @Nullable Login login, @Nullable Tls tls, Duration timeout) {
    public RedisSettings {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("a command takes some time");
        }
    }

    /** The same with another time for each command. */
    public RedisSettings within(Duration other) {
        return new RedisSettings(servers, login, tls, other);
    }

    /** Where a server listens. */
    public record Address(String host, int port) {}

    /** Which servers there are. */
    public sealed interface Servers {
        /** The one. */
        record Single(Address address, int database) implements Servers {}

        /**
         * The one that takes writes, as its sentinels say.
         *
         * @param primary what they call it
         */
        record Watched(List<Address> sentinels, String primary, int database) implements Servers {
            public Watched {
                sentinels = List.copyOf(sentinels);
            }
        }

        /** Those of a Redis Cluster, of which some are named. */
        record Cluster(List<Address> seeds) implements Servers {
            public Cluster {
                seeds = List.copyOf(seeds);
            }
        }
    }

    /**
     * As whom to log in.
     *
     * @param user null: the server's default user
     * @param password is asked at each connect, on a thread of the client; never throws
     */
    public record Login(@Nullable String user, Supplier<String> password) {}

    /**
     * How servers are trusted, and what is shown to them; the files are read at each connect.
     *
     * @param ca whom to trust, in PEM; null: whom the system trusts
     * @param verify whether certificates are looked at at all
     * @param identity null: nothing is shown
     */
    public record Tls(
            @Nullable Path ca, boolean verify, @Nullable Identity identity) {}

    /** A certificate and its key, in PEM and PKCS#8. */
    public record Identity(Path cert, Path key) {}
}
