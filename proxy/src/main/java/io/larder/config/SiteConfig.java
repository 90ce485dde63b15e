package io.larder.config;

import io.larder.config.source.Origin;
import io.larder.config.source.Text;
import io.larder.http.Authority;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value: what is served under a set of host names.
 *
 * @param hosts lower case, perhaps with a leading {@code *.}; empty: any host
 * @param canonicalHost the one that all of them are keyed and forwarded as; null: each for itself
 * @param listeners names; empty: all of them
 * @param upstream its name; null only where every route names its own or needs none
 * @param https what becomes of clients who come in the clear, and of those who do not
 * @param purging what purges its stored responses, beside the operators
 * @param admission who is let in, where a route does not say otherwise
 * @param routes at least one; the first match wins
 */
public record SiteConfig(
        String name,
        List<String> hosts,
        @Nullable Authority canonicalHost,
        List<String> listeners,
        @Nullable String upstream,
        Https https,
        HeaderEdits headers,
        Reporting reporting,
        PurgeConfig purging,
        AdmissionConfig admission,
        List<RouteConfig> routes,
        Origin origin) {
    public SiteConfig {
        hosts = List.copyOf(hosts);
        listeners = List.copyOf(listeners);
        routes = List.copyOf(routes);
        Checks.require(!routes.isEmpty(), "a site has at least one route");
    }

    /**
     * What becomes of clients who come in the clear, and of those who do not.
     *
     * @param redirect whether the former are sent to {@code https}
     * @param hsts for how long browsers never come in the clear again; null: nothing is said about it
     */
    public record Https(boolean redirect, @Nullable Duration hsts) {}

    /** Changes of fields on the way to the servers and on the way to the client. */
    public record HeaderEdits(Edit request, ResponseEdits response) {}

    /**
     * Changes on the way to the client.
     *
     * @param security whether responses that do not say how browsers are to be careful with them are given that first
     */
    public record ResponseEdits(Edit fields, boolean security) {}

    /** Fields removed and then set. */
    public record Edit(Map<String, Text> set, List<String> remove) {
        public Edit {
            set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
            remove = List.copyOf(remove);
        }
    }

    /**
     * What a response says about the cache.
     *
     * @param xCache whether it carries {@code X-Cache}
     * @param surrogateFields whether it carries what the origin said to caches alone
     */
    public record Reporting(CacheStatus cacheStatus, boolean xCache, SurrogateFields surrogateFields) {}

    /** What becomes of fields that speak to a surrogate alone, such as Surrogate-Key. */
    public enum SurrogateFields {
        STRIP,
        SEND
    }

    /** How much {@code Cache-Status} (RFC 9211) says; {@code DEBUG} adds the key and the route. */
    public enum CacheStatus {
        ON,
        OFF,
        DEBUG
    }
}
