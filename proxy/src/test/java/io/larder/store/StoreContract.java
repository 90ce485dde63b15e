package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store promises, whatever it keeps things in. */
abstract class StoreContract {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final KeyRules DECLARED = new KeyRules(KeyRules.Query.WHOLE, List.of(FieldName.of("X-Country")), List.of());

    /** A store with {@code capacity} bytes; the same for the whole of one test. */
    abstract Store store(long capacity);

    /** Lets time pass for the store. */
    abstract void advance(Duration time);

    /** Lets the store do what it does in the background. */
    abstract void settle();

    final Store store() {
        return store(64L * 1024 * 1024);
    }

    static CacheKey key(String uri) {
        int start = uri.indexOf("://") + 3;
        int slash = uri.indexOf('/', start);
        Target target = Target.of(uri.substring(0, start - 3), uri.substring(start, slash), uri.substring(slash));
        return CacheKey.of(KeyRules.PLAIN, Request.get(target, Headers.EMPTY));
    }

    static Stored stored(String body, String... responseHeaders) {
        return stored(Request.get(Target.of("http", "a", "/"), Headers.EMPTY), body, responseHeaders);
    }

    static Stored stored(Request request, String body, String... responseHeaders) {
        Response response = Response.of(200, Headers.of(responseHeaders), Body.none());
        return switch (Storability.of(CacheRules.DEFAULTS, request, response, NOW, NOW)) {
            case Storability.Keep keep -> keep.with(Bytes.utf8(body));
            case Storability.Refuse refuse -> throw new AssertionError("refused: " + refuse);
        };
    }

    static Stored fresh(String body) {
        return stored(body, "Cache-Control", "max-age=60");
    }

    static Stored variant(String foo) {
        Request request = Request.get(Target.of("http", "a", "/"), Headers.of("Foo", foo));
        return stored(request, foo, "Cache-Control", "max-age=60", "Vary", "Foo");
    }

    private static void put(Store store, String uri, String body) {
        assertThat(store.put(key(uri), fresh(body), store.fence())).isTrue();
    }

    private static String body(Store store, String uri) {
        Variants found = store.near(key(uri));
        return found.isEmpty() ? "-" : found.all().get(0).body().toUtf8();
    }

    private Store.Purged purge(Store store, Purge purge) {
        var stage = store.purge(purge).toCompletableFuture();
        settle();
        return stage.join();
    }

    @Test
    void whatIsPutIsFound() {
        Store store = store();
        assertThat(store.near(key("http://a/p")).isEmpty()).isTrue();
        put(store, "http://a/p", "one");
        assertThat(body(store, "http://a/p")).isEqualTo("one");
        assertThat(body(store, "https://a/p")).isEqualTo("-");
        assertThat(body(store, "http://a/p?")).isEqualTo("-");
        put(store, "http://a/p", "two");
        assertThat(body(store, "http://a/p")).isEqualTo("two");
        store.remove(key("http://a/p"));
        assertThat(body(store, "http://a/p")).isEqualTo("-");
    }

    @Test
    void variantsLieSideBySide() {
        Store store = store();
        CacheKey key = key("http://a/p");
        store.put(key, variant("1"), store.fence());
        store.put(key, variant("2"), store.fence());
        store.put(key, variant("1"), store.fence());
        assertThat(store.near(key).all()).hasSize(2);
    }

    @Test
    void aUrlIsPurgedInAllVariantsAndBothSchemes() {
        Store store = store();
        store.put(key("http://a/p"), variant("1"), store.fence());
        store.put(key("http://a/p"), variant("2"), store.fence());
        put(store, "https://a/p", "s");
        put(store, "http://a/p?q", "q");
        put(store, "http://a:81/p", "port");
        assertThat(purge(store, new Purge.Url("a", "/p")).matched()).isEqualTo(3);
        assertThat(body(store, "http://a/p")).isEqualTo("-");
        assertThat(body(store, "https://a/p")).isEqualTo("-");
        assertThat(body(store, "http://a/p?q")).isEqualTo("q");
        assertThat(body(store, "http://a:81/p")).isEqualTo("port");
    }

    @Test
    void aUrlIsPurgedUnderWhateverDeclaredFields() {
        Store store = store();
        Target target = Target.of("http", "a", "/p");
        for (String country : List.of("NL", "DE")) {
            Request request = Request.get(target, Headers.of("X-Country", country));
            store.put(CacheKey.of(DECLARED, request), fresh(country), store.fence());
        }
        assertThat(purge(store, new Purge.Url("a", "/p")).matched()).isEqualTo(2);
        Request request = Request.get(target, Headers.of("X-Country", "NL"));
        assertThat(store.near(CacheKey.of(DECLARED, request)).isEmpty()).isTrue();
    }

    @Test
    void prefixesHostsAndAll() {
        Store store = store();
        for (String uri :
                List.of("http://a/p", "http://a/p/q", "https://a/pq", "http://a/x", "http://a:81/p", "http://b/p")) {
            put(store, uri, uri);
        }
        assertThat(purge(store, new Purge.Prefix("a", "/p/")).matched()).isEqualTo(1);
        assertThat(purge(store, new Purge.Prefix("a", "/p")).matched()).isEqualTo(2);
        assertThat(body(store, "http://a/x")).isEqualTo("http://a/x");
        assertThat(purge(store, new Purge.Host("a")).matched()).isEqualTo(2);
        assertThat(body(store, "http://a:81/p")).isEqualTo("-");
        assertThat(body(store, "http://b/p")).isEqualTo("http://b/p");
        assertThat(purge(store, new Purge.All()).matched()).isEqualTo(1);
        assertThat(purge(store, new Purge.All()).matched()).isZero();
    }

    @Test
    void whatTakesThePlaceOfWhatItPurgesIsStored() { // RFC 9110 §9.3.3
        Store store = store();
        CacheKey key = key("http://a/p");
        Position fence = store.fence();
        put(store, "http://a/p", "old");
        put(store, "http://a/q", "other");
        Position since = store.supersede(key, List.of(new Purge.Url("a", "/p"), new Purge.Url("a", "/x")), fence)
                .orElseThrow();
        settle();
        assertThat(body(store, "http://a/p")).isEqualTo("-");
        assertThat(body(store, "http://a/q")).isEqualTo("other");
        assertThat(store.put(key, fresh("late"), fence)).isFalse();
        assertThat(store.put(key, fresh("new"), since)).isTrue();
        assertThat(body(store, "http://a/p")).isEqualTo("new");
    }

    @Test
    void aPurgeThatCameBeforeWinsOverWhatTakesItsPlace() {
        Store store = store();
        CacheKey key = key("http://a/p");
        Position fence = store.fence();
        purge(store, new Purge.Prefix("a", "/"));
        assertThat(store.supersede(key, List.of(new Purge.Url("a", "/p")), fence))
                .isEmpty();
        Position later = store.fence();
        Position since =
                store.supersede(key, List.of(new Purge.Url("a", "/p")), later).orElseThrow();
        purge(store, new Purge.Url("a", "/p"));
        assertThat(store.put(key, fresh("new"), since)).isFalse();
    }

    @Test
    void aPurgeHoldsAtOnceWhateverItsStageSays() {
        Store store = store();
        put(store, "http://a/p", "old");
        store.purge(new Purge.Prefix("a", "/"));
        assertThat(body(store, "http://a/p")).isEqualTo("-");
        settle();
        assertThat(body(store, "http://a/p")).isEqualTo("-");
    }

    @Test
    void aFetchThatBeganBeforeAPurgeNeverStoresWhatItBrings() {
        Store store = store();
        Position began = store.fence();
        Position purged = purge(store, new Purge.Url("a", "/p")).position();
        assertThat(purged.isAfter(began)).isTrue();
        assertThat(store.put(key("http://a/p"), fresh("old"), began)).isFalse();
        assertThat(store.put(key("https://a/p"), fresh("old"), began)).isFalse();
        assertThat(body(store, "http://a/p")).isEqualTo("-");
        assertThat(store.put(key("http://a/other"), fresh("x"), began)).isTrue();
        assertThat(body(store, "http://a/other")).isEqualTo("x");
        put(store, "http://a/p", "new");
        assertThat(body(store, "http://a/p")).isEqualTo("new");
    }

    @Test
    void aNewVariantDoesNotReviveItsPurgedNeighbours() {
        Store store = store();
        CacheKey key = key("http://a/p");
        store.put(key, variant("1"), store.fence());
        store.purge(new Purge.Url("a", "/p"));
        store.put(key, variant("2"), store.fence());
        assertThat(store.near(key).all()).hasSize(1);
        assertThat(store.near(key).select(Headers.of("Foo", "2"))).isNotNull();
    }

    @Test
    void whatIsOfNoMoreUseGoes() {
        Store store = store();
        put(store, "http://a/plain", "plain");
        store.put(key("http://a/tagged"), stored("x", "Cache-Control", "max-age=60", "ETag", "\"1\""), store.fence());
        advance(Duration.ofSeconds(60));
        assertThat(body(store, "http://a/plain"))
                .as("stale, but good should the origin fail")
                .isEqualTo("plain");
        advance(Duration.ofHours(1));
        settle();
        assertThat(body(store, "http://a/plain")).isEqualTo("-");
        assertThat(body(store, "http://a/tagged")).as("can be validated").isEqualTo("x");
        advance(Duration.ofDays(7));
        settle();
        assertThat(body(store, "http://a/tagged")).isEqualTo("-");
    }

    @Test
    void itStaysWithinItsCapacity() {
        Store store = store(1_000_000);
        for (int i = 0; i < 2_000; i++) {
            store.put(key("http://a/" + i), fresh("x".repeat(1_000)), store.fence());
            settle();
        }
        Store.Stats stats = store.stats();
        assertThat(stats.capacity()).isEqualTo(1_000_000);
        assertThat(stats.bytes()).isBetween(800_000L, 1_000_000L);
        assertThat(stats.entries()).isBetween(300L, 900L);
        assertThat(stats.evictions()).isEqualTo(2_000 - stats.entries());
    }

    @Test
    void whatCouldNotBeSharedIsRememberedForAWhile() {
        Store store = store();
        CacheKey key = key("http://a/p");
        assertThat(store.isUnshareable(key)).isFalse();
        store.noteUnshareable(key, Duration.ofSeconds(2));
        assertThat(store.isUnshareable(key)).isTrue();
        assertThat(store.isUnshareable(key("http://a/q"))).isFalse();
        advance(Duration.ofSeconds(2));
        assertThat(store.isUnshareable(key)).isFalse();
        store.noteUnshareable(key, Duration.ofSeconds(2));
        put(store, "http://a/p", "shareable after all");
        assertThat(store.isUnshareable(key)).isFalse();
    }

    @Test
    void manyPurgesCostNothingButTheirTargets() {
        Store store = store();
        put(store, "http://a/kept", "kept");
        Position early = store.fence();
        for (int i = 0; i < 20_000; i++) {
            store.purge(new Purge.Url("a", "/" + i));
        }
        settle();
        assertThat(body(store, "http://a/kept")).isEqualTo("kept");
        assertThat(store.put(key("http://a/7"), fresh("old"), early)).isFalse();
        put(store, "http://a/7", "new");
        assertThat(body(store, "http://a/7")).isEqualTo("new");
    }
}
