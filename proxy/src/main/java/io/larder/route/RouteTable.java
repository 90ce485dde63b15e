package io.larder.route;

import io.larder.http.Authority;
import io.larder.http.Request;
import io.larder.http.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All sites and their routes, arranged for finding the one that answers a request. */
public final class RouteTable {
    /**
     * Where a request belongs: a site, and the first of its routes that takes it, if any does.
     *
     * @param certain false where some origin would find the path, as it is spelled, under a route that caches otherwise
     * @param sure false where it would find it under a route that lets in others
     */
    public record Match(Site site, @Nullable Route route, boolean certain, boolean sure) {
        /** Who is let in. */
        public Admission admission() {
            return route == null ? site.admission() : route.admission();
        }
    }

    private final Map<String, List<Site>> exact = new HashMap<>();
    private final Map<String, List<Site>> wildcard = new HashMap<>(); // by the suffix after "*."
    private final List<Site> any = new ArrayList<>();
    private final List<Site> sites;
    private final IdentityHashMap<Site, Search> searches = new IdentityHashMap<>();

    /** How the routes of a site are found. */
    private record Search(RouteTree routes, Spellings caching, Spellings admission) {
        static Search of(Site site) {
            RouteTree routes = new RouteTree(site.routes());
            return new Search(routes, Spellings.ofCaching(site, routes), Spellings.ofAdmission(site, routes));
        }
    }

    public RouteTable(List<Site> sites) {
        this.sites = List.copyOf(sites);
        for (Site site : sites) {
            searches.put(site, Search.of(site));
            if (site.hosts().isEmpty()) {
                any.add(site);
            }
            for (String name : site.names()) {
                Map<String, List<Site>> index = name.startsWith("*.") ? wildcard : exact;
                index.computeIfAbsent(name.startsWith("*.") ? name.substring(2) : name, h -> new ArrayList<>())
                        .add(site);
            }
        }
    }

    /**
     * Finds the site by host, the most specific name first, and in it the first route that matches.
     *
     * @param listener the name of the listener that the request came in on
     * @return null where no site answers to the host on that listener (421)
     */
    public @Nullable Match find(String listener, Request request) {
        Site site = site(listener, request.target().authority());
        Search search = site == null ? null : searches.get(site);
        if (site == null || search == null) {
            return null;
        }
        Route route = search.routes.first(RoutingPath.of(request.target().path()), false, request);
        return new Match(
                site, route, search.caching.allLeadTo(route, request), search.admission.allLeadTo(route, request));
    }

    /**
     * A route that was asked and did not take a request.
     *
     * @param why what of the request it did not match: {@code path}, or a condition
     */
    public record Missed(Route route, String why) {}

    /** The routes that were asked before the one found in {@code match}, which must be for {@code request}. */
    public static List<Missed> before(Match match, Request request) {
        String path = RoutingPath.of(request.target().path());
        List<Missed> missed = new ArrayList<>();
        for (Route route : match.site().routes()) {
            if (route.equals(match.route())) {
                return missed;
            }
            String unmet = route.conditions().unmet(request);
            missed.add(new Missed(route, !route.path().matchesNormal(path) || unmet == null ? "path" : unmet));
        }
        return missed;
    }

    /** All routes that some request for {@code target} takes on that listener, whatever else it brings. */
    public List<Route> candidates(String listener, Target target) {
        Site site = site(listener, target.authority());
        List<Route> found = new ArrayList<>();
        if (site != null) {
            String path = RoutingPath.of(target.path());
            for (Route route : site.routes()) {
                if (route.path().matchesNormal(path)) {
                    found.add(route);
                }
            }
        }
        return found;
    }

    /** All of them, in order. */
    public List<Site> sites() {
        return sites;
    }

    /** The site that answers to a host on that listener; null where none does. */
    public @Nullable Site site(String listener, Authority authority) {
        String host = authority.host();
        Site found = exact.isEmpty() ? null : on(listener, exact.get(host));
        if (!wildcard.isEmpty()) {
            for (int dot = host.indexOf('.'); found == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
                found = on(listener, wildcard.get(host.substring(dot + 1)));
            }
        }
        return found != null ? found : on(listener, any);
    }

    private static @Nullable Site on(String listener, @Nullable List<Site> candidates) {
        if (candidates != null) {
            for (int i = 0; i < candidates.size(); i++) {
                Site site = candidates.get(i);
                if (site.listeners().isEmpty() || site.listeners().contains(listener)) {
                    return site;
                }
            }
        }
        return null;
    }
}
