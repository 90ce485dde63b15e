package io.larder.config.keys;

import io.larder.config.RouteCacheConfig.Bypass;
import io.larder.config.RouteCacheConfig.Cookies;
import io.larder.config.RouteCacheConfig.Guard;
import io.larder.config.RouteCacheConfig.On;
import io.larder.config.RouteCacheConfig.Personal;
import io.larder.config.RouteCacheConfig.Privacy;
import io.larder.config.RouteCacheConfig.Selector;
import io.larder.config.RouteCacheConfig.SetCookie;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Type;
import io.larder.config.bind.Values;
import io.larder.http.Grammar;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that say for whom a response is. */
final class SharingKeys {
    static final Type<List<String>> GLOBS = ListOf.any(Scalars.GLOB);

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

    static final Key<On, Bypass> BYPASS = Key.of(
            "bypass",
            BYPASS_SECTION,
            BYPASS_SECTION.defaults(),
            On::bypass,
            "Requests that are neither served from the cache nor stored.");

    static final Key<On, List<String>> IGNORE_COOKIES = Key.of(
            "ignore-cookies",
            GLOBS,
            List.of(),
            cache -> cache.cookies().ignore(),
            "Cookies (globs) that are dropped before both key and origin.");
    static final Key<On, SetCookie> SET_COOKIE = Key.of(
            "set-cookie",
            Scalar.choice(SetCookie.class),
            SetCookie.REFUSE,
            cache -> cache.cookies().setCookie(),
            "A response with Set-Cookie: refuse (not stored), strip or store.");

    static final Key<On, List<String>> SESSION_COOKIES = Key.of(
            "session-cookies",
            GLOBS,
            List.of(),
            cache -> cache.cookies().sessions(),
            "More cookies (globs) that tell a visitor, beside the well-known ones.");
    static final Key<On, Guard> GUARD = Key.of(
            "guard",
            Scalar.choice(Guard.class),
            Guard.ON,
            cache -> cache.privacy().guard(),
            "Bodies that look like one visitor's are not stored (on), or nothing is served and all is compared (shadow).");

    private static final Key<Personal, Selector> BY = Key.required(
            "by",
            new Scalar<>(
                    "cookie:NAME or header:NAME",
                    "write what tells clients apart, such as cookie:sessionid",
                    SharingKeys::selector,
                    SharingKeys::text,
                    Schemas.pattern("(cookie|header):.+")),
            Personal::by,
            "What tells clients apart.");
    private static final Key<Personal, Duration> PERSONAL_TTL =
            Key.required("ttl", Scalars.TIMEOUT, Personal::ttl, "How long such a response is fresh at most.");
    private static final Section<Personal> PERSONAL = new Section<>(
            "private",
            "How responses with Cache-Control: private are kept for the one client they are for.",
            values -> new Personal(values.get(BY), values.get(PERSONAL_TTL)),
            BY,
            PERSONAL_TTL);
    static final Key<On, Personal> PRIVATE = Key.optional(
            "private",
            PERSONAL,
            cache -> cache.privacy().personal(),
            "How responses with Cache-Control: private are kept for the one client they are for; absent: not at all.");

    private SharingKeys() {}

    static Cookies cookies(Values<On> values) {
        return new Cookies(values.get(IGNORE_COOKIES), values.get(SESSION_COOKIES), values.get(SET_COOKIE));
    }

    static Privacy privacy(Values<On> values) {
        return new Privacy(values.get(GUARD), values.find(PRIVATE));
    }

    private static @Nullable Selector selector(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        if (colon < 0 || !Grammar.isToken(name)) {
            return null;
        }
        return switch (text.substring(0, colon)) {
            case "cookie" -> new Selector.OfCookie(name);
            case "header" -> new Selector.OfHeader(String.valueOf(Scalars.telling(name)));
            default -> null;
        };
    }

    private static String text(Selector by) {
        return switch (by) {
            case Selector.OfCookie cookie -> "cookie:" + cookie.name();
            case Selector.OfHeader header -> "header:" + header.name();
        };
    }
}
