package io.larder.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A value: how the server of a request is picked.
 *
 * @param hashBy what decides it; null exactly where {@code balance} does not hash
 * @param sticky how a client stays with its server; null: it does not
 * @param slowStart how long a server that comes is given less than its share; zero: not at all
 */
public record Balancing(
        Balance balance, @Nullable HashBy hashBy, @Nullable Sticky sticky, Duration slowStart) {
    public Balancing {
        boolean hashes = balance == Balance.CONSISTENT_HASH;
        Checks.require((hashBy != null) == hashes, "consistent hashing goes by something, and nothing else does");
    }

    /** By which rule. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_REQUESTS,
        EWMA,
        RANDOM,
        CONSISTENT_HASH
    }

    /** What of a request decides its server. */
    public sealed interface HashBy {
        /** Its path. */
        record OfPath() implements HashBy {}

        /** The address of its client. */
        record OfClientIp() implements HashBy {}

        /** A header field. */
        record OfHeader(String name) implements HashBy {}

        /** A cookie. */
        record OfCookie(String name) implements HashBy {}

        /** A parameter of its query. */
        record OfQuery(String name) implements HashBy {}
    }

    /**
     * How a client stays with its server.
     *
     * @param cookie the name of the cookie that says which server it is
     * @param ttl how long the cookie holds
     * @param keyFile absolute, with the secret that signs it; null: one that each process makes up
     */
    public record Sticky(
            String cookie, Duration ttl, @Nullable Path keyFile) {}
}
