package io.larder.config.keys;

import io.larder.config.PurgeConfig;
import io.larder.config.PurgeConfig.Access;
import io.larder.config.PurgeConfig.Effect;
import io.larder.config.PurgeConfig.Mode;
import io.larder.config.PurgeConfig.On;
import io.larder.config.PurgeConfig.Rule;
import io.larder.config.SiteConfig;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.http.Cidr;
import io.larder.http.Grammar;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keys that say what purges a site's stored responses. */
final class PurgeKeys {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");
    private static final Set<String> UNSAFE = Set.of("POST", "PUT", "PATCH", "DELETE", "CONNECT");

    /** Tags with {@code {name}} in them: what a request to purge could not write is none. */
    static final Scalar<String> TAG = new Scalar<>(
            "a tag in which every '{' has its '}'",
            "write a word such as products, or product-{id} with what the path captured",
            PurgeKeys::tag,
            tag -> tag,
            Schemas.pattern("[^\\s,]+"));

    private static final Scalar<String> PATH_AND_QUERY = new Scalar<>(
            "a path in which every '{' has its '}'",
            "begin with '/'; {name} or {**} stands for what the path captured",
            text -> text.startsWith("/") ? PathSyntax.checkTarget(text) : null,
            text -> text,
            Schemas.pattern("/\\S*"));

    private static final Key<Access, List<String>> METHODS = Key.of(
            "methods",
            ListOf.some(method("purges", PurgeKeys::purging)),
            List.of("PURGE"),
            Access::methods,
            "Methods of HTTP that purge.");
    private static final Key<Access, List<Cidr>> FROM = Key.required(
            "from",
            ListOf.some(Scalars.CIDR),
            Access::from,
            "The addresses that may; behind trusted-proxies, the client's own.");
    private static final Section<Access> ACCESS_SECTION = new Section<>(
            "site-purge",
            "Who may purge by a method of HTTP on the listeners that clients use.",
            values -> new Access(values.get(METHODS), values.get(FROM)),
            METHODS,
            FROM);

    private static final Key<On, List<String>> METHOD = Key.of(
            "method",
            ListOf.some(method("changes something", PurgeKeys::changing)),
            List.of(),
            on -> on.methods().isEmpty() ? null : on.methods(),
            "Any of these methods; absent: all that are not safe (RFC 9110 §9.2.1).");
    private static final Key<On, String> PATH = Key.required("path", RouteKeys.PATTERN_OF_PATHS, On::path, "The path.");
    private static final Section<On> ON_SECTION = new Section<>(
            "invalidation-on",
            "The requests whose success makes something stale.",
            values -> new On(values.get(METHOD), values.get(PATH)),
            METHOD,
            PATH);

    private static final Key<Effect, List<String>> TAGS =
            Key.of("tags", ListOf.any(TAG), List.of(), Effect::tags, "Tags of this site.");
    private static final Key<Effect, List<String>> URLS =
            Key.of("urls", ListOf.any(PATH_AND_QUERY), List.of(), Effect::urls, "Paths on the host of the request.");
    private static final Key<Effect, List<String>> PREFIXES = Key.of(
            "prefixes",
            ListOf.any(PATH_AND_QUERY),
            List.of(),
            Effect::prefixes,
            "What paths begin with, on the host of the request.");
    private static final Key<Effect, Mode> MODE = Key.of(
            "mode",
            Scalar.choice(Mode.class),
            Mode.HARD,
            Effect::mode,
            "hard: gone; soft: served once more while a new response is fetched.");
    private static final Section<Effect> EFFECT_SECTION =
            new Section<>("invalidation-purge", "What becomes stale.", PurgeKeys::effect, TAGS, URLS, PREFIXES, MODE);

    private static final Key<Rule, On> ON =
            Key.required("on", ON_SECTION, Rule::on, "The requests whose success makes something stale.");
    private static final Key<Rule, Effect> EFFECT =
            Key.required("purge", EFFECT_SECTION, Rule::effect, "What becomes stale.");
    private static final Section<Rule> RULE_SECTION = new Section<>(
            "invalidation", "What the success of some requests makes stale.", PurgeKeys::rule, ON, EFFECT);

    static final Key<SiteConfig, Access> PURGE = Key.optional(
            "purge",
            ACCESS_SECTION,
            site -> site.purging().access(),
            "Who may purge by a method of HTTP; absent: nobody, and such requests are like any other.");
    static final Key<SiteConfig, List<Rule>> INVALIDATE = Key.of(
            "invalidate",
            ListOf.any(RULE_SECTION),
            List.of(),
            site -> site.purging().rules(),
            "What successful writes make stale, beside their own URL.");

    private PurgeKeys() {}

    static PurgeConfig purging(Values<SiteConfig> values) {
        return new PurgeConfig(values.find(PURGE), values.get(INVALIDATE));
    }

    private static Scalar<String> method(String deed, Scalar.Parser<String> parser) {
        return new Scalar<>(
                "a method that " + deed,
                null,
                parser,
                method -> method,
                Schemas.pattern("[!#$%&'*+.^_`|~0-9A-Za-z-]+"));
    }

    private static @Nullable String purging(String method) {
        if (SAFE.contains(method) || UNSAFE.contains(method)) {
            throw new IllegalArgumentException("means something else to the site's servers: write PURGE");
        }
        return Grammar.isToken(method) ? method : null;
    }

    private static @Nullable String changing(String method) {
        if (SAFE.contains(method)) {
            throw new IllegalArgumentException("is a method that changes nothing");
        }
        return Grammar.isToken(method) ? method : null;
    }

    private static @Nullable String tag(String text) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c >= 127 || c == ',')) {
            throw new IllegalArgumentException("is empty or holds a blank, a comma or a character that is not ASCII");
        }
        return PathSyntax.checkTarget(text);
    }

    private static Effect effect(Values<Effect> values) {
        Effect effect = new Effect(values.get(TAGS), values.get(URLS), values.get(PREFIXES), values.get(MODE));
        if (effect.tags().isEmpty()
                && effect.urls().isEmpty()
                && effect.prefixes().isEmpty()) {
            values.error(MODE, "purges nothing", "give tags, urls or prefixes");
        }
        return effect;
    }

    private static Rule rule(Values<Rule> values) {
        Rule rule = new Rule(values.get(ON), values.get(EFFECT));
        Effect effect = rule.effect();
        Stream.of(effect.tags(), effect.urls(), effect.prefixes())
                .flatMap(List::stream)
                .forEach(template ->
                        PathSyntax.checkCaptures(values, EFFECT, rule.on().path(), template));
        return rule;
    }
}
