package io.larder.gateway;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A gateway with one caching route, on two loops whose time a test moves, before an origin that does what it says. */
final class Rehearsal {
    final ManualLoop loop = new ManualLoop();
    final ManualLoop otherLoop = new ManualLoop();
    final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    final Flights flights;
    final ScriptedOrigin origin = new ScriptedOrigin();
    final List<Exchange> exchanges = new ArrayList<>();
    private final Gateway gateway;

    Rehearsal() {
        this(CacheRules.DEFAULTS, 16 << 20);
    }

    /** @param memory for bodies on their way, in bytes */
    Rehearsal(CacheRules rules, long memory) {
        flights = new Flights(store, memory);
        Route route = new Route(
                "all",
                "test.yaml:1",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(rules, true));
        Site site = new Site("site", List.of(), null, Set.of(), List.of(route));
        Handler behind = origin;
        gateway = new Gateway(
                List.of(new SiteRules(
                        site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false))),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(behind, new HostRule.Preserve()),
                new SharedCache(store, flights, Runnable::run));
    }

    private Exchange exchange(ManualLoop on) {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Client client = new Client(peer, "127.0.0.1", "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(exchanges.size()), on, client, Interim.NONE);
        exchanges.add(exchange);
        return exchange;
    }

    private static Request request(String path, String... headers) {
        return Request.get(Target.of("http", "a.example", path), Headers.of(headers));
    }

    /** A client that reads whatever comes. */
    Collector get(String path, String... headers) {
        return get(loop, path, headers);
    }

    Collector get(ManualLoop on, String path, String... headers) {
        return Collector.of(gateway.handle(request(path, headers), exchange(on)));
    }

    /** A client that reads when it is told to. */
    Collector slow(ManualLoop on, String path, String... headers) {
        return Collector.slow(gateway.handle(request(path, headers), exchange(on)));
    }

    /** What clients asked for in the order of their asking: leaves as if its connection had closed. */
    void leave(int client) {
        exchanges.get(client).departure().announce();
    }

    /** Lets both loops run until nothing is left to do. */
    void settle() {
        for (int i = 0; i < 20; i++) {
            loop.run();
            otherLoop.run();
        }
    }
}
