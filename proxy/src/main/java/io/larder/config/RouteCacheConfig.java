package io.larder.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value: what the cache does for a route. */
public sealed interface RouteCacheConfig {
    /** Requests pass by the cache. */
    record Off() implements RouteCacheConfig {}

    /**
     * Responses are stored and reused.
     *
     * @param ignoreCookies globs; dropped before both key and origin
     */
    record On(Lifetime lifetime, Stale stale, Key key, Bypass bypass, List<String> ignoreCookies, Treatment treatment)
            implements RouteCacheConfig {
        public On {
            ignoreCookies = List.copyOf(ignoreCookies);
        }
    }

    /**
     * How long a response is fresh.
     *
     * @param defaultTtl only where the response gives no freshness of its own; null: such responses are not reused
     * @param negative by status, for responses of that status
     */
    record Lifetime(Ttl ttl, @Nullable Duration defaultTtl, Map<Integer, Duration> negative) {
        public Lifetime {
            negative = Collections.unmodifiableMap(new LinkedHashMap<>(negative));
        }
    }

    /** Who says how long a response is fresh. */
    sealed interface Ttl {
        /** The response (RFC 9111 §4.2). */
        record FromResponse() implements Ttl {}

        /** The route, whatever the response says. */
        record Fixed(Duration duration) implements Ttl {}
    }

    /**
     * How long past its freshness a response may still be used (RFC 9111 §4.2.4, RFC 5861).
     *
     * @param ifUnreachable while no server can be connected to
     * @param whileRevalidate while a new one is fetched; null: as the response or the cache's default grace says
     * @param ifError where the new one is an error; null: as the response says
     */
    record Stale(
            Duration ifUnreachable,
            @Nullable Duration whileRevalidate,
            @Nullable Duration ifError) {}

    /** What besides scheme, host and path tells stored responses apart. */
    record Key(Query query, List<String> headers, List<String> cookies) {
        public Key {
            headers = List.copyOf(headers);
            cookies = List.copyOf(cookies);
        }
    }

    /**
     * The part of the query that counts.
     *
     * @param ignore globs of parameters that do not count
     * @param only globs of the only parameters that count; null: all but the ignored ones
     * @param sort whether their order does not count
     */
    record Query(List<String> ignore, @Nullable List<String> only, boolean sort) {
        public Query {
            ignore = List.copyOf(ignore);
            only = only == null ? null : List.copyOf(only);
        }
    }

    /** Requests with any of these cookies (globs) or fields are neither served from nor stored. */
    record Bypass(List<String> cookies, List<String> headers) {
        public Bypass {
            cookies = List.copyOf(cookies);
            headers = List.copyOf(headers);
        }
    }

    /**
     * How particular requests and responses are treated.
     *
     * @param clientDirectives whether a request's Cache-Control counts
     */
    record Treatment(SetCookie setCookie, ClientDirectives clientDirectives, Collapse collapse) {}

    /** What happens to a response that carries Set-Cookie: not stored, stored without it, stored with it. */
    enum SetCookie {
        REFUSE,
        STRIP,
        STORE
    }

    /** Whether request Cache-Control is honoured (RFC 9111 §5.2.1). */
    enum ClientDirectives {
        IGNORE,
        RESPECT
    }

    /** Whether simultaneous misses of a key wait for one fetch. */
    enum Collapse {
        OFF,
        NODE
    }
}
