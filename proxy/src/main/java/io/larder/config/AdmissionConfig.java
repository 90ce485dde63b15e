package io.larder.config;

import io.larder.http.Cidr;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value: who is let in, by a site or by one of its routes.
 *
 * @param access by address; null: not said
 * @param limit how often; null: not said
 * @param auth what clients must show; null: not said
 */
public record AdmissionConfig(
        @Nullable Access access,
        @Nullable Limit limit,
        @Nullable Auth auth) {

    /** Addresses that are let in, and those that are not, which comes first. */
    public record Access(List<Cidr> allow, List<Cidr> deny) {
        public Access {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }
    }

    /**
     * How often each client may come.
     *
     * @param burst how many at once
     */
    public record Limit(Rate rate, int burst, By by, Scope scope) {}

    /** So many in so long. */
    public record Rate(int many, Duration per) {}

    /** What tells clients apart. */
    public sealed interface By {
        /** Their addresses. */
        record ClientIp() implements By {}

        /** A header field. */
        record Header(String name) implements By {}

        /** A cookie. */
        record Cookie(String name) implements By {}
    }

    /** Who counts together. */
    public enum Scope {
        NODE,
        FLEET
    }

    /** What clients must show. */
    public sealed interface Auth {}

    /** Nothing, where the site asks for something. */
    public record Off() implements Auth {}

    /** One of two. */
    public record On(@Nullable Basic basic, @Nullable Jwt jwt) implements Auth {
        public On {
            Checks.require((basic == null) != (jwt == null), "it is a password or a token");
        }
    }

    /**
     * A name and its password.
     *
     * @param file absolute, with a line for each name
     * @param realm null: the site's name
     */
    public record Basic(Path file, @Nullable String realm) {}

    /**
     * A signed token.
     *
     * @param issuer null: any
     * @param audience empty: any
     * @param header that brings it
     * @param realm null: the site's name
     */
    public record Jwt(
            Jwks jwks,
            @Nullable String issuer,
            List<String> audience,
            List<Algorithm> algorithms,
            Duration clockSkew,
            String header,
            @Nullable String realm) {
        public Jwt {
            audience = List.copyOf(audience);
            algorithms = List.copyOf(algorithms);
        }
    }

    /** Where the keys are that tokens are signed with. */
    public sealed interface Jwks {
        /** A file, by its absolute path. */
        record OfFile(Path path) implements Jwks {}

        /** A server. */
        record OfUrl(URI url) implements Jwks {}
    }

    /** How tokens are signed. */
    public enum Algorithm {
        RS256,
        ES256,
        EDDSA
    }
}
