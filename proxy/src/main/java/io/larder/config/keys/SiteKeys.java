package io.larder.config.keys;

import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.SiteConfig.CacheStatus;
import io.larder.config.SiteConfig.Edit;
import io.larder.config.SiteConfig.HeaderEdits;
import io.larder.config.SiteConfig.Https;
import io.larder.config.SiteConfig.Reporting;
import io.larder.config.SiteConfig.SurrogateFields;
import io.larder.config.bind.FreeText;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.MapOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import io.larder.config.source.Text;
import io.larder.http.Authority;
import io.larder.http.Grammar;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of a site. */
final class SiteKeys {
    /** Fields that frame a message or belong to one connection: editing them would break it (RFC 9110 §7.6.1). */
    private static final Set<String> FRAMING = Set.of(
            "connection", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private static final Scalar<String> FIELD = new Scalar<>(
            Scalars.FIELD_NAME.noun(),
            Scalars.FIELD_NAME.example(),
            SiteKeys::editable,
            name -> name,
            Scalars.FIELD_NAME.schema());

    private static final Key<Edit, Map<String, Text>> SET = Key.of(
            "set",
            new MapOf<>(FIELD, new FreeText("a header value", true)),
            Map.of(),
            Edit::set,
            "Fields that are set, replacing what is there.");
    private static final Key<Edit, List<String>> REMOVE =
            Key.of("remove", ListOf.any(FIELD), List.of(), Edit::remove, "Fields that are removed.");
    private static final Section<Edit> EDIT = new Section<>(
            "header-edit",
            "Fields that are removed and then set.",
            values -> new Edit(values.get(SET), values.get(REMOVE)),
            SET,
            REMOVE);

    private static final Key<HeaderEdits, Edit> REQUEST =
            Key.of("request", EDIT, EDIT.defaults(), HeaderEdits::request, "On the way to the servers.");
    private static final Key<HeaderEdits, Edit> RESPONSE =
            Key.of("response", EDIT, EDIT.defaults(), HeaderEdits::response, "On the way to the client.");
    private static final Section<HeaderEdits> HEADERS_SECTION = new Section<>(
            "header-edits",
            "Changes of header fields.",
            values -> new HeaderEdits(values.get(REQUEST), values.get(RESPONSE)),
            REQUEST,
            RESPONSE);

    private static final Key<SiteConfig, List<String>> HOSTS = Key.of(
            "hosts",
            ListOf.some(Scalars.HOST),
            List.of(),
            site -> site.hosts().isEmpty() ? null : site.hosts(),
            "Names it answers to, \"*.example.com\" for all below one; absent: any. No site for a host: 421.");
    private static final Key<SiteConfig, Authority> CANONICAL_HOST = Key.optional(
            "canonical-host",
            new Scalar<>(
                    "a host, perhaps with a port",
                    "write it as clients do, such as www.example.com",
                    Authority::parse,
                    Authority::toString,
                    Schemas.pattern("[A-Za-z0-9_.:\\[\\]-]+")),
            SiteConfig::canonicalHost,
            "The host that all of them are cached, purged and forwarded as; absent: each for itself.");
    private static final Key<SiteConfig, List<String>> LISTENERS = Key.of(
            "listeners",
            ListOf.some(new Reference("listener")),
            List.of(),
            site -> site.listeners().isEmpty() ? null : site.listeners(),
            "Names of the listeners it answers on; absent: all of them.");
    private static final Key<SiteConfig, String> UPSTREAM = Key.optional(
            "upstream", new Reference("upstream"), SiteConfig::upstream, "Name of the upstream that answers.");
    private static final Key<Https, Boolean> REDIRECT = Key.of(
            "redirect",
            Scalars.SWITCH,
            false,
            Https::redirect,
            "Clients who come without TLS are sent to https (308), but for those of routes below /.well-known/acme-challenge/.");
    private static final Key<Https, Duration> HSTS = Key.optional(
            "hsts",
            Scalars.DURATION,
            Https::hsts,
            "Strict-Transport-Security over TLS: for how long browsers never come without it; 0s takes it back.");
    private static final Section<Https> HTTPS_SECTION = new Section<>(
            "https",
            "What becomes of clients who come without TLS, and of those who come with it.",
            values -> new Https(values.get(REDIRECT), values.find(HSTS)),
            REDIRECT,
            HSTS);
    private static final Key<SiteConfig, Https> HTTPS = Key.of(
            "https",
            HTTPS_SECTION,
            HTTPS_SECTION.defaults(),
            SiteConfig::https,
            "What becomes of clients who come without TLS, and of those who come with it.");
    private static final Key<SiteConfig, HeaderEdits> HEADERS = Key.of(
            "headers", HEADERS_SECTION, HEADERS_SECTION.defaults(), SiteConfig::headers, "Changes of header fields.");
    private static final Key<SiteConfig, CacheStatus> CACHE_STATUS = Key.of(
            "cache-status",
            Scalar.choice(CacheStatus.class),
            CacheStatus.ON,
            site -> site.reporting().cacheStatus(),
            "The Cache-Status response field (RFC 9211); debug adds the key and the route.");
    private static final Key<SiteConfig, Boolean> X_CACHE = Key.of(
            "x-cache",
            Scalars.SWITCH,
            true,
            site -> site.reporting().xCache(),
            "The X-Cache response field: HIT, MISS, STALE or BYPASS.");
    private static final Key<SiteConfig, SurrogateFields> SURROGATE_FIELDS = Key.of(
            "surrogate-fields",
            Scalar.choice(SurrogateFields.class),
            SurrogateFields.STRIP,
            site -> site.reporting().surrogateFields(),
            "Surrogate-Key, Surrogate-Control, Cache-Tag and their like: taken out, or sent on to clients.");
    private static final Key<SiteConfig, List<RouteConfig>> ROUTES = Key.of(
            "routes",
            ListOf.any(RouteKeys.SECTION),
            List.of(),
            SiteConfig::routes,
            "The first match wins; absent: one route for everything.");

    private static final AdmissionKeys<SiteConfig> ADMISSION = AdmissionKeys.of(SiteConfig::admission, ".");

    static final Section<SiteConfig> SECTION = new Section<>(
            "site",
            "What is served under a set of host names.",
            SiteKeys::site,
            HOSTS,
            CANONICAL_HOST,
            LISTENERS,
            UPSTREAM,
            HTTPS,
            HEADERS,
            CACHE_STATUS,
            X_CACHE,
            SURROGATE_FIELDS,
            ADMISSION.access(),
            ADMISSION.limit(),
            ADMISSION.auth(),
            PurgeKeys.PURGE,
            PurgeKeys.INVALIDATE,
            ROUTES);

    private SiteKeys() {}

    /** A site for any host, all of it served by one upstream. */
    static SiteConfig fronting(String name, String upstream, Origin origin) {
        return SECTION.make(new Values<SiteConfig>(name, origin, null).with(UPSTREAM, upstream));
    }

    private static SiteConfig site(Values<SiteConfig> values) {
        List<RouteConfig> routes = values.get(ROUTES);
        return new SiteConfig(
                values.name(),
                values.get(HOSTS),
                values.find(CANONICAL_HOST),
                values.get(LISTENERS),
                values.find(UPSTREAM),
                values.get(HTTPS),
                values.get(HEADERS),
                new Reporting(values.get(CACHE_STATUS), values.get(X_CACHE), values.get(SURROGATE_FIELDS)),
                PurgeKeys.purging(values),
                ADMISSION.read(values),
                routes.isEmpty() ? List.of(RouteKeys.everything(values.origin())) : routes,
                values.origin());
    }

    private static @Nullable String editable(String name) {
        if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException("is the gateway's own field and cannot be edited");
        }
        return Grammar.isToken(name) ? name : null;
    }
}
