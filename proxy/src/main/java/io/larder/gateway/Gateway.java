package io.larder.gateway;

import io.larder.assembly.Assembling;
import io.larder.assembly.Masking;
import io.larder.assembly.Materials;
import io.larder.assembly.Presentation;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheRules;
import io.larder.policy.Inheritance;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Claims;
import io.larder.route.FragmentPlan;
import io.larder.route.Received;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The gateway as one configuration describes it: finds the route of a request and puts it to that route's layers.
 *
 * <p>Immutable; a new configuration makes a new one. Never throws, and never answers with a failure: whatever goes wrong
 * becomes a response here or below.
 */
public final class Gateway implements Handler {
    private final RouteTable table;
    private final TrustedProxies trusted;
    private final StoredUrls urls;
    private final IdentityHashMap<Route, Handler> chains = new IdentityHashMap<>();
    private final IdentityHashMap<Route, CacheRules> rules = new IdentityHashMap<>(); // of those that cache
    private final IdentityHashMap<Site, PurgeDoor> purges = new IdentityHashMap<>();
    private final IdentityHashMap<Route, Handler> wary = new IdentityHashMap<>(); // the same, past the cache
    private final Handler misdirected = new Recovering(
            (request, exchange) -> refuse(new Failure(Failure.Kind.MISDIRECTED, "no site answers to this host here")));
    private final Map<String, Handler> unrouted;

    /**
     * Where requests to purge go.
     *
     * @param methods of such requests
     */
    private record PurgeDoor(Set<String> methods, Handler purging) {}

    /**
     * Puts the layers of all routes together.
     *
     * @param listeners the names of all listeners
     * @param origins the way to each upstream, by name
     * @param cache what all routes share to cache
     */
    public Gateway(
            List<SiteRules> sites,
            List<String> listeners,
            TrustedProxies trusted,
            Function<String, Origin> origins,
            SharedCache cache) {
        this.table = new RouteTable(sites.stream().map(SiteRules::site).toList());
        this.trusted = trusted;
        this.urls = new StoredUrls(table, listeners);
        Map<String, Handler> notFound = new HashMap<>();
        for (SiteRules site : sites) {
            for (Route route : site.site().routes()) {
                addChains(site, route, origins, cache);
            }
            PurgeAccess access = site.purge();
            if (access != null) {
                Handler purging = new Purging(cache.store(), urls, site.site().name(), access);
                purges.put(site.site(), new PurgeDoor(access.methods(), edited(site, new Recovering(purging))));
            }
            notFound.put(
                    site.site().name(),
                    edited(
                            site,
                            new Recovering((request, exchange) -> refuse(
                                    new Failure(Failure.Kind.NOT_FOUND, "no route of this site takes this request")))));
        }
        this.unrouted = Map.copyOf(notFound);
    }

    private void addChains(SiteRules site, Route route, Function<String, Origin> origins, SharedCache cache) {
        CachePlan plan = route.cache();
        if (plan == null) {
            chains.put(route, chain(site, route, origins, cache, layers -> new Uncached(layers, report(site, route))));
            return;
        }
        CachePlan own = plan.of(site.site(), route);
        rules.put(route, own.rules());
        chains.put(
                route, chain(site, route, origins, cache, layers -> caching(layers, own, report(site, route), cache)));
        wary.put(
                route,
                chain(
                        site,
                        route,
                        origins,
                        cache,
                        layers -> caching(layers, own, report(site, route), cache)::passUnkeyed));
    }

    /** All layers of a route: a request passes them from the last line to the first, its response the other way. */
    private Handler chain(
            SiteRules site,
            Route route,
            Function<String, Origin> origins,
            SharedCache cache,
            Function<Invalidating, Handler> caching) {
        if (!(route.action() instanceof Action.Proxy proxy)) {
            return edited(site, new Recovering(new Answering(route.action(), route.path())));
        }
        Origin origin = origins.apply(proxy.upstream());
        Handler layers = reaching(origin, route);
        layers = new Rewriting(layers, route.path(), proxy, site.request());
        layers = masking(layers, site, route, cache);
        Invalidating changes =
                new Invalidating(layers, cache.store(), urls, site.site().name(), site.invalidations());
        layers = caching.apply(changes);
        layers = assembling(layers, site, route, cache);
        layers = new Recovering(layers);
        return edited(site, layers);
    }

    private Handler reaching(Origin origin, Route route) {
        Handler own = new Forwarding(origin.handler(), origin.host(), trusted, capability(route));
        Origin.Standby standby = origin.standby();
        return standby == null ? own : new Falling(own, standby.servers(), reaching(standby.origin(), route));
    }

    private static Caching caching(Invalidating layers, CachePlan plan, Report report, SharedCache cache) {
        return new Caching(layers, cache, plan, report, new Uncached(layers, report));
    }

    /** What the cache of a route says, be it to clients or to the layer that puts pages together. */
    private static Report report(SiteRules site, Route route) {
        return route.fragments() == null ? site.report() : site.report().forLayers();
    }

    private Handler masking(Handler layers, SiteRules site, Route route, SharedCache cache) {
        FragmentPlan fragments = route.fragments();
        CachePlan plan = route.cache();
        return fragments == null || plan == null || !fragments.visitor().djangoForms()
                ? layers
                : new Masking(
                        layers,
                        plan.of(site.site(), route).rules(),
                        cache.pages().materials(this::fragment));
    }

    private Handler assembling(Handler layers, SiteRules site, Route route, SharedCache cache) {
        FragmentPlan plan = route.fragments();
        if (plan == null) {
            return layers;
        }
        CachePlan caches = route.cache();
        Presentation shows = new Presentation(
                site.report().surrogateFields(),
                site.report().cacheStatus() == Report.Detail.DEBUG,
                caches != null && caches.rules().storing().compress());
        Materials materials = cache.pages().materials(this::fragment);
        return new Assembling(layers, plan, materials, shows);
    }

    /** What origins are told that is done to their pages (Edge Architecture Specification 1.0 §2.2). */
    private static @Nullable String capability(Route route) {
        FragmentPlan plan = route.fragments();
        return plan == null ? null : plan.language().capability();
    }

    private static Handler edited(SiteRules site, Handler layers) {
        return site.response().isEmpty() ? layers : new Editing(layers, site.response());
    }

    /** Under which names responses are stored; for purging. */
    public StoredUrls urls() {
        return urls;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Received received =
                Received.of(trusted, request, exchange.client().peer().getAddress());
        Exchange own = received.believed() ? onBehalf(received.request(), exchange) : exchange;
        return route(received, own);
    }

    /** A part of a page, asked for by ourselves on behalf of the page's client. */
    private CompletionStage<Response> fragment(Request request, Exchange exchange) {
        boolean believed = trusted.include(exchange.client().peer().getAddress());
        return route(new Received(request, believed, !believed || !Claims.changeTheUrl(request)), exchange);
    }

    private CompletionStage<Response> route(Received received, Exchange exchange) {
        RouteTable.Match match = table.find(exchange.client().listener(), received.request());
        if (match == null) {
            return misdirected.handle(received.request(), exchange);
        }
        Received known = exchange.inclusion() == null ? received : inheriting(received, match.route());
        Received ours = known.on(match.site());
        Request request = ours.request();
        PurgeDoor door = purges.get(match.site());
        if (door != null && door.methods.contains(request.method())) {
            exchange.journal().routed(match.site().name(), "purge");
            return door.purging.handle(request, exchange);
        }
        Route route = match.route();
        exchange.journal().routed(match.site().name(), route == null ? "-" : route.name());
        Handler chain = route == null
                ? unrouted.get(match.site().name())
                : ours.keyed() && match.certain() ? chains.get(route) : wary.getOrDefault(route, chains.get(route));
        return chain == null ? misdirected.handle(request, exchange) : chain.handle(request, exchange);
    }

    /** A fragment is told of the visitor what its route declares. */
    private Received inheriting(Received received, @Nullable Route route) {
        Request own = Inheritance.of(route == null ? null : rules.get(route), received.request());
        return new Received(own, received.believed(), received.keyed());
    }

    private Exchange onBehalf(Request request, Exchange exchange) {
        Client client = exchange.client();
        return exchange.withClient(client.withAddress(trusted.client(request.headers(), client.address())));
    }

    private static CompletionStage<Response> refuse(Failure failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
