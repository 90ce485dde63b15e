package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admin.Events;
import io.larder.admin.PurgeOrder;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Interim;
import io.larder.exchange.ManualLoop;
import io.larder.exchange.RequestId;
import io.larder.gateway.StoredUrls;
import io.larder.http.Authority;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.Storability;
import io.larder.route.CachePlan;
import io.larder.route.RouteTable;
import io.larder.store.LocalStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written in the configuration, and in orders to purge, means what it says. */
class TranslationTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final ManualLoop loop = new ManualLoop();

    @TempDir
    private Path dir;

    private CacheRules rules(String cache) throws IOException {
        Path file = Files.writeString(dir.resolve("larder.yaml"), """
                listeners: { web: { bind: "127.0.0.1:0" } }
                upstreams: { app: { servers: ["127.0.0.1:9"] } }
                sites: { default: { upstream: app, routes: [{ path: "/**", cache: %s }] } }
                """.formatted(cache));
        LarderConfig config = switch (ConfigLoader.load(file, name -> null)) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new AssertionError(bad.problems().toString());
        };
        CachePlan plan = new SiteTranslation(config)
                .sites()
                .get(0)
                .site()
                .routes()
                .get(0)
                .cache();
        return Objects.requireNonNull(plan).rules();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            { key: { query: { only: [] } } }             ! /p
            { key: { query: { only: [b] } } }            ! /p?b=2
            { key: { query: { ignore: [a] } } }          ! /p?b=2
            { key: { query: { sort: on } } }             ! /p?a=1&b=2
            { ttl: 1m }                                  ! /p?b=2&a=1
            """)
    void theQueryThatCounts(String cache, String key) throws IOException {
        Request request = Request.get(Target.of("http", "a.example", "/p?b=2&a=1"), Headers.EMPTY);
        assertThat(CacheKey.of(rules(cache).key(), request).pathAndQuery()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, http, a.example",
        "a.example:80, http, a.example",
        "a.example:443, https, a.example",
        "a.example, http, a.example:8080",
        "a.example:8080, http, a.example:8080",
    })
    void aHostIsPurgedHoweverItsPortIsWritten(String order, String scheme, String stored) {
        LocalStore store = new LocalStore(1 << 20, () -> 0, Runnable::run, Runnable::run);
        Request request = Request.get(Target.of(scheme, stored, "/"), Headers.EMPTY);
        Response response = Response.of(200, Headers.of("Cache-Control", "max-age=60"), Body.none());
        CacheKey key = CacheKey.of(KeyRules.PLAIN, request);
        switch (Storability.of(CacheRules.DEFAULTS, request, response, NOW, NOW)) {
            case Storability.Keep keep -> store.put(key, keep.with(Bytes.EMPTY), store.fence());
            case Storability.Refuse refuse -> throw new AssertionError(refuse.toString());
        }
        Authority host = Objects.requireNonNull(Authority.parse(order));
        StoredUrls urls = new StoredUrls(new RouteTable(List.of()), List.of());
        var report = new Purges(store, () -> urls, loop::now, new Events(loop::now)).purge(order(host), exchange());
        loop.run();
        assertThat(report.toCompletableFuture().join().matched()).isEqualTo(1);
        assertThat(store.near(key).isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "100, 100", "200, 200"})
    void soManyRequestsASecondArePurgedSlowly(int pages, int seconds) {
        LocalStore store = new LocalStore(1 << 20, () -> 0, Runnable::run, Runnable::run);
        for (int page = 0; page < pages; page++) {
            Request request = Request.get(Target.of("http", "a.example", "/" + page), Headers.EMPTY);
            Response response = Response.of(200, Headers.of("Cache-Control", "max-age=3600"), Body.none());
            if (Storability.of(CacheRules.DEFAULTS, request, response, NOW, NOW) instanceof Storability.Keep keep) {
                store.put(CacheKey.of(KeyRules.PLAIN, request), keep.with(Bytes.EMPTY), store.fence());
            }
        }
        PurgeOrder.What all = new PurgeOrder.What(List.of(), List.of(), List.of(), List.of(), List.of(), true);
        PurgeOrder order = new PurgeOrder(all, true, new PurgeOrder.Pace.PerSecond(1), false, Duration.ZERO);
        StoredUrls urls = new StoredUrls(new RouteTable(List.of()), List.of());
        var report = new Purges(store, () -> urls, () -> NOW, new Events(() -> NOW)).purge(order, exchange());
        loop.run();
        assertThat(report.toCompletableFuture().join().matched()).isEqualTo(pages);
        assertThat(fresh(store, pages, NOW)).isGreaterThan(pages * 9 / 10);
        assertThat(fresh(store, pages, NOW.plusSeconds(seconds / 2))).isBetween(pages * 3L / 10, pages * 7L / 10);
        assertThat(fresh(store, pages, NOW.plusSeconds(seconds))).isZero();
    }

    private static long fresh(LocalStore store, int pages, Instant now) {
        return IntStream.range(0, pages)
                .mapToObj(page -> Target.of("http", "a.example", "/" + page))
                .flatMap(page -> store.near(CacheKey.of(KeyRules.Query.WHOLE, page)).all().stream())
                .filter(stored -> stored.isFresh(now))
                .count();
    }

    private Exchange exchange() {
        Client client = new Client(new InetSocketAddress("127.0.0.1", 5000), "127.0.0.1", "admin", 9180);
        return Exchange.begin(new RequestId(1), loop, client, Interim.NONE);
    }

    private static PurgeOrder order(Authority host) {
        PurgeOrder.What what = new PurgeOrder.What(List.of(), List.of(), List.of(), List.of(), List.of(host), false);
        return new PurgeOrder(what, false, null, false, Duration.ZERO);
    }
}
