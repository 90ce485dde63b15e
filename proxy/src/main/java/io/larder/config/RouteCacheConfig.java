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
     */
    record On(
            Lifetime lifetime,
            Stale stale,
            Key key,
            Vary vary,
            Bypass bypass,
            Cookies cookies,
            Privacy privacy,
            Storing storing,
            Treatment treatment)
            implements RouteCacheConfig {}

    /**
     * How long a response is fresh.
     *
     * @param defaultTtl only where the response gives no freshness of its own; null: such responses are not reused
     * @param heuristic whether it is derived from Last-Modified where nothing else says it (RFC 9111 §4.2.2)
     * @param negative by status, for responses of that status
     * @param targeted names of fields that stand in for Cache-Control (RFC 9213)
     * @param refreshAhead the last part of a lifetime, 0 to 1, in which a response is fetched anew; 0: never
     */
    record Lifetime(
            Ttl ttl,
            @Nullable Duration defaultTtl,
            boolean heuristic,
            Map<Integer, Duration> negative,
            List<String> targeted,
            double refreshAhead) {
        public Lifetime {
            negative = Collections.unmodifiableMap(new LinkedHashMap<>(negative));
            targeted = List.copyOf(targeted);
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
     * @param presets lists of well-known parameters that do not count
     */
    record Query(List<String> ignore, @Nullable List<String> only, boolean sort, List<Preset> presets) {
        public Query {
            ignore = List.copyOf(ignore);
            only = only == null ? null : List.copyOf(only);
            presets = List.copyOf(presets);
        }
    }

    /** A list of well-known query parameters. */
    enum Preset {
        /** What campaigns, mailings and advertising networks add to links. */
        TRACKING
    }

    /**
     * How request fields that a Vary names are compared.
     *
     * @param normalise whether values that negotiate alike are one
     * @param selectLanguage whether a stored language that the client prefers answers
     */
    record Vary(boolean normalise, boolean selectLanguage) {}

    /** Requests with any of these cookies (globs) or fields are neither served from nor stored. */
    record Bypass(List<String> cookies, List<String> headers) {
        public Bypass {
            cookies = List.copyOf(cookies);
            headers = List.copyOf(headers);
        }
    }

    /**
     * What cookies do.
     *
     * @param ignore globs; dropped before both key and origin
     * @param sessions globs of more cookies that tell a visitor, beside the known ones
     */
    record Cookies(List<String> ignore, List<String> sessions, SetCookie setCookie) {
        public Cookies {
            ignore = List.copyOf(ignore);
            sessions = List.copyOf(sessions);
        }
    }

    /**
     * With whom responses may be shared.
     *
     * @param personal null: private responses are not kept
     */
    record Privacy(Guard guard, @Nullable Personal personal) {}

    /** What the private-page guard does. */
    enum Guard {
        ON,
        SHADOW,
        OFF
    }

    /** How private responses are kept, for the one client they are for. */
    record Personal(Selector by, Duration ttl) {}

    /** What tells clients apart. */
    sealed interface Selector {
        /** A cookie, by its name. */
        record OfCookie(String name) implements Selector {}

        /** A request field, by its name. */
        record OfHeader(String name) implements Selector {}
    }

    /**
     * What is worth storing, and in which form.
     *
     * @param minUses how often a URL must have been asked for
     * @param compress whether unencoded text is stored gzipped as well
     * @param tags by which it can be purged, with {@code {name}} for what the path captured
     */
    record Storing(int minUses, boolean compress, Partials partials, RangeMiss rangeMiss, List<String> tags) {
        public Storing {
            tags = List.copyOf(tags);
        }
    }

    /** Whether a stored 206 must agree with its Content-Range. */
    enum Partials {
        STRICT,
        LENIENT
    }

    /** What is fetched when a range is asked for and nothing is stored. */
    enum RangeMiss {
        PASS,
        WHOLE
    }

    /**
     * How particular requests and responses are treated.
     *
     * @param clientDirectives whether a request's Cache-Control counts
     */
    record Treatment(ClientDirectives clientDirectives, Collapse collapse) {}

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

    /** Whether simultaneous misses of a key wait for one fetch: those of this node, or of all that share. */
    enum Collapse {
        OFF,
        NODE,
        FLEET
    }
}
