package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Fence;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Glob;
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

    private static Stored tagged(String body, String tags) {
        return stored(body, "Cache-Control", "max-age=60", "Surrogate-Key", tags, "Cache-Groups", "\"g\"");
    }

    private static void put(Store store, String uri, String body) {
        assertThat(store.put(key(uri), fresh(body), store.fence())).isTrue();
    }

    private static String body(Store store, String uri) {
        Variants found = store.near(key(uri));
        return found.isEmpty() ? "-" : found.all().get(0).body().toUtf8();
    }

    private Store.Purged purge(Store store, Purge purge) {
        var stage = store.purge(purge).here().toCompletableFuture();
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
        Fence fence = store.fence();
        put(store, "http://a/p", "old");
        put(store, "http://a/q", "other");
        Fence since = store.supersede(
                        key, fresh("new"), List.of(new Purge.Url("a", "/p"), new Purge.Url("a", "/x")), fence)
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
        Fence fence = store.fence();
        purge(store, new Purge.Prefix("a", "/"));
        assertThat(store.supersede(key, fresh("new"), List.of(new Purge.Url("a", "/p")), fence))
                .isEmpty();
        Fence beforeTag = store.fence();
        purge(store, new Purge.Tag("x"));
        Stored tagged = stored("new", "Cache-Control", "max-age=60", "Cache-Tag", "x");
        assertThat(store.supersede(key, tagged, List.of(new Purge.Url("a", "/p")), beforeTag))
                .isEmpty();
        Fence later = store.fence();
        Fence since = store.supersede(key, fresh("new"), List.of(new Purge.Url("a", "/p")), later)
                .orElseThrow();
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
        Fence began = store.fence();
        Position purged = purge(store, new Purge.Url("a", "/p")).position();
        assertThat(purged.isAfter(began.own())).isTrue();
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
    void aKeyThatIsRefusedAgainAndAgainStaysUnshareable() {
        Store store = store();
        CacheKey key = key("http://a/p");
        for (int i = 0; i < 20; i++) {
            store.noteUnshareable(key, Duration.ofSeconds(2));
            advance(Duration.ofMillis(700));
            assertThat(store.isUnshareable(key)).isTrue();
        }
        advance(Duration.ofSeconds(2));
        assertThat(store.isUnshareable(key)).isFalse();
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
        Fence early = store.fence();
        for (int i = 0; i < 20_000; i++) {
            store.purge(new Purge.Url("a", "/" + i));
        }
        settle();
        assertThat(body(store, "http://a/kept")).isEqualTo("kept");
        assertThat(store.put(key("http://a/7"), fresh("old"), early)).isFalse();
        put(store, "http://a/7", "new");
        assertThat(body(store, "http://a/7")).isEqualTo("new");
    }

    private long wouldPurge(Store store, Purge... purges) {
        var stage = store.wouldPurge(List.of(purges)).toCompletableFuture();
        settle();
        return stage.join().matched();
    }

    private Store.Purged purge(Store store, Purge.Mode mode, Purge... purges) {
        var stage = store.purge(List.of(purges), mode).here().toCompletableFuture();
        settle();
        return stage.join();
    }

    @Test
    void whatCarriesATagIsPurgedByIt() {
        Store store = store();
        store.put(key("http://a/1"), tagged("1", "x y"), store.fence());
        store.put(key("http://b/2"), tagged("2", "y"), store.fence());
        put(store, "http://a/3", "3");
        assertThat(purge(store, new Purge.Tag("x")).matched()).isEqualTo(1);
        assertThat(body(store, "http://a/1")).isEqualTo("-");
        assertThat(purge(store, new Purge.Tag("Y")).matched()).isZero();
        assertThat(purge(store, new Purge.Group("a", "g")).matched()).isZero();
        assertThat(body(store, "http://b/2")).isEqualTo("2");
        assertThat(purge(store, new Purge.Group("b", "g")).matched()).isEqualTo(1);
        assertThat(body(store, "http://b/2")).isEqualTo("-");
        assertThat(body(store, "http://a/3")).isEqualTo("3");
    }

    @Test
    void onlyTheVariantsThatCarryATagGo() {
        Store store = store();
        CacheKey key = key("http://a/p");
        Request german = Request.get(Target.of("http", "a", "/p"), Headers.of("Foo", "de"));
        store.put(
                key,
                stored(german, "de", "Cache-Control", "max-age=60", "Vary", "Foo", "Cache-Tag", "german"),
                store.fence());
        store.put(key, variant("en"), store.fence());
        assertThat(purge(store, new Purge.Tag("german")).matched()).isEqualTo(1);
        assertThat(store.near(key).all()).hasSize(1);
        assertThat(store.near(key).select(Headers.of("Foo", "en"))).isNotNull();
    }

    @Test
    void aFetchThatBeganBeforeAPurgeOfItsTagIsNotStored() {
        Store store = store();
        Fence began = store.fence();
        purge(store, new Purge.Tag("x"));
        assertThat(store.isCurrent(key("http://a/p"), began)).isTrue();
        assertThat(store.isCurrent(key("http://a/p"), tagged("old", "x"), began))
                .isFalse();
        assertThat(store.put(key("http://a/p"), tagged("old", "x"), began)).isFalse();
        assertThat(store.put(key("http://a/p"), tagged("other", "z"), began)).isTrue();
        assertThat(store.put(key("http://a/p"), tagged("new", "x"), store.fence()))
                .isTrue();
    }

    @Test
    void aGradualPurgeMakesEachStaleInItsOwnTime() {
        Store store = store();
        CacheKey key = key("http://a/p");
        Fence began = store.fence();
        store.put(key, tagged("x", "t"), began);
        Purge.Gradual gradual = new Purge.Gradual(new Purge.All(), NOW.toEpochMilli() + 5_000, 0);
        assertThat(purge(store, Purge.Mode.SOFT, gradual).matched()).isEqualTo(1);
        for (int second : new int[] {0, 4, 5, 9}) {
            Instant now = NOW.plusSeconds(second);
            assertThat(store.near(key).all())
                    .singleElement()
                    .matches(stored -> stored.isFresh(now) == second < 5, "fresh until its time has come: " + second);
        }
        store.put(key, tagged("fetched before", "t"), began);
        assertThat(store.near(key).all()).singleElement().matches(Stored::isSoftened);
    }

    @Test
    void aSoftPurgeKeepsWhatItMakesStale() {
        Store store = store();
        CacheKey key = key("http://a/p");
        Fence began = store.fence();
        store.put(key, tagged("x", "t"), began);
        assertThat(purge(store, Purge.Mode.SOFT, new Purge.Tag("t")).matched()).isEqualTo(1);
        assertThat(store.near(key).all()).singleElement().matches(Stored::isSoftened);
        assertThat(purge(store, Purge.Mode.SOFT, new Purge.Url("a", "/p")).matched())
                .as("once more: it is still there")
                .isEqualTo(1);
        assertThat(store.put(key, tagged("older", "t"), began)).isTrue();
        assertThat(store.near(key).all())
                .as("fetched before the purge")
                .singleElement()
                .matches(Stored::isSoftened);
        store.put(key, tagged("newer", "t"), store.fence());
        assertThat(store.near(key).all()).singleElement().matches(stored -> !stored.isSoftened());
        assertThat(store.isCurrent(key, began)).isFalse();
        purge(store, Purge.Mode.SOFT, new Purge.All());
        assertThat(purge(store, new Purge.Tag("t")).matched()).isEqualTo(1);
        assertThat(store.near(key).isEmpty()).isTrue();
        assertThat(store.stats().softened()).isEqualTo(3);
        assertThat(store.stats().purged()).isEqualTo(1);
        assertThat(store.purges())
                .contains(new Store.PurgeCount(Purge.Kind.TAG, Purge.Mode.SOFT, 1))
                .contains(new Store.PurgeCount(Purge.Kind.TAG, Purge.Mode.HARD, 1));
    }

    @Test
    void softeningDoesNotKeepThingsLonger() {
        Store store = store();
        put(store, "http://a/p", "x");
        advance(Duration.ofMinutes(50));
        purge(store, Purge.Mode.SOFT, new Purge.Host("a"));
        assertThat(body(store, "http://a/p")).isEqualTo("x");
        advance(Duration.ofMinutes(12));
        settle();
        assertThat(body(store, "http://a/p")).isEqualTo("-");
    }

    @Test
    void aDryRunCountsAndTouchesNothing() {
        Store store = store();
        store.put(key("http://a/p"), variant("1"), store.fence());
        store.put(key("http://a/p"), variant("2"), store.fence());
        store.put(key("https://a/q"), tagged("q", "t"), store.fence());
        Fence before = store.fence();
        assertThat(wouldPurge(store, new Purge.Url("a", "/p"))).isEqualTo(2);
        assertThat(wouldPurge(store, new Purge.Url("a", "/p"), new Purge.Url("a", "/q")))
                .isEqualTo(3);
        assertThat(wouldPurge(store, new Purge.Tag("t"), new Purge.Prefix("a", "/q")))
                .as("counted once")
                .isEqualTo(1);
        assertThat(wouldPurge(store, new Purge.Match(Glob.of("*/p")))).isEqualTo(2);
        assertThat(wouldPurge(store, new Purge.All())).isEqualTo(3);
        assertThat(store.fence()).isEqualTo(before);
        assertThat(store.near(key("http://a/p")).all()).hasSize(2);
        purge(store, new Purge.Url("a", "/p"));
        assertThat(wouldPurge(store, new Purge.All())).isEqualTo(1);
    }

    @Test
    void whatSeveralPurgesOfAnOrderCoverIsCountedOnce() {
        Store store = store();
        store.put(key("http://a/p"), tagged("x", "t"), store.fence());
        Purge[] all = {new Purge.Url("a", "/p"), new Purge.Tag("t"), new Purge.Prefix("a", "/")};
        assertThat(purge(store, Purge.Mode.SOFT, all).matched()).isEqualTo(1);
        assertThat(purge(store, Purge.Mode.HARD, all).matched()).isEqualTo(1);
    }

    @Test
    void whatIsReplacedBeforeItIsSweptIsCountedToo() {
        Store store = store();
        CacheKey key = key("http://a/p");
        store.put(key, tagged("old", "t"), store.fence());
        var soft =
                store.purge(List.of(new Purge.Tag("t")), Purge.Mode.SOFT).here().toCompletableFuture();
        var hard = store.purge(List.of(new Purge.Prefix("a", "/")), Purge.Mode.HARD)
                .here()
                .toCompletableFuture();
        var late = store.purge(new Purge.Url("a", "/p")).here().toCompletableFuture();
        assertThat(store.near(key).isEmpty()).isTrue();
        store.put(key, tagged("new", "t"), store.fence());
        settle();
        assertThat(soft.join().matched()).isEqualTo(1);
        assertThat(hard.join().matched()).isEqualTo(1);
        assertThat(late.join().matched()).as("it was gone by then").isZero();
        assertThat(body(store, "http://a/p")).isEqualTo("new");
    }

    @Test
    void manyPatternsCostWhatIsStoredNothing() {
        Store store = store();
        put(store, "http://a/kept", "kept");
        for (int i = 0; i < 10_000; i++) {
            store.purge(new Purge.Match(Glob.of("*/never/" + i)));
            if (i % 100 == 0) {
                settle();
            }
        }
        settle();
        assertThat(body(store, "http://a/kept")).isEqualTo("kept");
    }
}
