package io.larder.gateway;

import io.larder.assembly.Pages;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.Leases;
import io.larder.store.LocalStore;
import io.larder.store.Store;
import io.larder.telemetry.GuardFindings;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A gateway with one caching route, on two loops whose time a test moves, before an origin that does what it says. */
final class Rehearsal {
    final ManualLoop loop = new ManualLoop();
    final ManualLoop otherLoop = new ManualLoop();
    final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    final Flights flights;
    final ScriptedOrigin origin = new ScriptedOrigin();
    final List<Exchange> exchanges = new ArrayList<>();

    /** Whether this node would know of purges on others. */
    boolean inStep = true;

    /** What there is in the tier that nodes share; null where there is none. */
    Function<CacheKey, @Nullable CompletionStage<Variants>> far = key -> null;

    Leases leases = Leases.NONE;

    private final Gateway gateway;

    Rehearsal() {
        this(CacheRules.DEFAULTS, 16 << 20);
    }

    /** @param memory for bodies on their way, in bytes */
    Rehearsal(CacheRules rules, long memory) {
        this(rules, memory, CachePlan.Collapse.NODE);
    }

    Rehearsal(CacheRules rules, long memory, CachePlan.Collapse collapse) {
        Store seen = seen();
        flights = new Flights(seen, memory);
        Route route = new Route(
                "all",
                "test.yaml:1",
                PathPattern.compile("/**"),
                Conditions.NONE,
                new Action.Proxy("app", null),
                new CachePlan(rules, collapse));
        Site site = new Site("site", List.of(), null, Set.of(), List.of(route));
        Handler behind = origin;
        gateway = new Gateway(
                List.of(new SiteRules(
                        site, FieldEdits.NONE, FieldEdits.NONE, new Report(Report.Detail.ON, true, false))),
                List.of("web"),
                new TrustedProxies(List.of()),
                name -> new Origin(behind, new HostRule.Preserve()),
                new SharedCache(
                        seen,
                        flights,
                        (key, variant, asOf) -> leases.claim(key, variant, asOf),
                        Runnable::run,
                        () -> 1,
                        new GuardFindings(Runnable::run),
                        Pages.little(Runnable::run)));
    }

    /** The store as the gateway sees it. */
    private Store seen() {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isInStep" -> inStep;
                    case "far" -> far.apply((CacheKey) arguments[0]);
                    case "near" -> near((CacheKey) arguments[0]);
                    default -> method.invoke(store, arguments);
                });
    }

    private Variants near(CacheKey key) {
        List<Stored> found = store.near(key).all();
        return new Variants(inStep ? found : found.stream().map(Stored::doubted).toList());
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
