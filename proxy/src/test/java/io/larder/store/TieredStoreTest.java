package io.larder.store;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.coherence.Fence;
import io.larder.coherence.Purge;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes that share a real Redis: what one has the other gets, and what one purges nobody serves. */
class TieredStoreTest {
    private static final TieredStore.WhenLagging ASKING = TieredStore.WhenLagging.REVALIDATE;
    private static final AtomicInteger NEXT = new AtomicInteger();

    private static final RedisServer SERVER = RedisServer.start();
    private static final StoreNode A = new StoreNode("a", SERVER, SERVER, ASKING);
    private static final StoreNode B = new StoreNode("b", SERVER, SERVER, ASKING);

    private final String path = "/" + NEXT.incrementAndGet();
    private final CacheKey key = StoreContract.key("http://a" + path);

    @BeforeAll
    static void inStep() {
        A.awaitCurrent();
        B.awaitCurrent();
    }

    @AfterAll
    static void close() {
        A.close();
        B.close();
        SERVER.close();
    }

    private Stored page(String body) {
        return StoreContract.stored(body, "Cache-Control", "max-age=60", "Surrogate-Key", "t" + path, "ETag", "\"1\"");
    }

    private static Variants far(StoreNode node, CacheKey key) throws Exception {
        CompletionStage<Variants> far = node.store.far(key);
        return far == null ? Variants.NONE : answer(far);
    }

    private static List<String> bodies(Variants found) {
        return found.all().stream().map(stored -> stored.body().toUtf8()).toList();
    }

    /** Puts it on one node, and waits until the tier that is shared has it. */
    private static void put(StoreNode node, CacheKey key, Stored stored) {
        long before = node.shared.stats().written();
        assertThat(node.store.put(key, stored, node.store.fence())).isTrue();
        eventually("a write", () -> node.shared.stats().written() > before);
    }

    private static Reuse reuse(CacheKey key, Variants found) {
        Request request =
                Request.get(Target.of(key.scheme(), key.authority().toString(), key.pathAndQuery()), Headers.EMPTY);
        return Reuse.of(CacheRules.DEFAULTS, request, found, StoreContract.NOW);
    }

    private static void awaitComplete(Announcement purge) {
        eventually(
                () -> "a complete purge: " + purge.progress(),
                () -> purge.complete().toCompletableFuture().isDone());
    }

    private static void purge(StoreNode node, Purge.Mode mode, Purge... purges) throws Exception {
        Announcement announcement = node.coherence.purge(Set.of(purges), mode);
        awaitComplete(announcement);
        assertThat(announcement.progress().missing()).isEmpty();
        assertThat(announcement.progress().confirmed()).containsKeys("a", "b");
    }

    @Test
    void whatOneNodeHasTheOtherGets() throws Exception {
        put(A, key, page("x"));
        assertThat(B.store.near(key).isEmpty()).isTrue();
        assertThat(bodies(far(B, key))).containsExactly("x");
        assertThat(bodies(B.store.near(key))).as("promoted").containsExactly("x");
        assertThat(reuse(key, B.store.near(key))).isInstanceOf(Reuse.Fresh.class);
        assertThat(far(B, StoreContract.key("http://a/none")).isEmpty()).isTrue();
    }

    @Test
    void allVariantsComeAtOnce() throws Exception {
        put(A, key, StoreContract.variant("1"));
        put(A, key, StoreContract.variant("2"));
        assertThat(bodies(far(B, key))).containsExactlyInAnyOrder("1", "2");
        assertThat(bodies(B.store.near(key))).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void whatIsHereAlreadyIsNotReplacedByWhatIsNoLater() throws Exception {
        put(A, key, page("x"));
        far(B, key);
        Stored here = B.store.near(key).all().get(0);
        Variants found = far(B, key);
        assertThat(found.all()).hasSize(1);
        assertThat(B.store.near(key).all().get(0)).isSameAs(here);
    }

    static Stream<Arguments> purges() {
        List<Function<String, Purge>> kinds = List.of(
                path -> new Purge.Url("a", path),
                path -> new Purge.Tag("t" + path),
                path -> new Purge.Prefix("a", path),
                path -> new Purge.Host("a"),
                path -> new Purge.All());
        return kinds.stream()
                .flatMap(kind -> Stream.of(Purge.Mode.HARD, Purge.Mode.SOFT).map(mode -> Arguments.of(kind, mode)));
    }

    @ParameterizedTest
    @MethodSource("purges")
    void whatOneNodePurgesNobodyServes(Function<String, Purge> kind, Purge.Mode mode) throws Exception {
        put(A, key, page("x"));
        far(B, key);
        CacheKey never = StoreContract.key("http://a" + path + "/never-here"); // in the shared tier alone
        put(A, never, page("y"));

        purge(A, mode, kind.apply(path));
        boolean kept = mode == Purge.Mode.SOFT;
        boolean all = !(kind.apply(path) instanceof Purge.Url);
        for (StoreNode node : List.of(A, B)) {
            for (Variants found : List.of(node.store.near(key), far(node, key), node.store.peek(key))) {
                assertThat(found.all()).hasSize(kept ? 1 : 0).allMatch(Stored::isSoftened);
            }
        }
        assertThat(far(B, never).all()).hasSize(kept || !all ? 1 : 0).allMatch(stored -> stored.isSoftened() == all);

        put(B, key, page("new"));
        assertThat(bodies(far(B, key))).as("fetched since").containsExactly("new");
        assertThat(reuse(key, far(B, key))).isInstanceOf(Reuse.Fresh.class);
    }

    @Test
    void whatWasFetchedBeforeAPurgeIsStoredNowhere() throws Exception {
        Fence before = A.store.fence();
        purge(B, Purge.Mode.HARD, new Purge.Url("a", path));
        assertThat(A.store.put(key, page("old"), before)).isFalse();
        Fence own = A.store.fence();
        A.store.purge(new Purge.Url("a", path));
        assertThat(A.store.put(key, page("old"), own)).isFalse();
        assertThat(far(A, key).isEmpty()).isTrue();
        assertThat(far(B, key).isEmpty()).isTrue();
        assertThat(SERVER.ask("KEYS", SharedKeys.of(new KeyNames("t"), key).variants()))
                .isEmpty();
    }

    /** A node that has not heard of the purge yet, or was about to write when it did. */
    @Test
    void whatWasWrittenInSpiteOfAPurgeIsServedNowhere() throws Exception {
        AsOf before = A.store.fence().shared();
        purge(B, Purge.Mode.HARD, new Purge.Url("a", path));
        long written = A.shared.stats().written();
        A.shared.put(key, page("old"), before);
        eventually("a write", () -> A.shared.stats().written() > written);
        assertThat(far(A, key).isEmpty()).isTrue();
        assertThat(far(B, key).isEmpty()).isTrue();
    }

    /** A purge comes while an answer of the shared tier is on its way. */
    @Test
    void whatIsOnItsWayFromTheSharedTierIsHeldAgainstPurges() throws Exception {
        put(A, key, page("x"));
        for (int i = 0; i < 50; i++) {
            CompletionStage<Variants> far = Objects.requireNonNull(B.store.far(key));
            B.store.purge(new Purge.Url("a", path));
            assertThat(B.store.near(key).isEmpty()).isTrue();
            answer(far);
            assertThat(B.store.near(key).isEmpty()).isTrue();
        }
    }

    @Test
    void whatWasSupersededIsServedNowhere() throws Exception {
        put(A, key, page("old"));
        far(B, key);
        Fence fence = A.store.fence();
        Fence since = A.store
                .supersede(key, page("new"), List.of(new Purge.Url("a", path)), fence)
                .orElseThrow();
        assertThat(A.store.near(key).isEmpty()).isTrue();
        assertThat(A.store.put(key, page("late"), fence)).isFalse();
        assertThat(A.store.put(key, page("new"), since)).isTrue();
        assertThat(bodies(A.store.near(key))).containsExactly("new");
        eventually("the purge elsewhere", () -> B.store.near(key).isEmpty());
        assertThat(bodies(far(B, key))).doesNotContain("old", "late");
        assertThat(A.store.supersede(key, page("x"), List.of(new Purge.Url("a", path)), fence))
                .as("a purge came in between")
                .isEmpty();
    }

    @Test
    void whatIsForOneClientOrOnlyAPartStaysHere() throws Exception {
        CacheKey part = key.partial();
        assertThat(A.store.put(part, page("part"), A.store.fence())).isTrue();
        put(A, key, page("whole")); // was put later
        assertThat(bodies(A.store.near(part))).containsExactly("part");
        assertThat(A.store.far(part)).isNull();
        assertThat(B.store.far(part)).isNull();
        assertThat(SERVER.ask("KEYS", SharedKeys.of(new KeyNames("t"), part).variants()))
                .isEmpty();
        assertThat(SERVER.ask("KEYS", SharedKeys.of(new KeyNames("t"), key).variants()))
                .isNotEmpty();
    }

    @Test
    void nodesKeepInStepWithoutAWord() throws Exception {
        eventually("little lag", () -> A.coherence.lag().compareTo(Duration.ofSeconds(1)) < 0);
        assertThat(A.store.fence().shared().epoch())
                .isEqualTo(B.store.fence().shared().epoch());
    }

    @Test
    void manyPurgesAtOnceAreAllComplete() throws Exception {
        List<Announcement> all = IntStream.range(0, 500)
                .mapToObj(i -> A.coherence.purge(Set.of(new Purge.Url("a", path + "/" + i)), Purge.Mode.HARD))
                .toList();
        all.forEach(TieredStoreTest::awaitComplete);
        assertThat(A.local.book().ledger().pending()).isEmpty();
    }

    /** What happens to a Redis and to nodes that have it for themselves. */
    @Nested
    class Faults {
        @ParameterizedTest
        @EnumSource(TieredStore.WhenLagging.class)
        void whoCannotAskTheLogForTooLongDoesAsItIsTold(TieredStore.WhenLagging then) throws Exception {
            try (RedisServer server = RedisServer.start();
                    StoreNode node = new StoreNode("n", server, server, then)) {
                node.awaitCurrent();
                put(node, key, page("x"));
                assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Fresh.class);
                server.kill();
                Announcement purge = node.coherence.purge(Set.of(new Purge.Url("a", "/other")), Purge.Mode.HARD);
                assertThat(reuse(key, node.store.near(key)))
                        .as("trusted for a while")
                        .isInstanceOf(Reuse.Fresh.class);

                node.jump(StoreNode.MAX_LAG);
                Class<? extends Reuse> expected = switch (then) {
                    case REVALIDATE -> Reuse.Validate.class;
                    case SERVE -> Reuse.Fresh.class;
                    case BYPASS -> Reuse.Unusable.class;
                };
                assertThat(reuse(key, node.store.near(key))).isInstanceOf(expected);
                assertThat(reuse(key, node.store.peek(key))).isInstanceOf(expected);
                assertThat(reuse(key, far(node, key))).isInstanceOf(expected);
                assertThat(purge.progress().position()).isNull();
                assertThat(purge.complete().toCompletableFuture()).isNotDone();

                server.restartEmpty();
                awaitComplete(purge);
                node.awaitCurrent();
                assertThat(reuse(key, node.store.near(key)))
                        .as("who knows what was purged meanwhile")
                        .isInstanceOf(Reuse.Validate.class);
            }
        }

        @Test
        void aServerThatTakesNoWritesMakesANodeLag() throws Exception {
            try (RedisServer server = RedisServer.start();
                    StoreNode node = new StoreNode("n", server, server, ASKING)) {
                node.awaitCurrent();
                put(node, key, page("x"));
                server.ask("CONFIG", "SET", "min-replicas-to-write", "1");
                Announcement purge = node.coherence.purge(Set.of(new Purge.Url("a", "/other")), Purge.Mode.HARD);
                eventually("no answer", () -> {
                    node.jump(StoreNode.MAX_LAG);
                    return !node.coherence.isCurrent();
                });
                assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Validate.class);
                assertThat(reuse(key, far(node, key))).isInstanceOf(Reuse.Validate.class);
                assertThat(purge.complete().toCompletableFuture()).isNotDone();
                server.ask("CONFIG", "SET", "min-replicas-to-write", "0");
                awaitComplete(purge);
                node.awaitCurrent();
                assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Fresh.class);
            }
        }

        @Test
        void aNodeThatStartsWithoutRedisTrustsNothingUntilItIsThere() throws Exception {
            int port = RedisServer.freePort();
            try (StoreNode node = StoreNode.at("n", port, ASKING)) {
                node.store.put(key, page("x"), node.store.fence());
                assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Validate.class);
                assertThat(far(node, key).all()).hasSizeLessThanOrEqualTo(1);
                try (RedisServer server = RedisServer.startAt(port)) {
                    assertThat(server.port()).isEqualTo(port);
                    node.awaitCurrent();
                    assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Validate.class);
                    node.store.put(key, page("y"), node.store.fence());
                    assertThat(reuse(key, node.store.near(key))).isInstanceOf(Reuse.Fresh.class);
                }
            }
        }

        @Test
        void ownPurgesCoverWhatComesFromTheSharedTierThoughNoLogHasThem() throws Exception {
            try (RedisServer log = RedisServer.start();
                    StoreNode node = new StoreNode("n", log, SERVER, ASKING)) {
                node.awaitCurrent();
                CacheKey other = StoreContract.key("http://a" + path + "/other");
                put(node, key, page("x"));
                put(node, other, page("y"));
                log.kill();
                node.coherence.purge(Set.of(new Purge.Url("a", path)), Purge.Mode.HARD);
                assertThat(far(node, key).isEmpty()).isTrue();
                assertThat(reuse(other, far(node, other))).isInstanceOf(Reuse.Fresh.class);

                for (int i = 0; i <= Outbox.MOST_WAITING; i++) {
                    node.coherence.purge(Set.of(new Purge.Url("a", "/many/" + i)), Purge.Mode.HARD);
                }
                node.store.remove(other);
                assertThat(far(node, key).isEmpty()).isTrue();
                assertThat(reuse(other, far(node, other)))
                        .as("it may be one of the many")
                        .isInstanceOf(Reuse.Validate.class);

                log.restartEmpty();
                eventually(
                        "the end of waiting",
                        () -> node.local.book().ledger().pending().isEmpty());
                assertThat(far(node, key).isEmpty()).isTrue();
                assertThat(reuse(other, far(node, other))).isInstanceOf(Reuse.Validate.class);
            }
        }

        @Test
        void whatWasSharedUnderALostLogIsInDoubt() throws Exception {
            try (RedisServer server = RedisServer.start();
                    StoreNode one = new StoreNode("one", server, server, ASKING);
                    StoreNode two = new StoreNode("two", server, server, ASKING)) {
                one.awaitCurrent();
                two.awaitCurrent();
                put(one, key, page("x"));
                long before = one.store.fence().shared().epoch();
                server.ask("DEL", "{t}:purges");
                eventually(
                        "another log",
                        () -> Stream.of(one, two)
                                .allMatch(node -> node.store.fence().shared().epoch() != before));
                assertThat(reuse(key, one.store.near(key))).isInstanceOf(Reuse.Validate.class);
                assertThat(reuse(key, far(two, key))).isInstanceOf(Reuse.Validate.class);
                put(two, key, page("y"));
                assertThat(reuse(key, far(two, key))).isInstanceOf(Reuse.Fresh.class);
            }
        }

        @Test
        void aDeadNodeIsWaitedForAsLongAsItMayServe() throws Exception {
            try (RedisServer server = RedisServer.start();
                    StoreNode alive = new StoreNode("alive", server, server, ASKING)) {
                try (StoreNode dies = new StoreNode("dies", server, server, ASKING)) {
                    alive.awaitCurrent();
                    dies.awaitCurrent();
                    Announcement both = alive.coherence.purge(Set.of(new Purge.Url("a", path)), Purge.Mode.HARD);
                    awaitComplete(both);
                    assertThat(both.progress().confirmed()).containsOnlyKeys("alive", "dies");
                }
                long begin = System.nanoTime();
                Announcement purge = alive.coherence.purge(Set.of(new Purge.Url("a", path)), Purge.Mode.HARD);
                eventually("its name", () -> purge.progress().missing().equals(List.of("dies")));
                awaitComplete(purge);
                assertThat(purge.progress().confirmed()).containsOnlyKeys("alive");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(StoreNode.LEASE.dividedBy(3));
            }
        }
    }
}
