package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.CacheConfig;
import io.larder.config.HostHeader;
import io.larder.config.HostPort;
import io.larder.config.LarderConfig;
import io.larder.config.ListenerConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteAction.Redirect;
import io.larder.config.RouteAction.Respond;
import io.larder.config.RouteAction.ToUpstream;
import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteCacheConfig.Off;
import io.larder.config.RouteCacheConfig.On;
import io.larder.config.RouteCacheConfig.Ttl;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.UpstreamConfig;
import io.larder.config.Wire;
import io.larder.config.source.Place;
import io.larder.config.source.Places;
import io.larder.config.source.Problem;
import io.larder.config.source.Text;
import io.larder.http.Cidr;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String FULL = """
            listeners:
              web:
                bind: "[::1]:0"
                limits: { connections: 7, request-line: 1KB, body: 1GiB, idle-timeout: 2m }
            admin: { bind: "localhost:0" }
            trusted-proxies: [10.1.0.0/8, "::1"]
            cache: { memory: 64MiB, max-object: 512KiB, max-lifetime: 1d, default-grace: 250ms }
            upstreams:
              app:
                servers: ["127.0.0.1:8000", { address: "B.example:1", weight: 2 }, { address: "[::1]:2", backup: true }]
                balance: round-robin
                retry: { attempts: 3, on: [reset, 503], budget: 12.5% }
                host: shop.internal:81
                unknown-transfer-coding: read-to-close
              other: { servers: ["c:3"], host: upstream }
            sites:
              shop:
                hosts: [Shop.example.com, "*.shop.example.com"]
                listeners: [web]
                upstream: app
                cache-status: debug
                x-cache: off
                headers: { request: { set: { X-Site: "shop" }, remove: [X-Debug] } }
                routes:
                  - path: /static/**
                    cache: { ttl: 1d }
                  - { path: /account/**, cache: off }
                  - { path: "/old/{id}", redirect: { to: "/new/{id}", status: 301 } }
                  - { path: /health, name: up, respond: { body: ok } }
                  - path: /api/**
                    match: { method: [GET], header: { Accept: "*json*" }, query: { v: 2 }, cookie: { beta: "*" } }
                    upstream: other
                    rewrite: /v2/{**}
                    cache:
                      default-ttl: 60s
                      negative-ttl: { 404: 10s }
                      stale-while-revalidate: 30s
                      key: { query: { only: [q] }, headers: [X-Country], cookies: [currency] }
                      bypass: { cookies: ["session*"], headers: [Authorization] }
                      ignore-cookies: [_ga]
                      set-cookie: strip
                      client-directives: respect
                      collapse: off
            """;

    @TempDir
    Path directory;

    @Test
    void theSmallestFileIsEnough() {
        LarderConfig config = load(Configs.SMALLEST);

        assertThat(config.listener("web").bind()).isEqualTo(new HostPort("0.0.0.0", 8080));
        assertThat(config.listener("web").limits().timeouts().header()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.admin().bind()).isEqualTo(new HostPort("127.0.0.1", 9180));
        assertThat(config.cache())
                .isEqualTo(new CacheConfig(512 << 20, 16 << 20, Duration.ofDays(7), Duration.ZERO, null));
        assertThat(config.upstream("app").retry().on())
                .isEqualTo(new UpstreamConfig.RetryOn(true, true, Set.of(502, 503, 504)));
        RouteConfig route = config.site("default").routes().get(0);
        assertThat(route.path()).isEqualTo("/**");
        assertThat(route.action()).isEqualTo(new Forward(null, null, null));
        assertThat(((On) route.cache()).lifetime().ttl()).isEqualTo(new Ttl.FromResponse());
        assertThat(((On) route.cache()).stale()).isEqualTo(new RouteCacheConfig.Stale(Duration.ofHours(1), null, null));
        assertThat(config.files()).containsExactly(main());
        assertThat(Configs.servers(config.upstream("app")).get(0).origin().place())
                .isEqualTo(new Place(main().toString(), 2, 31));
    }

    @Test
    void readsGatewayAndUpstreams() {
        LarderConfig config = load(FULL);

        ListenerConfig.Limits limits = config.listener("web").limits();
        assertThat(limits.requestLine()).isEqualTo(1000);
        assertThat(limits.body()).isEqualTo(1L << 30);
        assertThat(limits.timeouts().idle()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.trustedProxies()).extracting(Cidr::toString).containsExactly("10.0.0.0/8", "::1/128");
        UpstreamConfig app = config.upstream("app");
        assertThat(Configs.servers(app))
                .extracting(server -> server.address() + " " + server.weight() + " " + server.backup())
                .containsExactly("127.0.0.1:8000 1 false", "b.example:1 2 false", "[::1]:2 1 true");
        assertThat(app.retry().budget()).isEqualTo(0.125);
        assertThat(app.retry().on()).isEqualTo(new UpstreamConfig.RetryOn(false, true, Set.of(503)));
        assertThat(app.wire().host()).isEqualTo(new HostHeader.Literal("shop.internal:81"));
        assertThat(config.upstream("other").wire().host()).isEqualTo(new HostHeader.Upstream());
    }

    @Test
    void readsSitesAndRoutes() {
        SiteConfig shop = load(FULL).site("shop");

        assertThat(shop.hosts()).containsExactly("shop.example.com", "*.shop.example.com");
        assertThat(shop.reporting())
                .isEqualTo(new SiteConfig.Reporting(
                        SiteConfig.CacheStatus.DEBUG, false, SiteConfig.SurrogateFields.STRIP));
        assertThat(shop.headers().request().set()).isEqualTo(Map.of("X-Site", Text.of("shop")));
        assertThat(shop.routes())
                .extracting(RouteConfig::name)
                .containsExactly("static", "account", "old-id", "up", "api");
        assertThat(shop.routes().get(1).cache()).isEqualTo(new Off());
        assertThat(shop.routes().get(2).action()).isEqualTo(new Redirect("/new/{id}", 301));
        assertThat(shop.routes().get(3).action())
                .isEqualTo(new Respond(200, Text.of("ok"), "text/plain; charset=utf-8"));
        RouteConfig api = shop.routes().get(4);
        assertThat(api.action()).isEqualTo(new Forward(new ToUpstream("other"), null, "/v2/{**}"));
        assertThat(api.match().query()).isEqualTo(Map.of("v", Text.of("2")));
        On cache = (On) api.cache();
        assertThat(cache.lifetime().negative()).isEqualTo(Map.of(404, Duration.ofSeconds(10)));
        assertThat(cache.key().query())
                .isEqualTo(new RouteCacheConfig.Query(List.of(), List.of("q"), false, List.of()));
        assertThat(cache.cookies().setCookie()).isEqualTo(RouteCacheConfig.SetCookie.STRIP);
        assertThat(cache.treatment())
                .isEqualTo(new RouteCacheConfig.Treatment(
                        RouteCacheConfig.ClientDirectives.RESPECT, RouteCacheConfig.Collapse.OFF));
        assertThat(api.origin().place()).isEqualTo(new Place(main().toString(), 30, 9));
    }

    @Test
    void recordsThatOnlyMovedAreEqual() {
        LarderConfig config = load(FULL);

        assertThat(load("# one line more\n" + FULL)).isEqualTo(config);
        assertThat(load(FULL.replace("attempts: 3", "attempts: 2"))).isNotEqualTo(config);
        assertThat(load(FULL.replace("  app:\n", "  app:\n\n")).upstream("app")).isEqualTo(config.upstream("app"));
    }

    @Test
    void aByteOrderMarkAndCarriageReturnsDoNoHarm() {
        assertThat(load("\uFEFF" + Configs.SMALLEST.replace("\n", "\r\n"))).isEqualTo(load(Configs.SMALLEST));
    }

    @Test
    void sectionsWithNothingInThemAreLikeNone() {
        assertThat(load(Configs.SMALLEST + "cache:\nlog:\n  access:\ntrusted-proxies:\n"))
                .isEqualTo(load(Configs.SMALLEST));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${PORT} | :81",
                "${NONE:-:82} | :82",
                "${EMPTY:-:83} | :83",
                "${HOST}${PORT} | h:81",
                "${HOST:-x}:${N} | h:84",
            })
    void expandsTheEnvironment(String written, String expected) {
        Map<String, String> environment = Map.of("PORT", ":81", "HOST", "h", "N", "84", "EMPTY", "");
        Path file = Configs.write(main(), Configs.SMALLEST.replace("0.0.0.0:8080", written));

        LarderConfig config = Configs.good(ConfigLoader.load(file, environment::get));

        assertThat(config.listener("web").bind()).hasToString(expected);
    }

    @Test
    void textsKnowHowTheyWereWritten() {
        String headers = "{ upstream: app, headers: { request: { set: { X-Key: \"k ${KEY}\" } } } }";
        Path file = Configs.write(main(), Configs.SMALLEST.replace("{ upstream: app }", headers));

        LarderConfig config = Configs.good(ConfigLoader.load(file, name -> "hunter2"));

        Text text = config.site("default").headers().request().set().get("X-Key");
        assertThat(text).isEqualTo(new Text("k hunter2", "k ${KEY}")).hasToString("k ${KEY}");
        assertThat(EffectiveConfig.render(config)).contains("k ${KEY}").doesNotContain("hunter2");
    }

    @Test
    void includedFilesMergeByName() {
        Configs.write(directory.resolve("sites/b.yaml"), "sites: { b: { upstream: app, hosts: [b.example] } }\n");
        Configs.write(
                directory.resolve("sites/a.yaml"),
                "include: [more/up.yml]\nsites: { a: { upstream: extra, hosts: [a.example] } }\ncache: { max-object: 1MiB }\n");
        Configs.write(directory.resolve("sites/more/up.yml"), "upstreams: { extra: { servers: [\"x:1\"] } }\n");
        Configs.write(directory.resolve("sites/ignored.txt"), "not: read\n");

        LarderConfig config =
                load("include: [\"sites/*.yaml\", \"none/*.yaml\"]\ncache: { memory: 32MiB }\n" + Configs.SMALLEST);

        assertThat(config.sites().keySet()).containsExactly("default", "a", "b");
        assertThat(config.upstreams().keySet()).containsExactlyInAnyOrder("app", "extra");
        assertThat(config.cache().memory()).isEqualTo(32 << 20);
        assertThat(config.cache().maxObject()).isEqualTo(1 << 20);
        assertThat(config.files())
                .extracting(file -> directory.relativize(file).toString())
                .containsExactly("larder.yaml", "sites/a.yaml", "sites/more/up.yml", "sites/b.yaml");
        assertThat(config.site("b").origin().place().file()).endsWith("sites/b.yaml");
    }

    @Test
    void filesThatIncludeEachOtherAreReadOnce() {
        Configs.write(directory.resolve("other.yaml"), "include: [larder.yaml, other.yaml]\nlog: { level: debug }\n");

        assertThat(load("include: [other.yaml]\n" + Configs.SMALLEST).files()).hasSize(2);
    }

    @Test
    void aNameInTwoFilesIsAnErrorThatShowsBoth() {
        Configs.write(directory.resolve("x.yaml"), "\n" + Configs.SMALLEST + "log: { level: warn }\n");

        Loaded loaded = Configs.load(Configs.write(
                main(), "include: [x.yaml]\nlog: { level: debug }\ntrusted-proxies: []\n" + Configs.SMALLEST));

        assertThat(Configs.errors(loaded))
                .containsExactly(
                        "'web' is set twice in listeners",
                        "'app' is set twice in upstreams",
                        "'default' is set twice in sites",
                        "'level' is set twice in log");
        Problem first = ((Bad) loaded).problems().get(0);
        assertThat(first.place().toString()).endsWith("x.yaml:2:14");
        assertThat(first.suggestion()).isEqualTo("first set at " + main() + ":4:14");
    }

    @Test
    void problemsInIncludedFilesAreShownThere() {
        Configs.write(directory.resolve("x.yaml"), "cache: { memory: lots }\n");

        Loaded loaded = Configs.load(Configs.write(main(), "include: [x.yaml]\n" + Configs.SMALLEST));

        assertThat(Problems.text(((Bad) loaded).problems()))
                .startsWith(directory.resolve("x.yaml") + ":1:18: error: cache.memory: 'lots' is not a size\n"
                        + "    cache: { memory: lots }\n                     ^\n");
    }

    @Test
    void aFileThatCannotBeReadIsOneClearProblem() {
        assertThat(Configs.errors(Configs.load(directory.resolve("none.yaml")))).containsExactly("no such file");
        assertThat(Configs.errors(Configs.load(directory))).containsExactly("it is a directory, not a file");
        Path huge = Configs.write(main(), "# ".repeat(3 << 20));
        assertThat(Configs.errors(Configs.load(huge))).containsExactly("it cannot be read (larger than 4MiB)");
    }

    @Test
    void anchorsAndAliasesWork() {
        LarderConfig config = load("""
                listeners: { web: { bind: ":1" } }
                upstreams: { app: { servers: &s ["x:1"] }, two: { servers: *s } }
                sites:
                  a: { hosts: [a.example], routes: [{ path: /**, upstream: app, cache: &c { ttl: 5m } }] }
                  b: { hosts: [b.example], routes: [{ path: /**, upstream: two, cache: *c }] }
                """);

        assertThat(config.site("b").routes().get(0).cache())
                .isEqualTo(config.site("a").routes().get(0).cache());
    }

    @Test
    void anAliasBombIsRefusedQuickly() {
        StringBuilder routes = new StringBuilder();
        StringBuilder sites = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            routes.append("*r, ");
            sites.append("  s").append(i).append(": *s\n");
        }
        String bomb = "sites:\n  s: &s { upstream: app, routes: [&r { path: /** }, " + routes + "] }\n" + sites;

        assertThat(Configs.errors(Configs.load(Configs.write(main(), bomb))))
                .anyMatch(message -> message.startsWith("the configuration is too large"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sites: &a { x: *a }\n", "sites: &a [*a]\n", "&a *a : b\n", "sites: { x: { routes: &r [*r] } }\n"
            })
    void whatContainsItselfIsRefused(String text) {
        assertThat(Configs.errors(Configs.load(Configs.write(main(), text)))).isNotEmpty();
    }

    @Test
    void problemsBeyondAHundredAreNotShown() {
        StringBuilder text = new StringBuilder(Configs.SMALLEST);
        for (int i = 0; i < 500; i++) {
            text.append("unknown").append(i).append(": 1\n");
        }

        List<String> errors = Configs.errors(Configs.load(Configs.write(main(), text.toString())));

        assertThat(errors).hasSize(101).last().isEqualTo("more than 100 problems: the rest is not shown");
    }

    @Test
    void aTokenFileIsRelativeToItsFile() {
        Configs.write(directory.resolve("secrets/token"), "t0k3n\n");

        LarderConfig config = load("admin: { bind: \":9999\", token-file: secrets/token }\n" + Configs.SMALLEST);

        assertThat(config.admin().tokenFile()).isEqualTo(directory.resolve("secrets/token"));
        Configs.write(directory.resolve("secrets/token"), " \n");
        assertThat(Configs.errors(Configs.load(main()))).first().asString().endsWith("token is empty");
    }

    /** A folder, like a pipe, can be opened, and never read to its end. */
    @Test
    void whatIsNoFileIsNotRead() {
        String folder = directory.toString();
        String text = Configs.SMALLEST
                + "\nadmin: { token-file: '" + folder + "' }\ncache: { redis: { uri: 'rediss://127.0.0.1', tls: { ca: '"
                + folder + "' } } }\n";
        assertThat(Configs.errors(Configs.load(Configs.write(main(), text))))
                .hasSize(2)
                .allMatch(error -> error.endsWith("the file " + folder + " is not a file"));
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8000, :8080, 127.0.0.1:8000",
        "http://app.internal/, 127.0.0.1:0, app.internal:80",
        "'HTTP://[::1]:8000', '[::]:80', '[::1]:8000'",
        "localhost:3000, 0.0.0.0:8080, localhost:3000",
    })
    void frontsAnApplicationWithoutAFile(String url, String bind, String server) {
        LarderConfig config = Configs.good(ConfigLoader.fronting(url, bind));

        assertThat(Configs.servers(config.upstream("app")).get(0).address()).hasToString(server);
        assertThat(config.listener("web").bind()).hasToString(bind);
        Path written = Configs.write(main(), EffectiveConfig.render(config));
        assertThat(Configs.good(Configs.load(written)).readFrom(List.of())).isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource({"https://app.example, app.example:443", "'HTTPS://[::1]:8443/', '[::1]:8443'"})
    void frontsAnApplicationThatIsSpokenWithOverTls(String url, String server) {
        UpstreamConfig app = Configs.good(ConfigLoader.fronting(url, ":8080")).upstream("app");

        assertThat(Configs.servers(app).get(0).address()).hasToString(server);
        assertThat(app.wire().protocol()).isEqualTo(Wire.Protocol.HTTPS);
        assertThat(app.wire().tls()).isEqualTo(new Wire.UpstreamTls(null, null, true, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "https://x:1/path, :80, 'https://x:1/path' is not an application's address",
        "http://x:1/path, :80, 'http://x:1/path' is not an application's address",
        "http://, :80, 'http://' is not an application's address",
        "ftp://x, :80, 'ftp://x' is not an application's address",
        "http://x:1, 80, '80' is not an address to listen on",
    })
    void refusesToFrontWhatIsNoApplication(String url, String bind, String message) {
        assertThat(Configs.errors(ConfigLoader.fronting(url, bind)).get(0).replace("'", ""))
                .isEqualTo(message.replace("'", ""));
    }

    @Test
    void keepsWhereEachKeyIsWritten() {
        Path file = Configs.write(main(), """
                listeners: { web: { bind: ":0" } }
                upstreams: { app: { servers: ["127.0.0.1:1"] } }
                sites:
                  shop:
                    upstream: app
                    routes:
                      - path: /a
                      - path: /b
                        cache:
                          ttl: 5m
                          negative-ttl: { 404: 1m }
                          key: { query: { sort: on } }
                """);
        LarderConfig config = Configs.good(Configs.load(file));
        Places places = config.places();
        assertThat(places.of("sites.shop.routes[1].cache.ttl")).hasToString(file + ":10:11");
        assertThat(places.of("sites.shop.routes[1].cache.negative-ttl.404")).hasToString(file + ":11:27");
        assertThat(places.of("sites.shop.routes[1].cache.key.query.sort")).hasToString(file + ":12:27");
        assertThat(places.of("sites.shop.routes[0].cache.ttl")).isNull();
        assertThat(places).isEqualTo(Places.NONE).hasSameHashCodeAs(Places.NONE).hasToString("16 places");
    }

    @Test
    void strictTurnsWarningsIntoProblems() {
        Loaded odd = Configs.load(
                Configs.write(main(), Configs.SMALLEST.replace("app: {", "old: { servers: [\"o:1\"] }, app: {")));

        assertThat(odd).isInstanceOf(Good.class);
        assertThat(ConfigLoader.strict(odd)).isInstanceOf(Bad.class);
        assertThat(ConfigLoader.strict(Configs.load(Configs.SHIPPED))).isInstanceOf(Good.class);
    }

    private Path main() {
        return directory.resolve("larder.yaml");
    }

    private LarderConfig load(String text) {
        return Configs.good(Configs.load(Configs.write(main(), text)));
    }
}
