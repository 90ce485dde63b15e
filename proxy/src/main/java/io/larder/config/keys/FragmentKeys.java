package io.larder.config.keys;

import io.larder.config.FragmentsConfig;
import io.larder.config.FragmentsConfig.Csrf;
import io.larder.config.FragmentsConfig.Language;
import io.larder.config.FragmentsConfig.Limits;
import io.larder.config.FragmentsConfig.Off;
import io.larder.config.FragmentsConfig.On;
import io.larder.config.FragmentsConfig.Visitor;
import io.larder.config.bind.Either;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import io.larder.config.source.Place;
import io.larder.config.source.Text;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of a route's {@code fragments}. */
final class FragmentKeys {
    /** What a page's holes are written in. */
    private enum Parse {
        ESI,
        SSI,
        OFF
    }

    private static final Key<On, Parse> PARSE = Key.of(
            "parse",
            Scalar.choice(Parse.class),
            Parse.ESI,
            FragmentKeys::parse,
            "The markup of pages: esi (Surrogate-Control: content=\"ESI/1.0\" asks for it), ssi, or off.");
    private static final Key<On, Boolean> FORCE = Key.of(
            "force",
            Scalars.SWITCH,
            false,
            On::force,
            "Read every text for it. Only for sites on which nobody else's markup can come into a page.");
    private static final Key<On, Duration> DEADLINE = Key.of(
            "deadline",
            Scalars.TIMEOUT,
            Duration.ofSeconds(2),
            On::deadline,
            "How long one fragment is waited for, where the page does not say (maxwait).");
    private static final Key<On, Text> FALLBACK = Key.optional(
            "fallback",
            new FreeText("a text", false),
            On::fallback,
            "What stands for a fragment that cannot be had; absent: the page fails then.");
    private static final Key<On, List<String>> ALLOW_HOSTS = Key.of(
            "allow-hosts",
            ListOf.any(Scalars.HOST),
            List.of(),
            fragments -> fragments.limits().allowHosts(),
            "Hosts whose resources a page may include, besides its own; they need a site here.");
    private static final Key<On, Integer> MAX_DEPTH = Key.of(
            "max-depth",
            Scalars.integer(1, 20),
            5,
            fragments -> fragments.limits().maxDepth(),
            "Fragments within one another.");
    private static final Key<On, Integer> MAX_INCLUDES = Key.of(
            "max-includes",
            Scalars.integer(1, 10_000),
            256,
            fragments -> fragments.limits().maxIncludes(),
            "Fragments of a page, those of its fragments among them.");
    private static final Key<On, Boolean> COOKIE_VARIABLES = Key.of(
            "cookie-variables",
            Scalars.SWITCH,
            false,
            fragments -> fragments.visitor().cookies(),
            "Whether pages may show, or decide by, the visitor's cookies.");
    private static final Key<On, Csrf> CSRF = Key.of(
            "csrf",
            Scalar.choice(Csrf.class),
            Csrf.OFF,
            fragments -> fragments.visitor().csrf(),
            "django: forms of anonymous visitors are cached without their token, which each delivery fills in.");

    static final Section<On> SECTION = new Section<>(
            "fragments",
            "How pages are put together from parts.",
            FragmentKeys::fragments,
            PARSE,
            FORCE,
            DEADLINE,
            FALLBACK,
            ALLOW_HOSTS,
            MAX_DEPTH,
            MAX_INCLUDES,
            COOKIE_VARIABLES,
            CSRF);

    /** A language stands for all its defaults. */
    static final Type<FragmentsConfig> TYPE =
            new Either<FragmentsConfig, FragmentsConfig, On>(Scalar.choice(shortForms()), SECTION, On.class);

    private FragmentKeys() {}

    private static Map<String, FragmentsConfig> shortForms() {
        Origin origin = Origin.of(Place.of("default"));
        Map<String, FragmentsConfig> forms = new LinkedHashMap<>();
        forms.put("esi", SECTION.defaults());
        forms.put("ssi", SECTION.make(new Values<On>("fragments", origin, null).with(PARSE, Parse.SSI)));
        forms.put("off", new Off());
        return forms;
    }

    private static Parse parse(On fragments) {
        Language language = fragments.parse();
        return language == null ? Parse.OFF : language == Language.ESI ? Parse.ESI : Parse.SSI;
    }

    private static On fragments(Values<On> values) {
        Language language = switch (values.get(PARSE)) {
            case ESI -> Language.ESI;
            case SSI -> Language.SSI;
            case OFF -> null;
        };
        if (language == null && values.get(FORCE)) {
            values.error(FORCE, "'force' has no effect with 'parse: off'", null);
        }
        return new On(
                language,
                values.get(FORCE),
                values.get(DEADLINE),
                values.find(FALLBACK),
                new Limits(values.get(ALLOW_HOSTS), values.get(MAX_DEPTH), values.get(MAX_INCLUDES)),
                new Visitor(values.get(COOKIE_VARIABLES), values.get(CSRF)));
    }
}
