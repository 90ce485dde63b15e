package io.larder.config.keys;

import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteCacheConfig.ClientDirectives;
import io.larder.config.RouteCacheConfig.Collapse;
import io.larder.config.RouteCacheConfig.Lifetime;
import io.larder.config.RouteCacheConfig.Off;
import io.larder.config.RouteCacheConfig.On;
import io.larder.config.RouteCacheConfig.Partials;
import io.larder.config.RouteCacheConfig.RangeMiss;
import io.larder.config.RouteCacheConfig.Stale;
import io.larder.config.RouteCacheConfig.Storing;
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
    private static final Key<On, ClientDirectives> CLIENT_DIRECTIVES = Key.of(
            "client-directives",
            Scalar.choice(ClientDirectives.class),
            ClientDirectives.IGNORE,
            cache -> cache.treatment().clientDirectives(),
            "Whether Cache-Control of requests counts (no-cache, max-age, only-if-cached).");
    private static final Key<On, Collapse> COLLAPSE = Key.of(
            "collapse",
            Scalar.choice(Collapse.class),
            Collapse.NODE,
            cache -> cache.treatment().collapse(),
            "One fetch for many simultaneous misses: on each node, or in the whole fleet (with cache.redis).");

    private static final Key<On, Boolean> HEURISTIC = Key.of(
            "heuristic",
            Scalars.SWITCH,
            false,
            cache -> cache.lifetime().heuristic(),
            "Freshness from Last-Modified where the response says nothing else (RFC 9111 §4.2.2).");
    private static final Key<On, List<String>> TARGETED = Key.of(
            "targeted-fields",
            ListOf.any(Scalars.FIELD_NAME),
            List.of("CDN-Cache-Control"),
            cache -> cache.lifetime().targeted(),
            "Response fields that stand in for Cache-Control (RFC 9213); the first one that is there counts.");
    private static final Key<On, Double> REFRESH_AHEAD = Key.of(
            "refresh-ahead",
            Scalars.RATIO,
            0.0,
            cache -> cache.lifetime().refreshAhead(),
            "The last part of a lifetime in which a response that is asked for is fetched anew behind it.");
    private static final Key<On, Integer> MIN_USES = Key.of(
            "min-uses",
            Scalars.integer(1, 1_000),
            1,
            cache -> cache.storing().minUses(),
            "How often a URL must have been asked for before its response is stored.");
    private static final Key<On, Boolean> COMPRESS = Key.of(
            "compress",
            Scalars.SWITCH,
            false,
            cache -> cache.storing().compress(),
            "Whether text that the origin sent unencoded is stored gzipped as well, for clients that accept it.");
    private static final Key<On, Partials> PARTIALS = Key.of(
            "partials",
            Scalar.choice(Partials.class),
            Partials.STRICT,
            cache -> cache.storing().partials(),
            "Whether a 206 whose Content-Range and body disagree is stored.");
    private static final Key<On, RangeMiss> RANGE_MISS = Key.of(
            "range-miss",
            Scalar.choice(RangeMiss.class),
            RangeMiss.PASS,
            cache -> cache.storing().rangeMiss(),
            "A range of what is not stored: pass it on, or fetch the whole and store it.");

    private static final Key<On, List<String>> TAGS = Key.of(
            "tags",
            ListOf.any(PurgeKeys.TAG),
            List.of(),
            cache -> cache.storing().tags(),
            "By which what is stored can be purged, beside the tags that responses bring; {name} is filled in.");

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
            HEURISTIC,
            TARGETED,
            REFRESH_AHEAD,
            CacheKeyKeys.KEY,
            CacheKeyKeys.VARY,
            SharingKeys.BYPASS,
            SharingKeys.IGNORE_COOKIES,
            SharingKeys.SESSION_COOKIES,
            SharingKeys.SET_COOKIE,
            SharingKeys.GUARD,
            SharingKeys.PRIVATE,
            MIN_USES,
            COMPRESS,
            PARTIALS,
            RANGE_MISS,
            TAGS,
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
                new Lifetime(
                        values.get(TTL),
                        values.find(DEFAULT_TTL),
                        values.get(HEURISTIC),
                        values.get(NEGATIVE_TTL),
                        values.get(TARGETED),
                        values.get(REFRESH_AHEAD)),
                new Stale(values.get(IF_UNREACHABLE), values.find(WHILE_REVALIDATE), ifError),
                values.get(CacheKeyKeys.KEY),
                values.get(CacheKeyKeys.VARY),
                values.get(SharingKeys.BYPASS),
                SharingKeys.cookies(values),
                SharingKeys.privacy(values),
                new Storing(
                        values.get(MIN_USES),
                        values.get(COMPRESS),
                        values.get(PARTIALS),
                        values.get(RANGE_MISS),
                        values.get(TAGS)),
                new Treatment(values.get(CLIENT_DIRECTIVES), values.get(COLLAPSE)));
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
