package io.larder.config.keys;

import io.larder.config.FragmentsConfig;
import io.larder.config.RouteAction;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteAction.Redirect;
import io.larder.config.RouteAction.Respond;
import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteConfig;
import io.larder.config.RouteConfig.Match;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.MapOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import io.larder.config.source.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The keys of a route. */
final class RouteKeys {
    private static final Type<Text> PATTERN = new FreeText("a pattern", true);

    private static final Key<Match, List<String>> METHOD =
            Key.of("method", ListOf.any(Scalars.METHOD), List.of(), Match::methods, "Any of these methods.");
    private static final Key<Match, Map<String, Text>> HEADER =
            Key.of("header", new MapOf<>(Scalars.FIELD_NAME, PATTERN), Map.of(), Match::headers, "Fields and globs.");
    private static final Key<Match, Map<String, Text>> QUERY =
            Key.of("query", new MapOf<>(Scalars.WORD, PATTERN), Map.of(), Match::query, "Query parameters and globs.");
    private static final Key<Match, Map<String, Text>> COOKIE =
            Key.of("cookie", new MapOf<>(Scalars.COOKIE_NAME, PATTERN), Map.of(), Match::cookies, "Cookies and globs.");
    private static final Section<Match> MATCH_SECTION = new Section<>(
            "match",
            "What a request must have besides the path: all of it.",
            values -> new Match(values.get(METHOD), values.get(HEADER), values.get(QUERY), values.get(COOKIE)),
            METHOD,
            HEADER,
            QUERY,
            COOKIE);

    private static final Scalar<String> TARGET = new Scalar<>(
            "a target in which every '{' has its '}'",
            "write a path or URL, with {name} or {**} for what the path captured",
            PathSyntax::checkTarget,
            target -> target,
            Schemas.of("type", "string", "minLength", 1));

    private static final Key<Redirect, String> TO =
            Key.required("to", TARGET, Redirect::to, "Path or URL, with {name} or {**} filled in.");
    private static final Key<Redirect, Integer> REDIRECT_STATUS = Key.of(
            "status",
            Scalar.choice(statuses(301, 302, 303, 307, 308)),
            302,
            Redirect::status,
            "301 and 308 are kept by browsers for good.");
    private static final Section<Redirect> REDIRECT_SECTION = new Section<>(
            "redirect",
            "A redirect.",
            values -> new Redirect(values.get(TO), values.get(REDIRECT_STATUS)),
            TO,
            REDIRECT_STATUS);

    private static final Key<Respond, Integer> STATUS =
            Key.of("status", Scalars.integer(200, 599), 200, Respond::status, "The status code.");
    private static final Key<Respond, Text> BODY =
            Key.of("body", new FreeText("a text", false), Text.of(""), Respond::body, "The content.");
    private static final Key<Respond, String> CONTENT_TYPE =
            Key.of("content-type", Scalars.WORD, "text/plain; charset=utf-8", Respond::contentType, "Its media type.");
    private static final Section<Respond> RESPOND_SECTION = new Section<>(
            "respond",
            "A fixed response.",
            values -> new Respond(values.get(STATUS), values.get(BODY), values.get(CONTENT_TYPE)),
            STATUS,
            BODY,
            CONTENT_TYPE);

    static final Scalar<String> PATTERN_OF_PATHS = new Scalar<>(
            "a path pattern",
            "begin with '/'; {name} or * stands for a segment, ** for the rest",
            PathSyntax::check,
            path -> path,
            Schemas.pattern("/[^?#\\s]*"));

    private static final Key<RouteConfig, String> PATH = Key.required(
            "path",
            PATTERN_OF_PATHS,
            RouteConfig::path,
            "{name} captures one segment, * stands for one, ** for the rest.");
    private static final Key<RouteConfig, String> NAME =
            Key.optional("name", Scalars.WORD, RouteConfig::name, "Label in metrics and logs; default: from the path.");
    private static final Key<RouteConfig, Match> MATCH =
            Key.of("match", MATCH_SECTION, Match.ANY, RouteConfig::match, "What a request must have besides the path.");
    private static final Key<RouteConfig, String> REWRITE = Key.optional(
            "rewrite",
            TARGET,
            route -> route.action() instanceof Forward forward ? forward.rewrite() : null,
            "The path that servers see, with {name} or {**} filled in.");
    private static final Key<RouteConfig, Redirect> REDIRECT = Key.optional(
            "redirect",
            REDIRECT_SECTION,
            route -> route.action() instanceof Redirect redirect ? redirect : null,
            "Answer with a redirect.");
    private static final Key<RouteConfig, Respond> RESPOND = Key.optional(
            "respond",
            RESPOND_SECTION,
            route -> route.action() instanceof Respond respond ? respond : null,
            "Answer with a fixed response.");
    private static final Key<RouteConfig, RouteCacheConfig> CACHE = Key.of(
            "cache",
            RouteCacheKeys.TYPE,
            RouteCacheKeys.SECTION.defaults(),
            route -> route.action() instanceof Forward ? route.cache() : null,
            "off, or how responses are stored and reused.");
    private static final Key<RouteConfig, FragmentsConfig> FRAGMENTS = Key.of(
            "fragments",
            FragmentKeys.TYPE,
            new FragmentsConfig.Off(),
            route -> route.action() instanceof Forward ? route.fragments() : null,
            "esi, ssi or off, or how pages are put together from parts.");

    private static final AdmissionKeys<RouteConfig> ADMISSION =
            AdmissionKeys.of(RouteConfig::admission, ", in place of what the site says.");

    /** What has no meaning where the gateway answers itself. */
    private static final List<Key<RouteConfig, ?>> OF_FORWARDING = List.of(
            DestinationKeys.UPSTREAM,
            DestinationKeys.WRITES,
            DestinationKeys.READ_YOUR_WRITES,
            REWRITE,
            CACHE,
            FRAGMENTS);

    static final Section<RouteConfig> SECTION = new Section<>(
            "route",
            "What happens to requests of a shape.",
            RouteKeys::route,
            PATH,
            NAME,
            MATCH,
            DestinationKeys.UPSTREAM,
            DestinationKeys.WRITES,
            DestinationKeys.READ_YOUR_WRITES,
            REWRITE,
            REDIRECT,
            RESPOND,
            CACHE,
            FRAGMENTS,
            ADMISSION.access(),
            ADMISSION.limit(),
            ADMISSION.auth());

    private RouteKeys() {}

    /** The route of a site that has none: all requests, to the site's upstream. */
    static RouteConfig everything(Origin origin) {
        return SECTION.make(new Values<RouteConfig>("route", origin, null).with(PATH, "/**"));
    }

    private static RouteConfig route(Values<RouteConfig> values) {
        String path = values.get(PATH);
        String name = values.find(NAME);
        RouteAction action = action(values);
        if (action instanceof Redirect redirect) {
            PathSyntax.checkCaptures(values, REDIRECT, path, redirect.to());
        } else if (action instanceof Forward(var destination, var writes, String rewrite) && rewrite != null) {
            PathSyntax.checkCaptures(values, REWRITE, path, rewrite);
        }
        if (values.get(CACHE) instanceof RouteCacheConfig.On cache) {
            cache.storing().tags().forEach(tag -> PathSyntax.checkCaptures(values, CACHE, path, tag));
        }
        if (values.get(CACHE) instanceof RouteCacheConfig.Off
                && values.get(FRAGMENTS) instanceof FragmentsConfig.On fragments
                && fragments.visitor().csrf() != FragmentsConfig.Csrf.OFF) {
            values.error(FRAGMENTS, "'csrf' has no effect with 'cache: off'", null);
        }
        if (values.get(CACHE) instanceof RouteCacheConfig.On cached
                && cached.privacy().personal() != null
                && values.get(FRAGMENTS) instanceof FragmentsConfig.On fragments
                && fragments.visitor().csrf() != FragmentsConfig.Csrf.OFF) {
            values.error(CACHE, "'private' has no effect with 'csrf': whoever has a cookie passes by the cache", null);
        }
        return new RouteConfig(
                name == null ? PathSyntax.name(path) : name,
                path,
                values.get(MATCH),
                action,
                values.get(CACHE),
                values.get(FRAGMENTS),
                ADMISSION.read(values),
                values.origin());
    }

    private static RouteAction action(Values<RouteConfig> values) {
        Redirect redirect = values.find(REDIRECT);
        Respond respond = values.find(RESPOND);
        if (redirect == null && respond == null) {
            return forward(values);
        }
        Key<RouteConfig, ?> answer = redirect == null ? RESPOND : REDIRECT;
        for (Key<RouteConfig, ?> other : OF_FORWARDING) {
            refuseBeside(answer, other, values);
        }
        if (redirect != null) {
            refuseBeside(REDIRECT, RESPOND, values);
        }
        return redirect == null ? Objects.requireNonNull(respond) : redirect;
    }

    private static void refuseBeside(
            Key<RouteConfig, ?> answer, Key<RouteConfig, ?> other, Values<RouteConfig> values) {
        if (values.wrote(other)) {
            values.error(other, "'" + other.name() + "' has no effect beside '" + answer.name() + "'", null);
        }
    }

    private static Forward forward(Values<RouteConfig> values) {
        String rewrite = values.find(REWRITE);
        if (rewrite != null && !rewrite.startsWith("/")) {
            values.error(REWRITE, "'rewrite' must begin with '/'", null);
        }
        return new Forward(values.find(DestinationKeys.UPSTREAM), DestinationKeys.writes(values), rewrite);
    }

    private static Map<String, Integer> statuses(int... codes) {
        Map<String, Integer> words = new LinkedHashMap<>();
        for (int code : codes) {
            words.put(String.valueOf(code), code);
        }
        return words;
    }
}
