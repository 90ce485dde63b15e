package io.larder.gateway;

import io.larder.assembly.Assembling;
import io.larder.assembly.Masking;
import io.larder.assembly.Materials;
import io.larder.assembly.Presentation;
import io.larder.exchange.Handler;
import io.larder.http.Glob;
import io.larder.policy.Reason;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Destination;
import io.larder.route.FragmentPlan;
import io.larder.route.Route;
import io.larder.route.Stickiness;
import io.larder.route.TrustedProxies;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The layers that requests pass, put together for each route of a site. */
final class RouteLayers {
    private final SiteRules site;
    private final TrustedProxies trusted;
    private final Function<String, Origin> origins;
    private final SharedCache cache;
    private final StoredUrls urls;
    private final Handler fragments;

    /**
     * @param origins the way to each upstream, by name
     * @param fragments takes the requests for a page's parts
     */
    RouteLayers(
            SiteRules site,
            TrustedProxies trusted,
            Function<String, Origin> origins,
            SharedCache cache,
            StoredUrls urls,
            Handler fragments) {
        this.site = site;
        this.trusted = trusted;
        this.origins = origins;
        this.cache = cache;
        this.urls = urls;
        this.fragments = fragments;
    }

    /**
     * What answers the requests of a route.
     *
     * @param keyed those whose key tells what the origin sees
     * @param unkeyed the others: past the cache
     */
    record Ways(Handler keyed, Handler unkeyed) {}

    Ways of(Route route) {
        if (!(route.action() instanceof Action.Proxy proxy)) {
            Handler answering = edited(new Recovering(new Answering(route.action(), route.path())));
            return new Ways(answering, answering);
        }
        CachePlan plan = route.cache();
        if (plan == null) {
            Handler all = split(route, proxy, (upstream, layers) -> past(layers, route, Reason.ROUTE_OFF));
            return new Ways(all, all);
        }
        return new Ways(
                split(route, proxy, (upstream, layers) -> caching(layers, route, plan, proxy.to(), upstream)),
                split(route, proxy, (upstream, layers) -> past(layers, route, Reason.UNKEYED)));
    }

    /** @param usual the cache of what goes where its client belongs, by the upstream and the layers below */
    private Handler split(Route route, Action.Proxy proxy, BiFunction<String, Invalidating, Handler> usual) {
        Destination to = proxy.to();
        Map<Destination.Way, Handler> ways = new HashMap<>();
        for (Destination.Way way : to.ways()) {
            String upstream = way.upstream();
            Reason past = way.pastCache(route.cache() != null);
            ways.put(
                    way,
                    chain(
                            route,
                            proxy,
                            upstream,
                            layers -> past == null ? usual.apply(upstream, layers) : past(layers, route, past)));
        }
        return ways.size() == 1 ? ways.values().iterator().next() : new Splitting(to, ways);
    }

    /** All layers before an upstream: a request passes them from the last line to the first, its response the other way. */
    private Handler chain(Route route, Action.Proxy proxy, String upstream, Function<Invalidating, Handler> caching) {
        Origin origin = origins.apply(upstream);
        Handler layers = reaching(origin, route);
        layers = new Rewriting(layers, route.path(), proxy, site.request());
        layers = masking(layers, route);
        Invalidating changes =
                new Invalidating(layers, cache.store(), urls, site.site().name(), site.invalidations());
        layers = caching.apply(changes);
        layers = assembling(layers, route);
        layers = new Recovering(layers);
        layers = edited(layers);
        return sticking(layers, upstream, origin.sticky());
    }

    private Handler reaching(Origin origin, Route route) {
        Handler own = new Forwarding(origin.handler(), origin.host(), trusted, capability(route));
        Origin.Standby standby = origin.standby();
        return standby == null ? own : new Falling(own, standby.servers(), reaching(standby.origin(), route));
    }

    private Handler caching(Invalidating layers, Route route, CachePlan plan, Destination to, String upstream) {
        CachePlan own = plan.of(site.site(), route, to, upstream);
        Report report = report(route);
        return new Caching(layers, cache, own, report, new Uncached(layers, report));
    }

    private Handler past(Invalidating layers, Route route, Reason why) {
        CachePlan plan = route.cache();
        List<Glob> ignored = plan == null ? List.of() : plan.rules().cookies().ignore();
        return new Uncached(layers, report(route), ignored, why);
    }

    /** What the cache of a route says, be it to clients or to the layer that puts pages together. */
    private Report report(Route route) {
        return route.fragments() == null ? site.report() : site.report().forLayers();
    }

    private Handler masking(Handler layers, Route route) {
        FragmentPlan parts = route.fragments();
        CachePlan plan = route.cache();
        return parts == null || plan == null || !parts.visitor().djangoForms()
                ? layers
                : new Masking(
                        layers,
                        plan.of(site.site(), route).rules(),
                        cache.pages().materials(fragments));
    }

    private Handler assembling(Handler layers, Route route) {
        FragmentPlan plan = route.fragments();
        if (plan == null) {
            return layers;
        }
        CachePlan caches = route.cache();
        Presentation shows = new Presentation(
                site.report().surrogateFields(),
                site.report().cacheStatus() == Report.Detail.DEBUG,
                caches != null && caches.rules().storing().compress());
        Materials materials = cache.pages().materials(fragments);
        return new Assembling(layers, plan, materials, shows);
    }

    /** What origins are told that is done to their pages (Edge Architecture Specification 1.0 §2.2). */
    private static @Nullable String capability(Route route) {
        FragmentPlan plan = route.fragments();
        return plan == null ? null : plan.language().capability();
    }

    private static Handler sticking(Handler layers, String upstream, @Nullable Stickiness sticky) {
        return sticky == null ? layers : new Sticking(layers, upstream, sticky);
    }

    /** {@code layers} below what the site wants done to every response. */
    Handler edited(Handler layers) {
        Handler secured = site.https().hsts() == null ? layers : new Securing(layers, site.https());
        return editedInTheClear(secured);
    }

    /** The same for responses that never leave over TLS. */
    Handler editedInTheClear(Handler layers) {
        Handler secured = site.securityHeaders() ? new SecurityHeaders(layers) : layers;
        return site.response().isEmpty() ? secured : new Editing(secured, site.response());
    }
}
