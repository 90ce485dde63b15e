package io.larder.config.keys;

import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.SiteConfig.CacheStatus;
import io.larder.config.SiteConfig.Https;
import io.larder.config.SiteConfig.Reporting;
import io.larder.config.SiteConfig.SurrogateFields;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Schemas;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.config.source.Origin;
import io.larder.http.Authority;
import java.time.Duration;
import java.util.List;

/** The keys of a site. */
final class SiteKeys {
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
            HeaderKeys.HEADERS,
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
                values.get(HeaderKeys.HEADERS),
                new Reporting(values.get(CACHE_STATUS), values.get(X_CACHE), values.get(SURROGATE_FIELDS)),
                PurgeKeys.purging(values),
                ADMISSION.read(values),
                routes.isEmpty() ? List.of(RouteKeys.everything(values.origin())) : routes,
                values.origin());
    }
}
