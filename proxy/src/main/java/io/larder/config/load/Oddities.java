package io.larder.config.load;

import io.larder.config.AdmissionConfig;
import io.larder.config.Balancing;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.RouteAction;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteConfig;
import io.larder.config.RouteConfig.Match;
import io.larder.config.SiteConfig;
import io.larder.config.UpstreamConfig;
import io.larder.config.keys.PathSyntax;
import io.larder.config.source.Origin;
import io.larder.config.source.Place;
import io.larder.config.source.Report;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Warnings: what is legal and yet hardly what was meant. */
final class Oddities {
    private Oddities() {}

    static void warn(LarderConfig config, Report report) {
        warnOfShadows(config, report);
        warnOfUnusedUpstreams(config, report);
        warnOfUnusedListeners(config, report);
        warnOfRedirectsToNowhere(config, report);
        warnOfLonelyFleets(config, report);
        warnOfLonelyCookies(config, report);
        warnOfSharedCookies(config, report);
        CleartextCredentials.warn(config, report);
    }

    /** A route that would agree with other nodes, of which there can be none. */
    private static void warnOfLonelyFleets(LarderConfig config, Report report) {
        if (config.cache().redis() != null) {
            return;
        }
        for (SiteConfig site : config.sites().values()) {
            warnOfLonelyLimit("site '" + site.name() + "'", site.admission(), site.origin(), report);
            for (RouteConfig route : site.routes()) {
                warnOfLonelyLimit("route '" + route.path() + "'", route.admission(), route.origin(), report);
                if (route.cache() instanceof RouteCacheConfig.On cache
                        && cache.treatment().collapse() == RouteCacheConfig.Collapse.FLEET) {
                    String message = "route '" + route.path()
                            + "' has 'collapse: fleet', and there is no cache.redis: each node goes by itself";
                    report.warning(route.origin().place(), message, "add cache.redis, or write 'collapse: node'");
                }
            }
        }
    }

    private static void warnOfLonelyLimit(String who, AdmissionConfig admission, Origin origin, Report report) {
        AdmissionConfig.Limit limit = admission.limit();
        if (limit != null && limit.scope() == AdmissionConfig.Scope.FLEET) {
            String message =
                    who + " has a limit of 'scope: fleet', and there is no cache.redis: each node counts for itself";
            report.warning(origin.place(), message, "add cache.redis, or write 'scope: node'");
        }
    }

    /** A route that an earlier one leaves nothing to. Each is compared with all before it, so that must be quick. */
    private static void warnOfShadows(LarderConfig config, Report report) {
        for (SiteConfig site : config.sites().values()) {
            List<RouteConfig> routes = site.routes();
            List<List<String>> paths = routes.stream()
                    .map(route -> PathSyntax.segments(route.path()))
                    .toList();
            for (int i = 1; i < routes.size(); i++) {
                int earlier = 0;
                while (earlier < i && !shadows(routes, paths, earlier, i)) {
                    earlier++;
                }
                if (earlier < i) {
                    warnOfShadow(routes.get(earlier), routes.get(i), report);
                }
            }
        }
    }

    private static boolean shadows(List<RouteConfig> routes, List<List<String>> paths, int earlier, int later) {
        return PathSyntax.covers(paths.get(earlier), paths.get(later))
                && asksNoMore(routes.get(earlier).match(), routes.get(later).match());
    }

    private static boolean asksNoMore(Match earlier, Match later) {
        return earlier.equals(Match.ANY) || earlier.equals(later);
    }

    private static void warnOfShadow(RouteConfig earlier, RouteConfig route, Report report) {
        String message =
                "route '" + route.path() + "' is never reached: '" + earlier.path() + "' above takes all of it";
        report.warning(
                route.origin().place(),
                message,
                "move it above " + earlier.origin().place());
    }

    /** A cookie that other nodes, and this one after a restart, do not know as theirs. */
    private static void warnOfLonelyCookies(LarderConfig config, Report report) {
        if (config.cache().redis() == null) {
            return;
        }
        for (UpstreamConfig upstream : config.upstreams().values()) {
            Balancing.Sticky sticky = upstream.balancing().sticky();
            if (sticky != null && sticky.keyFile() == null) {
                String key = "upstreams." + upstream.name() + ".sticky";
                Place place = config.places().of(key);
                report.warning(
                        place == null ? upstream.origin().place() : place,
                        key + ": other nodes, and this one after a restart, do not recognise the cookie",
                        "add key-file: FILE, with the same secret on all nodes");
            }
        }
    }

    /** A client that is served by both would be bound to one of them at a time. */
    private static void warnOfSharedCookies(LarderConfig config, Report report) {
        Map<String, UpstreamConfig> first = new HashMap<>();
        for (UpstreamConfig upstream : config.upstreams().values()) {
            Balancing.Sticky sticky = upstream.balancing().sticky();
            UpstreamConfig other = sticky == null ? null : first.putIfAbsent(sticky.cookie(), upstream);
            if (sticky != null && other != null) {
                report.warning(
                        upstream.origin().place(),
                        "upstreams " + other.name() + " and " + upstream.name() + " bind clients by the same cookie, "
                                + sticky.cookie() + ": each takes the other's away",
                        "give one of them another name: sticky: { cookie: larder_" + upstream.name() + " }");
            }
        }
    }

    /** Clients who are sent to where nobody speaks TLS; unless somebody in front does. */
    private static void warnOfRedirectsToNowhere(LarderConfig config, Report report) {
        for (SiteConfig site : config.sites().values()) {
            boolean spoken = config.listeners().values().stream()
                    .anyMatch(listener -> listener.tls() != null
                            && (site.listeners().isEmpty() || site.listeners().contains(listener.name())));
            if (site.https().redirect() && !spoken && config.trustedProxies().isEmpty()) {
                String key = "sites." + site.name() + ".https.redirect";
                Place place = config.places().of(key);
                report.warning(
                        place == null ? site.origin().place() : place,
                        key + ": no listener of this site speaks TLS, and no trusted proxy could in its place",
                        "give a listener tls: { certificates: [{ cert: FILE, key: FILE }] }");
            }
        }
    }

    private static void warnOfUnusedUpstreams(LarderConfig config, Report report) {
        Set<String> used = new HashSet<>();
        for (SiteConfig site : config.sites().values()) {
            for (RouteConfig route : site.routes()) {
                if (route.action() instanceof Forward forward) {
                    used.addAll(upstreams(forward, site));
                }
            }
        }
        for (UpstreamConfig upstream : config.upstreams().values()) {
            used.add(String.valueOf(upstream.fallback()));
        }
        for (UpstreamConfig upstream : config.upstreams().values()) {
            if (!used.contains(upstream.name())) {
                report.warning(upstream.origin().place(), "no route leads to upstream '" + upstream.name() + "'", null);
            }
        }
    }

    private static Set<String> upstreams(Forward forward, SiteConfig site) {
        RouteAction.Destination own = forward.destination();
        Set<String> names = new HashSet<>(own == null ? Set.of(String.valueOf(site.upstream())) : own.upstreams());
        RouteAction.Writes writes = forward.writes();
        if (writes != null) {
            names.add(writes.upstream());
        }
        return names;
    }

    private static void warnOfUnusedListeners(LarderConfig config, Report report) {
        Set<String> used = new HashSet<>();
        for (SiteConfig site : config.sites().values()) {
            used.addAll(site.listeners().isEmpty() ? config.listeners().keySet() : site.listeners());
        }
        for (ListenerConfig listener : config.listeners().values()) {
            if (!used.contains(listener.name())) {
                String message = "no site answers on listener '" + listener.name() + "': every request there gets 421";
                report.warning(listener.origin().place(), message, null);
            }
        }
    }
}
