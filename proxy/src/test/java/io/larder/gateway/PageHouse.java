package io.larder.gateway;

import io.larder.assembly.Pages;
import io.larder.assembly.Prepared;
import io.larder.assembly.Room;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.http.Cidr;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.Stored;
import io.larder.route.Action;
import io.larder.route.CachePlan;
import io.larder.route.Conditions;
import io.larder.route.FragmentPlan;
import io.larder.route.PathPattern;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.TrustedProxies;
import io.larder.store.Leases;
import io.larder.store.LocalStore;
import io.larder.telemetry.GuardFindings;
import io.larder.whatif.Described;
import io.larder.whatif.Explain;
import io.larder.whatif.Setup;
import io.larder.whatif.Step;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A gateway whose pages are made of parts, in virtual time: {@code /mine/**} is kept for each session, {@code /raw/**} is not
 * kept at all, everything else is for all and may include. Two sites: {@code a.example}, and {@code b.example} that it may show.
 */
final class PageHouse {
    /** How much may be held of pages on their way, in bytes. */
    static final long ROOM = 2 << 20;

    static final FragmentPlan PLAN = plan(null, 5, 256);

    final ManualLoop loop = new ManualLoop();
    final LocalStore store = new LocalStore(64 << 20, loop::nanos, Runnable::run, Runnable::run);
    final ScriptedOrigin origin = new ScriptedOrigin();
    final Room room = new Room(ROOM);
    final List<Exchange> exchanges = new ArrayList<>();
    private final Gateway gateway;
    private final Setup setup;

    PageHouse() {
        this(PLAN);
    }

    PageHouse(FragmentPlan plan) {
        this(plan, CacheRules.DEFAULTS, Report.Detail.ON);
    }

    PageHouse(FragmentPlan plan, CacheRules rules, Report.Detail detail) {
        this(plan, rules, detail, false);
    }

    PageHouse(FragmentPlan plan, CacheRules rules, Report.Detail detail, boolean surrogateFields) {
        this(plan, plan, rules, new Report(detail, true, surrogateFields), List.of());
    }

    /** @param raw of the routes that keep nothing */
    PageHouse(FragmentPlan plan, FragmentPlan raw, CacheRules rules, Report.Detail detail) {
        this(plan, raw, rules, new Report(detail, true, false), List.of());
    }

    /** One whose clients are proxies that are believed. */
    static PageHouse behindProxy() {
        return new PageHouse(
                PLAN,
                PLAN,
                CacheRules.DEFAULTS,
                new Report(Report.Detail.ON, true, false),
                List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
    }

    private PageHouse(FragmentPlan plan, FragmentPlan raw, CacheRules rules, Report report, List<Cidr> trusted) {
        CacheRules.Personal personal =
                new CacheRules.Personal(new CacheRules.Selector.OfCookie("sessionid"), Duration.ofSeconds(30));
        CacheRules mine = rules.withSharing(new CacheRules.Sharing(CacheRules.Guarding.ON, personal));
        List<Route> routes = List.of(
                route("mine", "/mine/**", new CachePlan(mine, CachePlan.Collapse.NODE), plan),
                route("raw", "/raw/**", null, raw),
                route("all", "/**", new CachePlan(rules, CachePlan.Collapse.NODE), plan));
        List<Site> sites = List.of(
                new Site("site", List.of("a.example"), null, Set.of(), routes),
                new Site("other", List.of("b.example"), null, Set.of(), routes));
        TrustedProxies proxies = new TrustedProxies(trusted);
        setup = new Setup(new RouteTable(sites), List.of("web"), proxies, Map.of(), new NoSigns());
        gateway = new Gateway(
                sites.stream()
                        .map(site -> new SiteRules(site, FieldEdits.NONE, FieldEdits.NONE, report))
                        .toList(),
                List.of("web"),
                proxies,
                name -> new Origin(origin, new HostRule.Preserve()),
                new SharedCache(
                        store,
                        new Flights(store),
                        Leases.NONE,
                        Runnable::run,
                        () -> 1,
                        new GuardFindings(Runnable::run),
                        new Pages(Prepared.of(4 << 20, Runnable::run), room, Runnable::run, new SplittableRandom(0))));
    }

    static FragmentPlan plan(@Nullable String fallback, int depth, int includes) {
        return new FragmentPlan(
                FragmentPlan.Language.ESI,
                false,
                Duration.ofSeconds(2),
                fallback,
                new FragmentPlan.Limits(List.of("b.example"), depth, includes),
                new FragmentPlan.Visitor(false, false));
    }

    static FragmentPlan ssi() {
        return new FragmentPlan(
                FragmentPlan.Language.SSI,
                true,
                Duration.ofSeconds(2),
                null,
                new FragmentPlan.Limits(List.of(), 5, 256),
                new FragmentPlan.Visitor(false, false));
    }

    private static Route route(String name, String path, @Nullable CachePlan cache, FragmentPlan plan) {
        return new Route(
                name,
                "test.yaml:1",
                PathPattern.compile(path),
                Conditions.NONE,
                new Action.Proxy("app", null),
                cache,
                plan);
    }

    Collector get(String path, String... headers) {
        return ask("GET", path, headers);
    }

    Collector ask(String method, String path, String... headers) {
        return Collector.of(gateway.handle(request(method, path, headers), exchange()));
    }

    Collector slow(String path) {
        return Collector.slow(gateway.handle(request("GET", path), exchange()));
    }

    private static Request request(String method, String path, String... headers) {
        return Request.get(Target.of("http", "a.example", path), Headers.of(headers))
                .withMethod(method);
    }

    private Exchange exchange() {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40000);
        Exchange exchange = Exchange.begin(
                new RequestId(exchanges.size()), loop, new Client(peer, "127.0.0.1", "web", 80), Interim.NONE);
        exchanges.add(exchange);
        return exchange;
    }

    /** What the page at {@code path} is put together from, as it is explained. */
    Map<String, String> explained(String path, String... headers) {
        InetAddress peer = InetAddress.getLoopbackAddress();
        Described described = new Described(request("GET", path, headers), null, peer, null);
        return Explain.of(setup, described, new StoreNow(store), true, loop.now()).steps().stream()
                .filter(step -> step.topic().equals("fragments"))
                .flatMap(step -> step.notes().stream())
                .collect(Collectors.toMap(Step.Note::name, Step.Note::text, (one, other) -> one, LinkedHashMap::new));
    }

    /** The oldest request for {@code path} that waits for the origin. */
    ScriptedOrigin.Call asked(String path) {
        return origin.calls.stream()
                .filter(call -> call.request().target().pathAndQuery().equals(path)
                        && !call.answer().isDone())
                .findFirst()
                .orElseThrow(() -> new AssertionError("proxies asks for " + path + ", but for " + waiting()));
    }

    /** What is asked for and not answered yet. */
    List<String> waiting() {
        return origin.calls.stream()
                .filter(call -> !call.answer().isDone())
                .map(call -> call.request().target().pathAndQuery())
                .toList();
    }

    /** How often the origin was asked for {@code path}. */
    long times(String path) {
        return origin.calls.stream()
                .filter(call -> call.request().target().pathAndQuery().equals(path))
                .count();
    }

    /** Answers with a page that asks to be put together, fresh for a minute. */
    void page(String path, String markup, String... headers) {
        String[] all = with(
                headers,
                "Content-Type",
                "text/html",
                "Surrogate-Control",
                "content=\"ESI/1.0\"",
                "Cache-Control",
                "max-age=60");
        asked(path).respond(200, markup, all);
        settle();
    }

    /** Answers with a fragment, fresh for a minute where {@code headers} do not say otherwise. */
    void fragment(String path, String text, String... headers) {
        String[] own = headers.length > 0 ? headers : new String[] {"Cache-Control", "max-age=60"};
        asked(path).respond(200, text, with(own, "Content-Type", "text/html"));
        settle();
    }

    private static String[] with(String[] some, String... more) {
        String[] all = new String[some.length + more.length];
        System.arraycopy(some, 0, all, 0, some.length);
        System.arraycopy(more, 0, all, some.length, more.length);
        return all;
    }

    /** All that is stored under the paths that were asked for. */
    List<Stored> stored() {
        return origin.calls.stream()
                .map(call -> call.request().target())
                .distinct()
                .flatMap(target -> Stream.of("", "esi", "forms", "esiforms")
                        .map(part -> CacheKey.of(KeyRules.PLAIN.within(part), Request.get(target, Headers.EMPTY)))
                        .flatMap(key -> store.peek(key).all().stream()))
                .toList();
    }

    void settle() {
        for (int i = 0; i < 8; i++) {
            loop.run();
        }
    }
}
