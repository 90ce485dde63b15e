package io.larder.gateway;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Ties;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheRules;
import io.larder.policy.Inheritance;
import io.larder.route.CachePlan;
import io.larder.route.Claims;
import io.larder.route.OwnCookies;
import io.larder.route.Received;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final IdentityHashMap<Route, RouteLayers.Ways> chains = new IdentityHashMap<>();
    private final IdentityHashMap<Route, CacheRules> rules = new IdentityHashMap<>(); // of those that cache
    private final IdentityHashMap<Site, PurgeDoor> purges = new IdentityHashMap<>();
    private final IdentityHashMap<Site, Admitting> doors = new IdentityHashMap<>(); // what no route takes
    private final IdentityHashMap<Route, Admitting> guarded = new IdentityHashMap<>(); // that not everybody may use
    private final IdentityHashMap<Site, OwnCookies> cookies = new IdentityHashMap<>(); // of those that give any
    private final Handler misdirected = new Recovering(
            (request, exchange) -> refuse(new Failure(Failure.Kind.MISDIRECTED, "no site answers to this host here")));
    private final Map<String, Handler> unrouted;

    /**
     * Where requests to purge go.
     *
     * @param methods of such requests
     */
    private record PurgeDoor(Set<String> methods, Handler purging) {}

    /** Puts the layers of all routes together, where nobody has to show anything. */
    public Gateway(
            List<SiteRules> sites,
            List<String> listeners,
            TrustedProxies trusted,
            Function<String, Origin> origins,
            SharedCache cache) {
        this(sites, listeners, trusted, origins, cache, Doorkeepers.alone());
    }

    /**
     * Puts the layers of all routes together.
     *
     * @param listeners the names of all listeners
     * @param origins the way to each upstream, by name
     * @param cache what all routes share to cache
     * @param keepers by what clients are let in
     */
    public Gateway(
            List<SiteRules> sites,
            List<String> listeners,
            TrustedProxies trusted,
            Function<String, Origin> origins,
            SharedCache cache,
            Doorkeepers keepers) {
        this.table = new RouteTable(sites.stream().map(SiteRules::site).toList());
        this.trusted = trusted;
        this.urls = new StoredUrls(table, listeners);
        Map<String, Handler> notFound = new HashMap<>();
        for (SiteRules site : sites) {
            RouteLayers layers = new RouteLayers(site, trusted, origins, cache, urls, this::fragment);
            doors.put(site.site(), new Admitting(site.site().admission(), keepers, layers::edited));
            for (Route route : site.site().routes()) {
                addChains(site, route, layers);
                if (!route.admission().isOpen()) {
                    guarded.put(route, new Admitting(route.admission(), keepers, layers::edited));
                }
            }
            OwnCookies own = OwnCookies.of(
                    site.site(), upstream -> origins.apply(upstream).sticky());
            if (!own.names().isEmpty()) {
                cookies.put(site.site(), own);
            }
            PurgeAccess access = site.purge();
            if (access != null) {
                Handler purging = new Purging(cache.store(), urls, site.site().name(), access);
                purges.put(site.site(), new PurgeDoor(access.methods(), layers.edited(new Recovering(purging))));
            }
            notFound.put(
                    site.site().name(),
                    layers.edited(new Recovering((request, exchange) ->
                            refuse(new Failure(Failure.Kind.NOT_FOUND, "no route of this site takes this request")))));
        }
        this.unrouted = Map.copyOf(notFound);
    }

    private void addChains(SiteRules site, Route route, RouteLayers layers) {
        CachePlan plan = route.cache();
        if (plan != null) {
            rules.put(route, plan.of(site.site(), route).rules());
        }
        chains.put(route, layers.of(route));
    }

    /** Under which names responses are stored; for purging. */
    public StoredUrls urls() {
        return urls;
    }

    /** Whose word on their clients is believed. */
    public TrustedProxies trusted() {
        return trusted;
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
        return answered(match, ours, exchange);
    }

    private CompletionStage<Response> answered(RouteTable.Match match, Received ours, Exchange exchange) {
        Request request = ours.request();
        PurgeDoor purge = purges.get(match.site());
        if (purge != null && purge.methods.contains(request.method())) {
            exchange.journal().routed(match.site().name(), "purge");
            return purge.purging.handle(request, exchange);
        }
        Route route = match.route();
        exchange.journal().routed(match.site().name(), route == null ? "-" : route.name());
        Admitting door = Objects.requireNonNull(doors.get(match.site()));
        if (!match.sure()) {
            return door.refuseAmbiguous(request, exchange);
        }
        if (route == null) {
            return door.admit(
                    request, exchange, unrouted.getOrDefault(match.site().name(), misdirected));
        }
        RouteLayers.Ways ways = Objects.requireNonNull(chains.get(route));
        Handler chain = ours.keyed() && match.certain() ? ways.keyed() : ways.unkeyed();
        OwnCookies own = cookies.get(match.site());
        return own == null
                ? admitted(route, chain, request, exchange)
                : admitted(route, chain, own.withoutThem(request), tied(exchange, own, request));
    }

    private CompletionStage<Response> admitted(Route route, Handler chain, Request request, Exchange exchange) {
        Admitting keeper = guarded.get(route);
        return keeper == null ? chain.handle(request, exchange) : keeper.admit(request, exchange, chain);
    }

    /** A fragment's request comes without cookies of ours: its page's client has brought them. */
    private static Exchange tied(Exchange exchange, OwnCookies own, Request request) {
        return exchange.inclusion() == null ? exchange.withTies(Ties.of(own.broughtBy(request))) : exchange;
    }

    /** A fragment is told of the visitor what its route declares. */
    private Received inheriting(Received received, @Nullable Route route) {
        Request own = Inheritance.of(route == null ? null : rules.get(route), received.request());
        return new Received(own, received.believed(), received.keyed());
    }

    private Exchange onBehalf(Request request, Exchange exchange) {
        Client client = exchange.client();
        return exchange.withClient(client.withAddress(
                trusted.said(request.headers(), client.address()).client()));
    }

    private static CompletionStage<Response> refuse(Failure failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
