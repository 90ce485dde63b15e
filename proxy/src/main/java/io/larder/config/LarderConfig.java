package io.larder.config;

import io.larder.config.source.Places;
import io.larder.http.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value: the whole configuration, defaults filled in. Names in it refer to something that is there.
 *
 * @param trustedProxies whose forwarding fields are believed
 * @param trustedField which of these count where a proxy sends both kinds
 * @param files every file it was read from, the main one first; empty when it came from none
 * @param places where its keys are written
 */
public record LarderConfig(
        Map<String, ListenerConfig> listeners,
        AdminConfig admin,
        List<Cidr> trustedProxies,
        TrustedField trustedField,
        CacheConfig cache,
        Map<String, UpstreamConfig> upstreams,
        Map<String, SiteConfig> sites,
        LogConfig log,
        Metrics metrics,
        Shutdown shutdown,
        List<Path> files,
        Places places) {
    public LarderConfig {
        listeners = Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
        trustedProxies = List.copyOf(trustedProxies);
        upstreams = Collections.unmodifiableMap(new LinkedHashMap<>(upstreams));
        sites = Collections.unmodifiableMap(new LinkedHashMap<>(sites));
        files = List.copyOf(files);
    }

    /** The listener of that name, which must be there. */
    public ListenerConfig listener(String name) {
        return named(name, listeners);
    }

    /** The upstream of that name, which must be there. */
    public UpstreamConfig upstream(String name) {
        return named(name, upstreams);
    }

    /** The site of that name, which must be there. */
    public SiteConfig site(String name) {
        return named(name, sites);
    }

    /** The same configuration, said to come from these files. */
    public LarderConfig readFrom(List<Path> sources) {
        return new LarderConfig(
                listeners,
                admin,
                trustedProxies,
                trustedField,
                cache,
                upstreams,
                sites,
                log,
                metrics,
                shutdown,
                sources,
                places);
    }

    /** The same configuration, said to be written at these places. */
    public LarderConfig writtenAt(Places other) {
        return new LarderConfig(
                listeners,
                admin,
                trustedProxies,
                trustedField,
                cache,
                upstreams,
                sites,
                log,
                metrics,
                shutdown,
                files,
                other);
    }

    private static <T> T named(String name, Map<String, T> records) {
        T record = records.get(name);
        if (record == null) {
            throw new IllegalArgumentException("nothing is named '" + name + "'");
        }
        return record;
    }

    /** The field in which proxies in front say who their client is. */
    public enum TrustedField {
        X_FORWARDED_FOR,
        FORWARDED
    }

    /** Whether metrics are offered in Prometheus' format. */
    public record Metrics(boolean prometheus) {}

    /**
     * How the gateway ends.
     *
     * @param drain how long running requests may take to finish
     */
    public record Shutdown(Duration drain) {}
}
