package io.larder.config.keys;

import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteCacheConfig.Bypass;
import io.larder.config.RouteCacheConfig.ClientDirectives;
import io.larder.config.RouteCacheConfig.Collapse;
import io.larder.config.RouteCacheConfig.Lifetime;
import io.larder.config.RouteCacheConfig.Off;
import io.larder.config.RouteCacheConfig.On;
import io.larder.config.RouteCacheConfig.Query;
import io.larder.config.RouteCacheConfig.SetCookie;
import io.larder.config.RouteCacheConfig.Stale;
import io.larder.config.RouteCacheConfig.Treatment;
import io.larder.config.RouteCacheConfig.Ttl;
import io.larder.config.bind.Either;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.MapOf;
import io.larder.config.bind.Quantities;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keys of a route's {@code cache}. */
final class RouteCacheKeys {
    private static final Type<List<String>> GLOBS = ListOf.any(Scalars.GLOB);

    private static final Key<Query, List<String>> IGNORE =
            Key.of("ignore", GLOBS, List.of(), Query::ignore, "Parameters (globs) that do not count.");
    private static final Key<Query, List<String>> ONLY =
            Key.optional("only", GLOBS, Query::only, "The only parameters (globs) that count.");
    private static final Key<Query, Boolean> SORT =
            Key.of("sort", Scalars.SWITCH, false, Query::sort, "Whether the order of parameters does not count.");
    private static final Section<Query> QUERY_SECTION =
            new Section<>("key-query", "The part of the query that counts.", RouteCacheKeys::query, IGNORE, ONLY, SORT);

    private static final Key<RouteCacheConfig.Key, Query> QUERY = Key.of(
            "query",
            QUERY_SECTION,
            QUERY_SECTION.defaults(),
            RouteCacheConfig.Key::query,
            "The part of the query that counts.");
    private static final Key<RouteCacheConfig.Key, List<String>> KEY_HEADERS = Key.of(
            "headers",
            ListOf.any(Scalars.FIELD_NAME),
            List.of(),
            RouteCacheConfig.Key::headers,
            "Request fields that count.");
    private static final Key<RouteCacheConfig.Key, List<String>> KEY_COOKIES = Key.of(
            "cookies",
            ListOf.any(Scalars.COOKIE_NAME),
            List.of(),
            RouteCacheConfig.Key::cookies,
            "Cookies that count; no others do.");
    private static final Section<RouteCacheConfig.Key> KEY_SECTION = new Section<>(
            "key",
            "What besides scheme, host and path tells stored responses apart.",
            values -> new RouteCacheConfig.Key(values.get(QUERY), values.get(KEY_HEADERS), values.get(KEY_COOKIES)),
            QUERY,
            KEY_HEADERS,
            KEY_COOKIES);

    private static final Key<Bypass, List<String>> BYPASS_COOKIES =
            Key.of("cookies", GLOBS, List.of(), Bypass::cookies, "Requests with any of these cookies (globs).");
    private static final Key<Bypass, List<String>> BYPASS_HEADERS = Key.of(
            "headers",
            ListOf.any(Scalars.FIELD_NAME),
            List.of(),
            Bypass::headers,
            "Requests with any of these fields.");
    private static final Section<Bypass> BYPASS_SECTION = new Section<>(
            "bypass",
            "Requests that are neither served from the cache nor stored.",
            values -> new Bypass(values.get(BYPASS_COOKIES), values.get(BYPASS_HEADERS)),
            BYPASS_COOKIES,
            BYPASS_HEADERS);

    private static final Key<On, Ttl> TTL = Key.of(
            "ttl",
            new Scalar<>(
                    "from-response or a duration",
                    "write from-response, or a duration such as 30s, 5m or 1d",
                    RouteCacheKeys::ttl,
                    RouteCacheKeys::text,
                    Schemas.pattern("from-response|[0-9]+(ms|s|m|h|d)")),
            new Ttl.FromResponse(),
            cache -> cache.lifetime().ttl(),
            "from-response (RFC 9111), or a duration that overrides what the response says.");
    private static final Key<On, Duration> DEFAULT_TTL = Key.optional(
            "default-ttl",
            Scalars.DURATION,
            cache -> cache.lifetime().defaultTtl(),
            "Only where the response gives no freshness of its own; absent: such responses are not reused.");
    private static final Key<On, Map<Integer, Duration>> NEGATIVE_TTL = Key.of(
            "negative-ttl",
            new MapOf<>(Scalars.integer(400, 599), Scalars.DURATION),
            Map.of(),
            cache -> cache.lifetime().negative(),
            "How long error responses are fresh, by status.");
    private static final Key<On, Duration> IF_UNREACHABLE = Key.of(
            "stale-if-unreachable",
            Scalars.DURATION,
            Duration.ofHours(1),
            cache -> cache.stale().ifUnreachable(),
            "How long past freshness while no server can be connected to (RFC 9111 §4.2.4).");
    private static final Key<On, Duration> WHILE_REVALIDATE = Key.optional(
            "stale-while-revalidate",
            Scalars.DURATION,
            cache -> cache.stale().whileRevalidate(),
            "How long past freshness while a new response is fetched (RFC 5861).");
    private static final Key<On, Duration> IF_ERROR = Key.optional(
            "stale-if-error",
            Scalars.DURATION,
            cache -> cache.stale().ifError(),
            "How long past freshness where the new response is an error (RFC 5861).");
    private static final Key<On, RouteCacheConfig.Key> KEY = Key.of(
            "key",
            KEY_SECTION,
            KEY_SECTION.defaults(),
            On::key,
            "What besides scheme, host and path tells stored responses apart.");
    private static final Key<On, Bypass> BYPASS = Key.of(
            "bypass",
            BYPASS_SECTION,
            BYPASS_SECTION.defaults(),
            On::bypass,
            "Requests that are neither served from the cache nor stored.");
    private static final Key<On, List<String>> IGNORE_COOKIES = Key.of(
            "ignore-cookies",
            GLOBS,
            List.of(),
            On::ignoreCookies,
            "Cookies (globs) that are dropped before both key and origin.");
    private static final Key<On, SetCookie> SET_COOKIE = Key.of(
            "set-cookie",
            Scalar.choice(SetCookie.class),
            SetCookie.REFUSE,
            cache -> cache.treatment().setCookie(),
            "A response with Set-Cookie: refuse (not stored), strip or store.");
    private static final Key<On, ClientDirectives> CLIENT_DIRECTIVES = Key.of(
            "client-directives",
            Scalar.choice(ClientDirectives.class),
            ClientDirectives.IGNORE,
            cache -> cache.treatment().clientDirectives(),
            "Whether Cache-Control of requests counts (no-cache, max-age, only-if-cached).");
    private static final Key<On, Collapse> COLLAPSE = Key.of(
            "collapse",
            Scalar.choice(Collapse.class, "fleet"),
            Collapse.NODE,
            cache -> cache.treatment().collapse(),
            "One fetch for many simultaneous misses.");

    static final Section<On> SECTION = new Section<>(
            "route-cache",
            "How responses are stored and reused.",
            RouteCacheKeys::cache,
            TTL,
            DEFAULT_TTL,
            NEGATIVE_TTL,
            IF_UNREACHABLE,
            WHILE_REVALIDATE,
            IF_ERROR,
            KEY,
            BYPASS,
            IGNORE_COOKIES,
            SET_COOKIE,
            CLIENT_DIRECTIVES,
            COLLAPSE);

    static final Type<RouteCacheConfig> TYPE = new Either<>(
            new Scalar<>(
                    "off or a map of cache settings",
                    null,
                    text -> text.equals("off") || text.equals("false") ? new Off() : null,
                    off -> "off",
                    Schemas.of("enum", List.of("off", false))),
            SECTION,
            On.class);

    private RouteCacheKeys() {}

    private static On cache(Values<On> values) {
        Duration ifError = values.find(IF_ERROR);
        if (values.get(TTL) instanceof Ttl.Fixed(Duration ttl) && ifError != null && ifError.compareTo(ttl) < 0) {
            String message = "'stale-if-error' (" + Quantities.text(ifError) + ") is shorter than 'ttl' ("
                    + Quantities.text(ttl) + ")";
            values.warning(IF_ERROR, message, "it counts from the end of freshness, and is usually hours");
        }
        return new On(
                new Lifetime(values.get(TTL), values.find(DEFAULT_TTL), values.get(NEGATIVE_TTL)),
                new Stale(values.get(IF_UNREACHABLE), values.find(WHILE_REVALIDATE), ifError),
                values.get(KEY),
                values.get(BYPASS),
                values.get(IGNORE_COOKIES),
                new Treatment(values.get(SET_COOKIE), values.get(CLIENT_DIRECTIVES), values.get(COLLAPSE)));
    }

    private static Query query(Values<Query> values) {
        if (values.wrote(ONLY) && !values.get(IGNORE).isEmpty()) {
            values.error(IGNORE, "'ignore' has no effect beside 'only'", "keep one of them");
        }
        return new Query(values.get(IGNORE), values.find(ONLY), values.get(SORT));
    }

    private static @Nullable Ttl ttl(String text) {
        if (text.equals("from-response")) {
            return new Ttl.FromResponse();
        }
        Duration duration = Quantities.duration(text);
        return duration == null ? null : new Ttl.Fixed(duration);
    }

    private static String text(Ttl ttl) {
        return switch (ttl) {
            case Ttl.FromResponse response -> "from-response";
            case Ttl.Fixed fixed -> Quantities.text(fixed.duration());
        };
    }
}
