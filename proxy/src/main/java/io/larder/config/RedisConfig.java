package io.larder.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value: the shared tier, and what keeps several nodes of one mind. */
public record RedisConfig(
        Servers servers, Login login, @Nullable Tls tls, Identity identity, Limits limits, Lag lag) {

    /** Where Redis is. */
    public sealed interface Servers {
        /** What was written, at least one. */
        List<RedisUri> uris();

        /** The first of {@link #uris}: in scheme, user and password the others are like it. */
        default RedisUri first() {
            return uris().get(0);
        }

        /** One server, or one that sentinels choose. */
        record One(RedisUri uri) implements Servers {
            @Override
            public List<RedisUri> uris() {
                return List.of(uri);
            }
        }

        /** Some servers of a Redis Cluster, which know the others. */
        record Cluster(List<RedisUri> uris) implements Servers {
            public Cluster {
                uris = List.copyOf(uris);
                Checks.require(!uris.isEmpty(), "a cluster has at least one server");
            }
        }
    }

    /**
     * As whom to log in, where the URI does not say it.
     *
     * @param user the ACL user; null: the one of the URI, or the server's default user
     * @param passwordFile absolute; null: the password of the URI, or none
     */
    public record Login(@Nullable String user, @Nullable Path passwordFile) {}

    /**
     * How servers are trusted, and what is shown to them. Files are absolute and in PEM.
     *
     * @param ca whom to trust; null: whom the system trusts
     * @param verify whether certificates are looked at at all
     * @param cert what to show to a server that asks; null: nothing
     * @param key of {@code cert}; null only together with it
     */
    public record Tls(
            @Nullable Path ca,
            boolean verify,
            @Nullable Path cert,
            @Nullable Path key) {
        public Tls {
            Checks.require((cert == null) == (key == null), "a certificate and its key belong together");
        }
    }

    /**
     * Names in Redis.
     *
     * @param namespace how every key begins
     * @param node what the others call this node; null: a name is made up
     */
    public record Identity(String namespace, @Nullable String node) {}

    /**
     * What is too much.
     *
     * @param timeout after which an answer is not waited for
     * @param maxObject bytes of the largest response that is shared
     */
    public record Limits(Duration timeout, long maxObject) {}

    /**
     * When this node may have missed a purge.
     *
     * @param max how long the caches are trusted after contact is lost
     */
    public record Lag(Duration max, WhenLagging then) {}

    /** What becomes of hits while a purge may have been missed. */
    public enum WhenLagging {
        /** The origin is asked whether they are still good. */
        REVALIDATE,
        /** They are served all the same. */
        SERVE,
        /** Nothing is taken from the caches. */
        BYPASS
    }
}
