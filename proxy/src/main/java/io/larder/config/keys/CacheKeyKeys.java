package io.larder.config.keys;

import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteCacheConfig.On;
import io.larder.config.RouteCacheConfig.Preset;
import io.larder.config.RouteCacheConfig.Query;
import io.larder.config.RouteCacheConfig.Vary;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import java.util.List;

/** The keys that say what tells stored responses apart. */
final class CacheKeyKeys {
    private static final Key<Query, List<String>> IGNORE =
            Key.of("ignore", SharingKeys.GLOBS, List.of(), Query::ignore, "Parameters (globs) that do not count.");
    private static final Key<Query, List<String>> ONLY =
            Key.optional("only", SharingKeys.GLOBS, Query::only, "The only parameters (globs) that count.");
    private static final Key<Query, Boolean> SORT =
            Key.of("sort", Scalars.SWITCH, false, Query::sort, "Whether the order of parameters does not count.");
    private static final Key<Query, List<Preset>> PRESETS = Key.of(
            "presets",
            ListOf.any(Scalar.choice(Preset.class)),
            List.of(),
            Query::presets,
            "Lists of well-known parameters that do not count: tracking (utm_*, fbclid, gclid and their like).");
    private static final Section<Query> QUERY_SECTION = new Section<>(
            "key-query", "The part of the query that counts.", CacheKeyKeys::query, IGNORE, ONLY, SORT, PRESETS);

    private static final Key<RouteCacheConfig.Key, Query> QUERY = Key.of(
            "query",
            QUERY_SECTION,
            QUERY_SECTION.defaults(),
            RouteCacheConfig.Key::query,
            "The part of the query that counts.");
    private static final Key<RouteCacheConfig.Key, List<String>> KEY_HEADERS = Key.of(
            "headers",
            ListOf.any(Scalars.TELLING_FIELD),
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

    static final Key<On, RouteCacheConfig.Key> KEY = Key.of(
            "key",
            KEY_SECTION,
            KEY_SECTION.defaults(),
            On::key,
            "What besides scheme, host and path tells stored responses apart.");

    private static final Key<Vary, Boolean> NORMALISE = Key.of(
            "normalise",
            Scalars.SWITCH,
            true,
            Vary::normalise,
            "Whether values that negotiate alike are one: order and case of languages, encodings nobody has.");
    private static final Key<Vary, Boolean> SELECT_LANGUAGE = Key.of(
            "select-language",
            Scalars.SWITCH,
            false,
            Vary::selectLanguage,
            "Whether a stored language that the client prefers to all others answers without asking the origin.");
    private static final Section<Vary> VARY_SECTION = new Section<>(
            "vary",
            "How request fields that a Vary names are compared.",
            values -> new Vary(values.get(NORMALISE), values.get(SELECT_LANGUAGE)),
            NORMALISE,
            SELECT_LANGUAGE);
    static final Key<On, Vary> VARY = Key.of(
            "vary",
            VARY_SECTION,
            VARY_SECTION.defaults(),
            On::vary,
            "How request fields that a Vary names are compared.");

    private CacheKeyKeys() {}

    private static Query query(Values<Query> values) {
        if (values.wrote(ONLY) && !values.get(IGNORE).isEmpty()) {
            values.error(IGNORE, "'ignore' has no effect beside 'only'", "keep one of them");
        }
        return new Query(values.get(IGNORE), values.find(ONLY), values.get(SORT), values.get(PRESETS));
    }
}
