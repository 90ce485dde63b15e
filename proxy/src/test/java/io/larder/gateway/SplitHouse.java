package io.larder.gateway;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Cidr;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.Destination;
import io.larder.route.Destination.Share;
import io.larder.route.Destination.Writes;
import io.larder.route.FragmentPlan;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.Site;
import io.larder.route.Stickiness;
import io.larder.route.StickyTokens;
import io.larder.route.Template;
import io.larder.route.TrustedProxies;
import io.larder.store.LocalStore;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A gateway with several upstreams, in virtual time: {@code /split/**} goes to {@code app} and {@code next}, {@code /rw/**} to
 * {@code replica} and {@code primary}, {@code /stuck/**} to {@code app}, whose clients are bound where a test says so, and {@code /raw/**}
 * to {@code replica} and {@code primary} without a cache. Pages of {@code /rw/**} may include.
 */
final class SplitHouse {
    static final byte[] KEY = "thirty-two octets that are secret".getBytes(StandardCharsets.UTF_8);
    static final Duration TTL = Duration.ofHours(1);

    final ManualLoop loop = new ManualLoop();
    final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    final ScriptedOrigin origin = new ScriptedOrigin();
    final List<Exchange> exchanges = new ArrayList<>();

    /** What is asked for under a path that ends so is answered before anybody can ask for anything else. */
    static final String AT_ONCE = "/at-once";

    private static final Response AT_ONCE_RESPONSE =
            Response.of(200, Headers.EMPTY, new Body.Whole(Bytes.utf8("at once")));

    /** The servers of each upstream; a request goes to that which its client is bound to, or to the first. */
    final Map<String, List<String>> servers = new HashMap<>(Map.of(
            "app", List.of("10.0.0.1:80", "10.0.0.2:80"),
            "next", List.of("10.0.1.1:80"),
            "replica", List.of("10.0.2.1:80"),
            "primary", List.of("10.0.3.1:80", "10.0.3.2:80")));

    /** Which upstream each request went to, in order. */
    final List<String> asked = new ArrayList<>();

    final Gateway gateway;

    SplitHouse(String... stickyUpstreams) {
        this(500, Set.of(stickyUpstreams));
    }

    /** @param parts of clients that {@code next} has */
    SplitHouse(int parts, Set<String> sticky) {
        List<Route> routes = List.of(
                route("/split/**", split(parts), CacheRules.DEFAULTS, null),
                route("/rw/**", writes(), CacheRules.DEFAULTS, PageHouse.PLAN),
                route("/raw/**", writes(), null, null),
                route("/stuck/**", Destination.of("app"), CacheRules.DEFAULTS, null),
                route(
                        "/mixed/**",
                        new Destination(split(parts).shares(), writes().writes()),
                        CacheRules.DEFAULTS,
                        null));
        Site site = new Site("site", List.of(), null, Set.of(), routes);
        gateway = new Gateway(
                List.of(new SiteRules(
                        site,
                        FieldEdits.NONE,
                        FieldEdits.NONE,
                        new Report(Report.Detail.ON, true, false),
                        new PurgeAccess(
                                Set.of("PURGE"), List.of(Cidr.parse("0.0.0.0/0").orElseThrow())),
                        List.of())),
                List.of("web"),
                new TrustedProxies(List.of(Cidr.parse("10.9.0.0/16").orElseThrow())),
                name -> new Origin(
                        (request, exchange) -> {
                            asked.add(name);
                            exchange.journal().attempted(name, pick(name, exchange));
                            return request.target().path().endsWith(AT_ONCE)
                                    ? CompletableFuture.completedFuture(AT_ONCE_RESPONSE)
                                    : origin.handle(request, exchange);
                        },
                        new HostRule.Preserve(),
                        null,
                        sticky.contains(name) ? stickiness(name) : null),
                new SharedCache(store, new Flights(store), Runnable::run));
    }

    private String pick(String upstream, Exchange exchange) {
        List<String> known = servers.getOrDefault(upstream, List.of());
        String bound = exchange.affinity();
        return bound != null && known.contains(bound) ? bound : known.getFirst();
    }

    Stickiness stickiness(String upstream) {
        return new Stickiness(
                "node_" + upstream,
                TTL,
                () -> new StickyTokens(KEY, upstream, servers.getOrDefault(upstream, List.of())));
    }

    private static Destination split(int parts) {
        return new Destination(List.of(new Share("app", Destination.WHOLE - parts), new Share("next", parts)), null);
    }

    private static Destination writes() {
        return new Destination(Destination.of("replica").shares(), new Writes("primary", Duration.ofSeconds(5)));
    }

    private static Route route(
            String path, Destination to, @Nullable CacheRules rules, @Nullable FragmentPlan fragments) {
        CachePlan plan = rules == null
                ? null
                : new CachePlan(rules, CachePlan.Collapse.NODE, List.of(Template.compile("all-of-it")));
        return new Route(
                path,
                "test.yaml:1",
                PathPattern.compile(path),
                Conditions.NONE,
                new Action.Proxy(to, null),
                plan,
                fragments);
    }

    Collector get(String client, String path, String... headers) {
        return ask(client, "GET", path, headers);
    }

    Collector ask(String client, String method, String path, String... headers) {
        return put("http", client, method, path, headers);
    }

    /** As {@link #ask}, over TLS. */
    Collector askSecurely(String client, String method, String path) {
        return put("https", client, method, path);
    }

    private Collector put(String scheme, String client, String method, String path, String... headers) {
        Client who = new Client(new InetSocketAddress(client, 40_000), client, "web", 80);
        Exchange exchange = Exchange.begin(new RequestId(exchanges.size()), loop, who, Interim.NONE);
        exchanges.add(exchange);
        Request request = Request.get(Target.of(scheme, "a.example", path), Headers.of(headers))
                .withMethod(method);
        Collector answer = Collector.of(gateway.handle(request, exchange));
        settle();
        return answer;
    }

    void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
        }
    }

    /** The last request is answered with these; what its client gets is settled. */
    void respond(int status, String body, String... headers) {
        origin.last().respond(status, body, headers);
        settle();
    }

    /** The cookie called {@code name} that {@code answer} sets, as its client sends it back; empty for none. */
    static String cookie(Collector answer, String name) {
        String set = answer.field("Set-Cookie");
        int start = set.indexOf(name + "=");
        return start < 0 ? "" : set.substring(start, set.indexOf(';', start));
    }
}
