package io.larder.store;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Encodings;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.store.format.Decoded;
import io.larder.store.redis.Breaker;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.RedisRig;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import io.larder.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What nodes keep together, on real servers. */
class SharedTierTest {
    private static final int MOST = 4 << 20;
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final CacheKey KEY = StoreContract.key("http://shop.example/p?q=1");
    private static final AsOf AS_OF = new AsOf(3, 4);
    private static final Headers NOTHING = Headers.EMPTY;

    private final RedisServer server = RedisServer.start();
    private final RedisRig rig = RedisRig.to(server.port());
    private final SteppedClock clock = new SteppedClock(StoreContract.NOW);
    private final ExecutorService worker = Executors.newFixedThreadPool(2);
    private final SharedTier tier = tier(rig);

    @BeforeEach
    void connect() {
        rig.awaitUp();
    }

    @AfterEach
    void close() {
        worker.shutdownNow();
        rig.close();
        server.close();
    }

    private static GuardedRedis guarded(RedisRig rig) {
        return new GuardedRedis(rig.link, Breaker.usual(), "t:probe", System::nanoTime, rig.link::later);
    }

    private SharedTier tier(RedisRig redis) {
        Random random = new Random(7);
        return new SharedTier(
                guarded(redis), new SharedTier.Settings("t", MOST), worker, clock::instant, () -> random.nextLong());
    }

    private static Stored page(Headers request, String body, String... headers) {
        return StoreContract.stored(Request.get(Target.of("http", "a", "/"), request), body, headers);
    }

    private static Stored page(String body) {
        return page(NOTHING, body, "Cache-Control", "max-age=60", "Content-Type", "text/html");
    }

    private static Bytes octets(int length) {
        byte[] octets = new byte[length];
        new Random(length).nextBytes(octets);
        return Bytes.of(octets);
    }

    private static Stored film(int length) {
        return new Stored(page("").head(), octets(length));
    }

    /** As {@code stored}, as a node gets it which asks {@code later}. */
    private static Stored received(Stored stored, Duration later) {
        Response response = Response.of(stored.status(), stored.headers(), Body.none());
        Request request = Request.get(Target.of("http", "a", "/"), Headers.EMPTY);
        var then = StoreContract.NOW.plus(later);
        return switch (Storability.of(CacheRules.DEFAULTS, request, response, then, then)) {
            case Storability.Keep keep -> keep.with(stored.body());
            case Storability.Refuse refuse -> throw new AssertionError("refused: " + refuse);
        };
    }

    private void put(Stored... all) {
        for (Stored stored : all) {
            long before = tier.stats().written();
            tier.put(KEY, stored, AS_OF);
            eventually("a write", () -> tier.stats().written() > before);
        }
    }

    private List<Stored> get(CacheKey key) throws Exception {
        return answer(tier.get(key)).wholes().stream()
                .map(Decoded.Whole::stored)
                .toList();
    }

    private List<String> bodies() throws Exception {
        return get(KEY).stream().map(stored -> stored.body().toUtf8()).toList();
    }

    private List<String> names(String pattern) {
        return server.ask("KEYS", pattern)
                .lines()
                .filter(name -> !name.isEmpty())
                .toList();
    }

    @Test
    void whatIsPutIsFound() throws Exception {
        assertThat(get(KEY)).isEmpty();
        Stored page = page("hello");
        put(page);
        List<Decoded.Whole> found = answer(tier.get(KEY)).wholes();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).asOf()).isEqualTo(AS_OF);
        Stored stored = found.get(0).stored();
        assertThat(stored.body().toUtf8()).isEqualTo("hello");
        assertThat(stored.headers()).isEqualTo(page.headers());
        assertThat(stored.head().age()).isEqualTo(page.head().age());
        assertThat(get(StoreContract.key("http://shop.example/p?q=2"))).isEmpty();
        put(page("hello again"));
        assertThat(bodies()).containsExactly("hello again");
        assertThat(tier.stats()).isEqualTo(new SharedStats(2, 2, 0, 0, 2, 0, 0));
    }

    /** A key that is no hash any more would be in the way of all that is written there. */
    @Test
    void whatSomebodyElseHasPutThereMakesRoom() throws Exception {
        put(page("hello"));
        String name = names("t:o:*").get(0);
        server.ask("SET", name, "somebody else's, without a time to live");
        assertThat(get(KEY)).isEmpty();
        put(page("hello again"));
        assertThat(bodies()).containsExactly("hello again");
        assertThat(Long.parseLong(server.ask("PTTL", name))).isPositive();
    }

    @Test
    void bothFormsComeBack() throws Exception {
        Stored both = Encodings.with(page("hello".repeat(1_000)), octets(700));
        put(both);
        Stored found = get(KEY).get(0);
        assertThat(found.gzipped()).isNotNull().extracting(Stored::body).isEqualTo(octets(700));
    }

    @Test
    void variantsLieSideBySideTheOldestFirst() throws Exception {
        put(StoreContract.variant("1"), StoreContract.variant("2"), StoreContract.variant("3"));
        assertThat(bodies()).containsExactlyInAnyOrder("1", "2", "3");
        put(StoreContract.variant("2"));
        assertThat(bodies()).hasSize(3);
        put(received(page("everyone's"), Duration.ofSeconds(2)));
        assertThat(bodies()).hasSize(4).last().isEqualTo("everyone's");
    }

    @Test
    void whatWasChosenByACredentialIsOneVariantForEach() throws Exception {
        for (String cookie : List.of("lang=de", "lang=en")) {
            put(page(Headers.of("Cookie", cookie), cookie, "Cache-Control", "max-age=60", "Vary", "Cookie"));
        }
        assertThat(bodies()).containsExactlyInAnyOrder("lang=de", "lang=en");
        assertThat(server.ask("HKEYS", names("t:o:*").get(0))).doesNotContain("lang");
    }

    @Test
    void anOriginThatVariesOnWhatEveryClientWritesDifferentlyFillsNothing() throws Exception {
        for (int i = 0; i < Variants.LIMIT + 20; i++) {
            put(StoreContract.variant("v" + i));
        }
        assertThat(bodies()).hasSize(Variants.LIMIT).contains("v" + (Variants.LIMIT + 19));
        assertThat(server.ask("HLEN", names("t:o:*").get(0))).isEqualTo(Variants.LIMIT + "");
    }

    @Test
    void aLargeOneLiesInChunks() throws Exception {
        put(film(3 << 20));
        assertThat(names("t:c:*")).hasSizeGreaterThan(5);
        assertThat(names("*"))
                .allSatisfy(name -> assertThat(Integer.parseInt(server.ask("MEMORY", "USAGE", name)))
                        .isLessThan(1 << 20));
        assertThat(get(KEY)).singleElement().extracting(Stored::body).isEqualTo(octets(3 << 20));
        Stored both = Encodings.with(film(900_000), octets(600_000));
        put(both);
        assertThat(get(KEY)).singleElement().satisfies(found -> {
            assertThat(found.body()).isEqualTo(octets(900_000));
            assertThat(found.gzipped()).isNotNull().extracting(Stored::body).isEqualTo(octets(600_000));
        });
    }

    /** What has a validator is kept for days: were it fetched each minute, thousands of copies would lie there. */
    @Test
    void nothingIsLeftOfChunksThatWereReplaced() throws Exception {
        put(film(3 << 20));
        List<String> first = names("t:c:*");
        put(film(2 << 20));
        assertThat(names("t:c:*")).isNotEmpty().hasSizeLessThan(first.size()).doesNotContainAnyElementsOf(first);
        put(page("small"));
        assertThat(names("t:c:*")).isEmpty();
        assertThat(bodies()).containsExactly("small");
        assertThat(server.ask("HLEN", names("t:o:*").get(0))).isEqualTo("1");
        put(film(1 << 20));
        put(IntStream.range(0, Variants.LIMIT + 5)
                .mapToObj(i -> StoreContract.variant("v" + i))
                .toArray(Stored[]::new));
        boolean filmIsThere = get(KEY).stream().anyMatch(stored -> stored.body().length() == 1 << 20);
        assertThat(names("t:c:*").isEmpty()).isNotEqualTo(filmIsThere);
    }

    @Test
    void everyKeyDiesByItself() {
        put(film(1 << 20), StoreContract.variant("1"));
        Stored lasting = page(NOTHING, "x", "Cache-Control", "max-age=60", "ETag", "\"1\"");
        tier.put(StoreContract.key("http://a/lasting"), lasting, AS_OF);
        eventually("another write", () -> tier.stats().written() == 3);
        long most = lasting.head().use().keep();
        assertThat(names("*"))
                .hasSizeGreaterThan(3)
                .allSatisfy(name -> assertThat(Long.parseLong(server.ask("PTTL", name)))
                        .as(name)
                        .isBetween(1L, most));
        String lastings = Stream.of(server.ask("KEYS", "t:o:*").split("\n"))
                .filter(name -> Long.parseLong(server.ask("PTTL", name)) > most - 60_000)
                .findFirst()
                .orElseThrow();
        assertThat(lastings).startsWith("t:o:{");
    }

    @Test
    void aVariantThatLivesLongerDoesNotKeepOthersAlive() throws Exception {
        put(StoreContract.variant("1"));
        put(page(Headers.of("Foo", "2"), "2", "Cache-Control", "max-age=6000", "Vary", "Foo", "ETag", "\"1\""));
        clock.step(Duration.ofMillis(StoreContract.variant("1").head().use().keep() + 1));
        assertThat(bodies()).containsExactly("2");
        assertThat(tier.stats().foreign()).isZero();
    }

    @Test
    void whatIsTooLargeOrTooOldIsLeftOut() throws Exception {
        tier.put(KEY, film(MOST + 1), AS_OF);
        clock.step(Duration.ofDays(30));
        tier.put(KEY, page("old"), AS_OF);
        assertThat(tier.stats().waiting()).isZero();
        assertThat(get(KEY)).isEmpty();
        assertThat(names("*")).isEmpty();
    }

    @Test
    void nobodyWaitsForAServerThatHasStopped() throws Exception {
        try (RedisRig hasty = RedisRig.to(server.port(), DEADLINE).awaitUp()) {
            SharedTier slow = tier(hasty);
            Stored film = film(1 << 20);
            server.pause();
            long begin = System.nanoTime();
            for (int i = 0; i < 60; i++) {
                slow.put(KEY, film, AS_OF);
                assertThat(slow.stats().waiting()).isLessThanOrEqualTo(32L << 20);
            }
            assertThat(slow.stats().dropped()).isGreaterThanOrEqualTo(20);
            for (int i = 0; i < 20; i++) {
                assertThat(answer(slow.get(KEY)).wholes()).isEmpty();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
            assertThat(slow.stats().failed()).isGreaterThanOrEqualTo(20);
            eventually("an end of all writes", () -> slow.stats().waiting() == 0);
            server.resume();
            eventually("an answer", () -> {
                slow.put(KEY, page("back"), AS_OF);
                return !answer(slow.get(KEY)).wholes().isEmpty();
            });
        }
    }

    @Test
    void aServerThatIsGoneHasNothing() throws Exception {
        put(page("x"));
        server.kill();
        assertThat(answer(tier.get(KEY)).wholes()).isEmpty();
        tier.put(KEY, page("y"), AS_OF);
        eventually("an end of the write", () -> tier.stats().waiting() == 0);
        SharedStats stats = tier.stats();
        assertThat(stats.failed()).isEqualTo(2);
        assertThat(stats.misses()).isZero();
    }

    @Test
    void aFullServerGivesWhatItHas() throws Exception {
        put(page("x"));
        server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
        server.ask("CONFIG", "SET", "maxmemory", "1");
        tier.put(KEY, page("y"), AS_OF);
        tier.put(KEY, film(1 << 20), AS_OF);
        tier.put(StoreContract.key("http://shop.example/new"), page("z"), AS_OF);
        eventually("an end of the writes", () -> tier.stats().waiting() == 0);
        assertThat(bodies()).containsExactly("x");
        assertThat(names("t:o:*")).as("nothing that is new").hasSize(1);
        assertThat(tier.stats().failed()).isEqualTo(3);
        assertThat(tier.stats().written()).isEqualTo(1);
    }

    static Stream<Arguments> damages() {
        Map<String, UnaryOperator<String>> damages = Map.of(
                "garbage", envelope -> "garbage",
                "nothing", envelope -> "",
                "truncated", envelope -> envelope.substring(0, envelope.length() - 5),
                "longer", envelope -> envelope + "x",
                "of a newer version", envelope -> envelope.substring(0, 4) + '\u0002' + envelope.substring(5),
                "with an octet changed", envelope -> envelope.replace("hello", "hallo"));
        return damages.entrySet().stream().map(damage -> Arguments.of(damage.getKey(), damage.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void whatCannotBeReadIsNotThere(String name, UnaryOperator<String> damage) throws Exception {
        put(page("hello"));
        String hash = names("t:o:*").get(0);
        String field = server.ask("HKEYS", hash);
        server.ask("HSET", hash, field, damage.apply(server.ask("HGET", hash, field)));
        assertThat(get(KEY)).isEmpty();
        assertThat(tier.stats().foreign()).isEqualTo(1);
        assertThat(tier.stats().misses()).isEqualTo(1);
        put(StoreContract.variant("good"));
        assertThat(bodies()).containsExactly("good");
        put(page("hello"));
        assertThat(bodies()).containsExactlyInAnyOrder("good", "hello");
        assertThat(tier.stats().foreign()).isEqualTo(2);
    }

    @Test
    void whatWasStoredUnderAnotherKeyIsNotThere() throws Exception {
        put(page("hello"));
        CacheKey other = StoreContract.key("http://shop.example/other");
        tier.put(other, page("other"), AS_OF);
        eventually("another write", () -> tier.stats().written() == 2);
        List<String> hashes = names("t:o:*");
        String[] envelopes = hashes.stream()
                .map(hash -> server.ask("HGET", hash, server.ask("HKEYS", hash)))
                .toArray(String[]::new);
        for (int i = 0; i < 2; i++) {
            server.ask("HSET", hashes.get(i), server.ask("HKEYS", hashes.get(i)), envelopes[1 - i]);
        }
        assertThat(get(KEY)).isEmpty();
        assertThat(get(other)).isEmpty();
        assertThat(tier.stats().foreign()).isEqualTo(2);
    }

    @Test
    void whereAChunkIsMissingOrNotItsOwnThereIsNothing() throws Exception {
        put(film(3 << 20));
        List<String> chunks = names("t:c:*");
        byte[] octets = new byte[100];
        server.ask("SET", chunks.get(0), new String(octets, StandardCharsets.ISO_8859_1), "PX", "60000");
        assertThat(get(KEY)).isEmpty();
        server.ask("DEL", chunks.get(0));
        assertThat(get(KEY)).isEmpty();
        assertThat(tier.stats().foreign()).isEqualTo(2);
        put(film(2 << 20));
        assertThat(get(KEY)).hasSize(1);
    }

    /** Who can write to the tier could else have a node gather more than it can hold. */
    @Test
    void nothingLargerThanAllowedIsGathered() throws Exception {
        SharedTier generous =
                new SharedTier(guarded(rig), new SharedTier.Settings("t", MOST * 4), worker, clock::instant, () -> 11);
        generous.put(KEY, film(MOST * 3), AS_OF);
        eventually("a write", () -> generous.stats().written() == 1);
        assertThat(answer(generous.get(KEY)).wholes()).hasSize(1);
        assertThat(get(KEY)).isEmpty();
        assertThat(tier.stats().foreign()).isEqualTo(1);
    }

    @Test
    void whatIsNoHashIsNoTrouble() throws Exception {
        put(page("hello"));
        String hash = names("t:o:*").get(0);
        server.ask("DEL", hash);
        server.ask("SET", hash, "x");
        assertThat(get(KEY)).isEmpty();
        assertThat(tier.stats().failed()).isEqualTo(1);
    }

    @Test
    void aClusterHasItAsWell() throws Exception {
        try (RedisCluster cluster = new RedisCluster()) {
            List<Integer> ports =
                    cluster.nodes().stream().map(RedisServer::port).toList();
            try (RedisRig many = RedisRig.of(new Servers.Cluster(RedisRig.addresses(ports)), null, null)
                    .awaitUp()) {
                SharedTier spread = tier(many);
                List<CacheKey> keys = IntStream.range(0, 60)
                        .mapToObj(i -> StoreContract.key("http://a/" + i))
                        .toList();
                for (CacheKey key : keys) {
                    spread.put(key, film(2_000 + key.hashCode() % 1_000), AS_OF);
                    spread.put(key, StoreContract.variant("1"), AS_OF);
                }
                CacheKey film = StoreContract.key("http://a/film");
                spread.put(film, film(2 << 20), AS_OF);
                spread.put(film, film(2 << 20), AS_OF);
                eventually("all written", () -> spread.stats().written() == 122);
                for (CacheKey key : keys) {
                    assertThat(answer(spread.get(key)).wholes()).hasSize(2);
                }
                assertThat(answer(spread.get(film)).wholes()).hasSize(1);
                assertThat(cluster.nodes())
                        .allSatisfy(node ->
                                assertThat(Integer.parseInt(node.ask("DBSIZE"))).isGreaterThan(5));
                assertThat(spread.stats()).isEqualTo(new SharedStats(61, 0, 0, 0, 122, 0, 0));
            }
        }
    }
}
