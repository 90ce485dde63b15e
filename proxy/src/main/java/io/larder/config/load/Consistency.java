package io.larder.config.load;

import io.larder.config.HostPort;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.ListenerConfig.ProxyProtocol;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.UpstreamConfig;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Errors that show only when the parts of a configuration are seen together. */
final class Consistency {
    private Consistency() {}

    static void check(LarderConfig config, Report report) {
        checkBinds(config, report);
        checkProxies(config, report);
        checkUpstreams(config, report);
        checkFallbacks(config, report);
        checkHosts(config, report);
    }

    private static void checkBinds(LarderConfig config, Report report) {
        Map<HostPort, String> taken = new HashMap<>();
        taken.put(config.admin().bind(), "admin");
        for (ListenerConfig listener : config.listeners().values()) {
            String first = taken.putIfAbsent(listener.bind(), "listener '" + listener.name() + "'");
            if (first != null && listener.bind().port() != 0) {
                String message = "listener '" + listener.name() + "': " + listener.bind() + " is taken by " + first;
                report.error(listener.origin().place(), message, null);
            }
        }
    }

    /** A PROXY header is believed from somebody, or every connection would be closed. */
    private static void checkProxies(LarderConfig config, Report report) {
        for (ListenerConfig listener : config.listeners().values()) {
            if (listener.proxyProtocol() == ProxyProtocol.REQUIRE
                    && config.trustedProxies().isEmpty()) {
                String key = "listeners." + listener.name() + ".proxy-protocol";
                Place place = config.places().of(key);
                report.error(
                        place == null ? listener.origin().place() : place,
                        key + ": 'require' needs trusted-proxies: nobody's PROXY header would be believed",
                        "add 'trusted-proxies: [ADDRESS]' with the addresses of the proxies in front");
            }
        }
    }

    /** Requests that are passed on need somewhere to go. */
    private static void checkUpstreams(LarderConfig config, Report report) {
        for (SiteConfig site : config.sites().values()) {
            for (RouteConfig route : site.routes()) {
                if (site.upstream() == null
                        && route.action() instanceof Forward forward
                        && forward.destination() == null) {
                    String message = "route '" + route.name() + "' of site '" + site.name() + "' has no upstream";
                    report.error(route.origin().place(), message, "add 'upstream: NAME' to the route or to the site");
                }
            }
        }
    }

    /** No upstream falls back to itself, by however many steps. */
    private static void checkFallbacks(LarderConfig config, Report report) {
        Set<String> seen = new HashSet<>();
        for (String first : config.upstreams().keySet()) {
            List<String> chain = new ArrayList<>();
            String name = first;
            while (name != null && seen.add(name)) {
                chain.add(name);
                UpstreamConfig upstream = config.upstreams().get(name);
                name = upstream == null ? null : upstream.fallback();
            }
            if (name != null && chain.contains(name)) {
                reportCircle(chain.subList(chain.indexOf(name), chain.size()), config, report);
            }
        }
    }

    private static void reportCircle(List<String> circle, LarderConfig config, Report report) {
        String first = circle.get(0);
        String key = "upstreams." + first + ".fallback";
        Place place = config.places().of(key);
        report.error(
                place == null ? config.upstream(first).origin().place() : place,
                key + ": upstreams fall back in a circle: " + String.join(" -> ", circle) + " -> " + first,
                "leave the fallback of one of them out");
    }

    /** A host on a listener leads to one site. */
    private static void checkHosts(LarderConfig config, Report report) {
        Map<String, SiteConfig> claims = new HashMap<>();
        for (SiteConfig site : config.sites().values()) {
            for (String host : site.hosts().isEmpty() ? List.of("") : site.hosts()) {
                for (String listener : listeners(site, config)) {
                    claim(host, listener, site, claims, report);
                }
            }
        }
    }

    private static void claim(
            String host, String listener, SiteConfig site, Map<String, SiteConfig> claims, Report report) {
        SiteConfig first = claims.putIfAbsent(listener + " " + host, site);
        if (first != null) {
            String what = host.isEmpty() ? "any host" : "'" + host + "'";
            String message = first.name().equals(site.name())
                    ? "site '" + site.name() + "' lists " + what + " twice"
                    : "sites '" + first.name() + "' and '" + site.name() + "' both answer to " + what + " on listener '"
                            + listener + "'";
            report.error(
                    site.origin().place(),
                    message,
                    "the other claim is at " + first.origin().place());
        }
    }

    /** The listeners a site answers on; duplicates in the file count once. */
    private static List<String> listeners(SiteConfig site, LarderConfig config) {
        return site.listeners().isEmpty()
                ? new ArrayList<>(config.listeners().keySet())
                : site.listeners().stream().distinct().toList();
    }
}
