package io.larder.config.load;

import io.larder.config.AdmissionConfig;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Warnings of passwords and tokens that clients send without TLS, where anybody on the way can read them (RFC 7617 §4, RFC 6750 §5.3). Not where
 * they are sent to https first, only this machine can connect, or a trusted proxy in front may speak TLS. What a site says is warned of even where
 * all its routes say something else.
 */
final class CleartextCredentials {
    private static final String REMEDY =
            "give the listener tls, or the site https: { redirect: on }; a proxy in front that speaks TLS"
                    + " belongs into trusted-proxies";

    private CleartextCredentials() {}

    static void warn(LarderConfig config, Report report) {
        for (SiteConfig site : config.sites().values()) {
            List<String> open = openListeners(site, config);
            if (open.isEmpty()) {
                continue;
            }
            String where = "sites." + site.name();
            Place ofSite = site.origin().place();
            warnOf(site.admission().auth(), where + ".auth", ofSite, open, config, report);
            for (int i = 0; i < site.routes().size(); i++) {
                RouteConfig route = site.routes().get(i);
                String key = where + ".routes[" + i + "].auth";
                warnOf(route.admission().auth(), key, route.origin().place(), open, config, report);
            }
        }
    }

    private static void warnOf(
            AdmissionConfig.@Nullable Auth auth,
            String key,
            Place whole,
            List<String> open,
            LarderConfig config,
            Report report) {
        if (!(auth instanceof AdmissionConfig.On on)) {
            return;
        }
        Place own = config.places().of(key);
        String what = on.basic() == null ? "tokens" : "passwords";
        report.warning(
                own == null ? whole : own,
                key + ": " + what + " come without TLS on listener " + String.join(", ", open)
                        + ": whoever is on the way can read them",
                REMEDY);
    }

    /** The listeners of {@code site} on which its clients' secrets can be read on the way. */
    private static List<String> openListeners(SiteConfig site, LarderConfig config) {
        if (site.https().redirect() || !config.trustedProxies().isEmpty()) {
            return List.of();
        }
        return config.listeners().values().stream()
                .filter(listener ->
                        site.listeners().isEmpty() || site.listeners().contains(listener.name()))
                .filter(listener -> listener.tls() == null && !listener.bind().isLoopback())
                .map(ListenerConfig::name)
                .toList();
    }
}
