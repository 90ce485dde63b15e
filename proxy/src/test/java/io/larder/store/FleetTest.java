package io.larder.store;

import static io.larder.store.FleetNode.answer;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;
import io.larder.store.Leases.Claim;
import io.larder.store.Leases.Ending;
import io.larder.store.Leases.Outcome;
import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nodes agree on and tell each other, through a real Redis. */
class FleetTest {
    private static final CacheKey KEY = StoreContract.key("http://a/p");

    private final List<AutoCloseable> open = new ArrayList<>();

    private <T extends AutoCloseable> T opened(T what) {
        open.add(0, what);
        return what;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private List<FleetNode> nodes(Servers servers, int count) {
        return Stream.generate(() -> opened(FleetNode.of(servers))).limit(count).toList();
    }

    private List<FleetNode> nodes(RedisServer redis, int count) {
        return nodes(FleetNode.single(redis.port()), count);
    }

    private static CompletionStage<Claim> claim(FleetNode node, CacheKey key) {
        return node.fleet.leases().claim(key, VaryKey.NONE, node.store.fence().shared());
    }

    private static void assertOneFetchesForAll(List<FleetNode> nodes, CacheKey key) {
        List<CompletionStage<Claim>> claims =
                nodes.stream().map(node -> claim(node, key)).toList();
        List<Claim.Ours> ours = new ArrayList<>();
        List<CompletionStage<Ending>> theirs = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            switch (answer(claims.get(i))) {
                case Claim.Ours mine -> {
                    nodes.get(i).put(key, StoreContract.fresh("body"));
                    ours.add(mine);
                }
                case Claim.Theirs(CompletionStage<Ending> over) -> theirs.add(over);
                case Claim.Unknown unknown -> throw new AssertionError("Redis was there");
            }
        }
        assertThat(ours).hasSize(1);
        ours.get(0).release(Outcome.STORED);
        long begin = System.nanoTime();
        theirs.forEach(over -> assertThat(answer(over)).isEqualTo(new Ending.Landed(Outcome.STORED)));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
        nodes.forEach(node -> assertThat(node.far(key).isEmpty()).isFalse());
    }

    @Test
    void oneFetchesForAll() {
        List<FleetNode> nodes = nodes(opened(RedisServer.start()), 3);
        for (int i = 0; i < 20; i++) {
            assertOneFetchesForAll(nodes, StoreContract.key("http://a/" + i));
        }
        assertThat(nodes.stream()
                        .mapToLong(node -> node.fleet.stats().leases().taken())
                        .sum())
                .isEqualTo(20);
    }

    @Test
    void oneFetchesForAllOnACluster() throws Exception {
        RedisCluster cluster = opened(new RedisCluster());
        Servers servers = new Servers.Cluster(cluster.nodes().stream()
                .map(server -> new Address("127.0.0.1", server.port()))
                .toList());
        List<FleetNode> nodes = nodes(servers, 2);
        for (int i = 0; i < 10; i++) { // in as many slots
            assertOneFetchesForAll(nodes, StoreContract.key("http://a/" + i));
        }
        nodes.get(0).store.noteUnshareable(KEY, Duration.ofSeconds(20));
        eventually("the note has come", () -> {
            nodes.get(1).far(KEY);
            return nodes.get(1).store.isUnshareable(KEY);
        });
    }

    @Test
    void aHolderThatIsKilledIsMissedWithinAboutASecond() {
        List<FleetNode> nodes = nodes(opened(RedisServer.start()), 3);
        assertThat(answer(claim(nodes.get(0), KEY))).isInstanceOf(Claim.Ours.class);
        Claim.Theirs second = (Claim.Theirs) answer(claim(nodes.get(1), KEY));
        Claim.Theirs third = (Claim.Theirs) answer(claim(nodes.get(2), KEY));
        nodes.get(0).kill();
        long begin = System.nanoTime();
        assertThat(answer(second.over())).isEqualTo(new Ending.Lost());
        assertThat(answer(third.over())).isEqualTo(new Ending.Lost());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(2500));
        assertThat(answer(claim(nodes.get(1), KEY))).isInstanceOf(Claim.Ours.class);
        assertThat(answer(claim(nodes.get(2), KEY))).isInstanceOf(Claim.Theirs.class);
    }

    @Test
    void leasesLeaveNothingBehind() {
        RedisServer redis = opened(RedisServer.start());
        List<FleetNode> nodes = nodes(redis, 2);
        Claim.Ours lease = (Claim.Ours) answer(claim(nodes.get(0), KEY));
        String key = redis.ask("KEYS", "test:l:*");
        assertThat(key).matches("test:l:\\{[0-9a-f]{32}\\}");
        assertThat(Long.parseLong(redis.ask("PTTL", key))).isBetween(1L, 1000L);
        lease.release(Outcome.FAILED);
        eventually("it is gone", () -> redis.ask("KEYS", "test:l:*").isEmpty());
    }

    @Test
    void withoutRedisNobodyWaits() {
        RedisServer redis = opened(RedisServer.start());
        FleetNode node = nodes(redis, 1).get(0);
        redis.kill();
        eventually("there is no answer", () -> answer(claim(node, KEY)) instanceof Claim.Unknown);
        eventually(
                "nor is one waited for",
                () -> claim(node, KEY).toCompletableFuture().isDone());
    }

    // hit-for-miss

    private static boolean learns(FleetNode node, CacheKey asked, CacheKey noted) {
        node.far(asked);
        return node.store.isUnshareable(noted);
    }

    @Test
    void whatCannotBeSharedOneNodeTellsAnother() {
        RedisServer redis = opened(RedisServer.start());
        List<FleetNode> nodes = nodes(redis, 2);
        FleetNode one = nodes.get(0);
        FleetNode two = nodes.get(1);
        assertThat(learns(two, KEY, KEY)).isFalse();
        one.store.noteUnshareable(KEY, Duration.ofMillis(1500));
        eventually("it has come", () -> learns(two, KEY, KEY));
        assertThat(two.store.isUnshareable(KEY.personal())).isFalse();
        eventually(
                "it is over by Redis' clock",
                () -> redis.ask("KEYS", "test:[up]:*").isEmpty());
        eventually("and here", () -> !two.store.isUnshareable(KEY));
        assertThat(learns(two, KEY, KEY)).isFalse();
    }

    @Test
    void whatCannotBeSharedForWhoAsksSaysNothingOfTheOthers() {
        List<FleetNode> nodes = nodes(opened(RedisServer.start()), 2);
        nodes.get(0).store.noteUnshareable(KEY.personal(), Duration.ofSeconds(20));
        eventually("it has come", () -> learns(nodes.get(1), KEY, KEY.personal()));
        assertThat(nodes.get(1).store.isUnshareable(KEY)).isFalse();
    }

    @Test
    void aNoteIsWrittenOnceInHalfOfItsLifeAndWhoLearnsOfItWritesNone() {
        RedisServer redis = opened(RedisServer.start());
        List<FleetNode> nodes = nodes(redis, 2);
        for (int i = 0; i < 100; i++) {
            nodes.get(0).store.noteUnshareable(KEY, Duration.ofMinutes(5));
        }
        eventually("it has come", () -> learns(nodes.get(1), KEY, KEY));
        nodes.get(1).store.noteUnshareable(KEY, Duration.ofMinutes(5));
        assertThat(redis.ask("INFO", "commandstats")).contains("cmdstat_set:calls=1,");
    }

    @Test
    void whatIsStoredAgainIsSharedAgain() {
        RedisServer redis = opened(RedisServer.start());
        List<FleetNode> nodes = nodes(redis, 2);
        nodes.get(0).store.noteUnshareable(KEY, Duration.ofMinutes(5));
        eventually("it has come", () -> learns(nodes.get(1), KEY, KEY));
        nodes.get(0).put(KEY, StoreContract.fresh("body"));
        eventually("what is stored has come", () -> !nodes.get(1).far(KEY).isEmpty());
        assertThat(nodes.get(1).store.isUnshareable(KEY)).isFalse();
        assertThat(redis.ask("KEYS", "test:u:*")).isEmpty();
    }
}
