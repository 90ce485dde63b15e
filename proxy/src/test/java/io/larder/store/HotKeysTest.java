package io.larder.store;

import static io.larder.store.FleetNode.answer;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Purge;
import io.larder.policy.CacheKey;
import io.larder.policy.VaryKey;
import io.larder.store.format.KeyFormat;
import io.larder.testing.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is asked for most, by what all nodes report to a real Redis; and a node that starts with it. */
class HotKeysTest {
    private static final String NAME = "test:hot";

    private final List<FleetNode> nodes = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void open() {
        redis = RedisServer.start();
    }

    @AfterEach
    void close() {
        nodes.forEach(FleetNode::close);
        redis.close();
    }

    private FleetNode node() {
        FleetNode node = FleetNode.on(redis.port());
        nodes.add(node);
        return node;
    }

    private static CacheKey key(int number) {
        return StoreContract.key("http://a/" + number);
    }

    /** Stores and uses what has these numbers, the first most lately. */
    private static void use(FleetNode node, int... numbers) {
        for (int number : numbers) {
            node.put(key(number), StoreContract.fresh("body " + number));
        }
        for (int i = numbers.length - 1; i >= 0; i--) {
            for (int times = 0; times < 3; times++) {
                node.store.near(key(numbers[i]));
            }
        }
    }

    private int size() {
        return Integer.parseInt(redis.ask("ZCARD", NAME));
    }

    private List<CacheKey> hottest(FleetNode node, int most) {
        return answer(node.hotKeys.hottest(0, most)).keys();
    }

    private void report(FleetNode node) {
        String before = redis.ask("ZRANGE", NAME, "0", "-1", "WITHSCORES");
        node.loop.execute(node.hotKeys::report);
        eventually(
                "the report is there",
                () -> !redis.ask("ZRANGE", NAME, "0", "-1", "WITHSCORES").equals(before));
    }

    @Test
    void whatTwoNodesReportComesBeforeWhatOneDoes() {
        FleetNode one = node();
        FleetNode two = node();
        use(one, 1, 2, 3);
        use(two, 4, 3, 5);
        report(one);
        report(two);
        eventually("all are there", () -> size() == 5);
        List<CacheKey> all = hottest(one, 10);
        assertThat(all).hasSize(5);
        assertThat(all.get(0)).isEqualTo(key(3));
        assertThat(all.subList(1, 3)).containsExactlyInAnyOrder(key(1), key(4));
        assertThat(Long.parseLong(redis.ask("PTTL", NAME)))
                .isBetween(1L, Duration.ofHours(1).toMillis());
    }

    @Test
    void whatIsSomebodysOwnOrTooLargeIsNotReported() {
        FleetNode one = node();
        CacheKey owned = CacheKey.of("http", key(1).authority(), "/1", null, "owner:x,");
        one.put(owned, StoreContract.fresh("mine"));
        one.put(key(1).partial(), StoreContract.fresh("part"));
        one.put(key(2), StoreContract.fresh("x".repeat((int) FleetNode.MAX_OBJECT + 1)));
        use(one, 3);
        report(one);
        assertThat(hottest(one, 10)).containsExactly(key(3));
    }

    @Test
    void thereAreNeverMoreThanTwoThousandAndTheHottestStay() {
        FleetNode all = node();
        use(all, 0);
        report(all);
        for (int n = 1; n <= 5; n++) {
            FleetNode one = FleetNode.absent(FleetNode.single(redis.port()), 64 << 20);
            nodes.add(one);
            for (int i = 0; i < 600; i++) {
                one.local.put(key(1000 * n + i), StoreContract.fresh("body"), one.local.fence());
            }
            eventually("a connection", () -> !hottest(one, 1).isEmpty());
            report(one);
            report(all);
        }
        eventually("bounded", () -> size() == 2000);
        assertThat(hottest(all, 1)).containsExactly(key(0));
        assertThat(answer(all.hotKeys.hottest(0, 250)).last()).isFalse();
        HotKeys.Page last = answer(all.hotKeys.hottest(1900, 250));
        assertThat(last.keys()).hasSize(100);
        assertThat(last.last()).isTrue();
    }

    @Test
    void whatIsNoLongerReportedSinksAndIsForgotten() {
        FleetNode one = node();
        double now = System.currentTimeMillis() / 1000.0 / 300;
        String[] ages = {"0.5", "3", "11", "14"};
        for (String age : ages) {
            double heat = now - Double.parseDouble(age) + Math.log(3) / Math.log(2);
            redis.ask("ZADD", NAME, Double.toString(heat), text(StoreContract.key("http://a/" + age)));
        }
        use(one, 1);
        report(one);
        assertThat(hottest(one, 10))
                .containsExactly(
                        StoreContract.key("http://a/0.5"),
                        key(1),
                        StoreContract.key("http://a/3"),
                        StoreContract.key("http://a/11"));
    }

    private static String text(CacheKey key) {
        return new String(KeyFormat.encode(key), StandardCharsets.ISO_8859_1);
    }

    @Test
    void strangeMembersArePassedBy() {
        FleetNode one = node();
        redis.ask("ZADD", NAME, "9e9", "rubbish");
        redis.ask("ZADD", NAME, "9e9", text(key(1).personal()));
        use(one, 1);
        report(one);
        assertThat(hottest(one, 10)).containsExactly(key(1));
    }

    @Test
    void aNodeStartsWithWhatTheOthersAreAskedForMost() {
        FleetNode one = node();
        use(one, IntStream.range(0, 300).toArray());
        report(one);
        eventually("reported", () -> size() == 300);
        eventually("written", () -> redis.ask("KEYS", "test:o:*").lines().count() == 300);
        FleetNode fresh = node(); // which is given as soon as it is ready
        assertThat(fresh.fleet.stats().warmedKeys()).isEqualTo(300);
        assertThat(fresh.fleet.stats().warmedBytes()).isPositive();
        for (int i = 0; i < 300; i++) {
            assertThat(fresh.local.near(key(i)).isEmpty()).isFalse();
        }
        assertThat(fresh.fleet.stats().leases()).isEqualTo(new Leases.Stats(0, 0, 0, 0, 0, 0));
    }

    @Test
    void whatWasPurgedMeanwhileIsNotBroughtBack() {
        FleetNode one = node();
        use(one, 1, 2);
        report(one);
        eventually("written", () -> redis.ask("KEYS", "test:o:*").lines().count() == 2);
        answer(one.store.purge(new Purge.Url("a", "/1")).complete());
        FleetNode fresh = node();
        assertThat(fresh.local.near(key(1)).isEmpty()).isTrue();
        assertThat(fresh.local.near(key(2)).isEmpty()).isFalse();
        assertThat(answer(fresh.fleet
                        .leases()
                        .claim(key(1), VaryKey.NONE, fresh.store.fence().shared())))
                .isInstanceOf(Leases.Claim.Ours.class);
    }

    @Test
    void withoutRedisANodeStartsAllTheSame() {
        redis.kill();
        FleetNode alone = FleetNode.absent(FleetNode.single(redis.port()), 1 << 20);
        nodes.add(alone);
        long begin = System.nanoTime();
        answer(alone.fleet.start());
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(6));
        assertThat(alone.fleet.stats().warmedKeys()).isZero();
    }
}
