package io.larder.config.keys;

import io.larder.config.AdminConfig;
import io.larder.config.CacheConfig;
import io.larder.config.HostPort;
import io.larder.config.LarderConfig;
import io.larder.config.LarderConfig.Metrics;
import io.larder.config.LarderConfig.Shutdown;
import io.larder.config.LarderConfig.TrustedField;
import io.larder.config.ListenerConfig;
import io.larder.config.LogConfig;
import io.larder.config.RedisConfig;
import io.larder.config.SiteConfig;
import io.larder.config.UpstreamConfig;
import io.larder.config.bind.Key;
import io.larder.config.bind.ListOf;
import io.larder.config.bind.Named;
import io.larder.config.bind.Scalar;
import io.larder.config.bind.Section;
import io.larder.config.bind.Values;
import io.larder.config.source.Places;
import io.larder.http.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The keys at the top of a configuration file. */
public final class LarderKeys {
    private static final Key<AdminConfig, HostPort> BIND = Key.of(
            "bind",
            Scalars.BIND,
            new HostPort("127.0.0.1", 9180),
            AdminConfig::bind,
            "Never an address that clients reach.");
    private static final Key<AdminConfig, Path> TOKEN_FILE = Key.optional(
            "token-file",
            PrivateFile.secret(1),
            AdminConfig::tokenFile,
            "File with the bearer token; required unless bind is loopback.");
    private static final Section<AdminConfig> ADMIN_SECTION =
            new Section<>("admin", "The port for operators.", LarderKeys::admin, BIND, TOKEN_FILE);

    private static final Key<CacheConfig, Long> MEMORY = Key.of(
            "memory", Scalars.SIZE, 512L << 20, CacheConfig::memory, "Everything stored: bodies, heads, bookkeeping.");
    private static final Key<CacheConfig, Long> MAX_OBJECT = Key.of(
            "max-object",
            Scalars.SIZE,
            16L << 20,
            CacheConfig::maxObject,
            "Larger responses stream through and are not stored.");
    private static final Key<CacheConfig, Duration> MAX_LIFETIME = Key.of(
            "max-lifetime", Scalars.TIMEOUT, Duration.ofDays(7), CacheConfig::maxLifetime, "No entry is ever older.");
    private static final Key<CacheConfig, Duration> DEFAULT_GRACE = Key.of(
            "default-grace",
            Scalars.DURATION,
            Duration.ZERO,
            CacheConfig::defaultGrace,
            "stale-while-revalidate where the response and the route are silent.");
    private static final Key<CacheConfig, RedisConfig> REDIS = Key.optional(
            "redis",
            RedisKeys.SECTION,
            CacheConfig::redis,
            "The tier that several nodes share, and by which they purge together; absent: this node is alone.");
    private static final Section<CacheConfig> CACHE_SECTION = new Section<>(
            "cache", "The caches.", LarderKeys::cache, MEMORY, MAX_OBJECT, MAX_LIFETIME, DEFAULT_GRACE, REDIS);

    private static final Key<Metrics, Boolean> PROMETHEUS =
            Key.of("prometheus", Scalars.SWITCH, true, Metrics::prometheus, "GET /metrics on the admin port.");
    private static final Section<Metrics> METRICS_SECTION =
            new Section<>("metrics", "Metrics.", values -> new Metrics(values.get(PROMETHEUS)), PROMETHEUS);

    private static final Key<Shutdown, Duration> DRAIN = Key.of(
            "drain",
            Scalars.DURATION,
            Duration.ofSeconds(30),
            Shutdown::drain,
            "How long running requests may take to finish.");
    private static final Section<Shutdown> SHUTDOWN_SECTION =
            new Section<>("shutdown", "How the gateway ends.", values -> new Shutdown(values.get(DRAIN)), DRAIN);

    /** Read by {@link Includes} before anything else; here so that it is a known key. */
    static final Key<LarderConfig, List<String>> INCLUDE = Key.optional(
            "include",
            ListOf.any(Scalars.WORD),
            config -> null,
            "More files to read (globs, relative to this file); maps merge by name.");

    static final Key<LarderConfig, Map<String, ListenerConfig>> LISTENERS = Key.required(
            "listeners",
            new Named<>("listener", ListenerKeys.SECTION, 1),
            Map.of(),
            LarderConfig::listeners,
            "Addresses on which clients are served, by name.");
    private static final Key<LarderConfig, AdminConfig> ADMIN =
            Key.of("admin", ADMIN_SECTION, ADMIN_SECTION.defaults(), LarderConfig::admin, "The port for operators.");
    private static final Key<LarderConfig, List<Cidr>> TRUSTED_PROXIES = Key.of(
            "trusted-proxies",
            ListOf.any(Scalars.CIDR),
            List.of(),
            LarderConfig::trustedProxies,
            "Whose Forwarded and X-Forwarded-* fields, and PROXY headers, are believed.");
    private static final Key<LarderConfig, TrustedField> TRUSTED_FIELD = Key.of(
            "trusted-field",
            Scalar.choice(TrustedField.class),
            TrustedField.X_FORWARDED_FOR,
            LarderConfig::trustedField,
            "Which counts where a trusted proxy sends both; a proxy that writes one may pass on the other as the client sent it.");
    private static final Key<LarderConfig, CacheConfig> CACHE =
            Key.of("cache", CACHE_SECTION, CACHE_SECTION.defaults(), LarderConfig::cache, "The caches.");
    static final Key<LarderConfig, Map<String, UpstreamConfig>> UPSTREAMS = Key.of(
            "upstreams",
            new Named<>("upstream", UpstreamKeys.SECTION, 0),
            Map.of(),
            LarderConfig::upstreams,
            "Groups of servers, by name.");
    static final Key<LarderConfig, Map<String, SiteConfig>> SITES = Key.required(
            "sites",
            new Named<>("site", SiteKeys.SECTION, 1),
            Map.of(),
            LarderConfig::sites,
            "What is served under which host names, by name.");
    private static final Key<LarderConfig, LogConfig> LOG =
            Key.of("log", LogKeys.SECTION, LogKeys.SECTION.defaults(), LarderConfig::log, "What is written to logs.");
    private static final Key<LarderConfig, Metrics> METRICS =
            Key.of("metrics", METRICS_SECTION, METRICS_SECTION.defaults(), LarderConfig::metrics, "Metrics.");
    private static final Key<LarderConfig, Shutdown> SHUTDOWN = Key.of(
            "shutdown", SHUTDOWN_SECTION, SHUTDOWN_SECTION.defaults(), LarderConfig::shutdown, "How the gateway ends.");

    /** The whole file. */
    public static final Section<LarderConfig> SECTION = new Section<>(
            "larder",
            "Configuration of the Larder gateway.",
            LarderKeys::larder,
            INCLUDE,
            LISTENERS,
            ADMIN,
            TRUSTED_PROXIES,
            TRUSTED_FIELD,
            CACHE,
            UPSTREAMS,
            SITES,
            LOG,
            METRICS,
            SHUTDOWN);

    private LarderKeys() {}

    private static LarderConfig larder(Values<LarderConfig> values) {
        return new LarderConfig(
                values.get(LISTENERS),
                values.get(ADMIN),
                values.get(TRUSTED_PROXIES),
                values.get(TRUSTED_FIELD),
                values.get(CACHE),
                values.get(UPSTREAMS),
                values.get(SITES),
                values.get(LOG),
                values.get(METRICS),
                values.get(SHUTDOWN),
                List.of(),
                Places.NONE);
    }

    private static AdminConfig admin(Values<AdminConfig> values) {
        HostPort bind = values.get(BIND);
        Path tokenFile = values.find(TOKEN_FILE);
        if (tokenFile == null && !bind.isLoopback()) {
            String message = "'token-file' is required: admin.bind is not a loopback address";
            values.error(BIND, message, "bind to 127.0.0.1, or add token-file: FILE");
        }
        return new AdminConfig(bind, tokenFile, values.origin());
    }

    private static CacheConfig cache(Values<CacheConfig> values) {
        if (values.get(MAX_OBJECT) > values.get(MEMORY)) {
            values.error(MAX_OBJECT, "'max-object' is larger than 'memory': such a response could not be kept", null);
        }
        return new CacheConfig(
                values.get(MEMORY),
                values.get(MAX_OBJECT),
                values.get(MAX_LIFETIME),
                values.get(DEFAULT_GRACE),
                values.find(REDIS));
    }
}
