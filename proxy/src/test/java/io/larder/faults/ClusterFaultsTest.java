package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisCluster;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three primaries, of which one has the log of purges, and of which one fails. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ClusterFaultsTest {
    private static final int SLOTS = 16_384;

    private static RedisCluster redis;
    private static Fleet fleet;

    @RegisterExtension
    static final Testimony TESTIMONY = new Testimony();

    private final History history = new History();

    @BeforeAll
    static void start() throws IOException {
        redis = new RedisCluster();
        String uris = redis.nodes().stream()
                .map(node -> "\"redis://127.0.0.1:" + node.port() + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
        fleet = TESTIMONY.of(Fleet.start(node -> uris));
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            fleet.close();
        } finally {
            redis.close();
        }
    }

    @BeforeEach
    void inStep() {
        fleet.awaitInStep();
    }

    /** Which of them has the log. */
    private static int withLog() {
        int slot = Integer.parseInt(redis.nodes().get(0).ask("CLUSTER", "KEYSLOT", Fleet.NAMESPACE));
        return IntStream.range(0, 3)
                .filter(i -> slot < (i + 1) * SLOTS / 3)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void pagesAreSharedAndPurgedOverAllOfThem() throws Exception {
        List<String> paths =
                IntStream.range(0, 30).mapToObj(n -> "/new/cluster-" + n).toList();
        for (String path : paths) {
            assertThat(fleet.get("a", path).isGood()).isTrue();
        }
        for (String path : paths) {
            eventually("a shared page", () -> {
                int before = fleet.origin().requests(path);
                return fleet.get("b", path).isHit() && fleet.origin().requests(path) == before;
            });
        }
        for (RedisServer node : redis.nodes()) {
            assertThat(Integer.parseInt(node.ask("DBSIZE"))).isPositive();
        }
        try (Traffic traffic = new Traffic(fleet, history, 14)) {
            Traffic.pass(Duration.ofSeconds(3));
            traffic.stopPublishing();
        }
        history.verify();
        assertThat(history.complete()).isGreaterThan(history.purges().size() / 2L);
    }

    @Test
    void thePrimaryWithTheLogIsKilled() throws Exception {
        RedisServer primary = redis.nodes().get(withLog());
        Outage.of("primary with the log killed", fleet)
                .cutOff(primary::kill, Duration.ofMillis(3500), primary::restartEmpty);
    }

    @Test
    void anotherPrimaryIsKilled() throws Exception {
        RedisServer primary = redis.nodes().get((withLog() + 1) % 3);
        RedisServer withLog = redis.nodes().get(withLog());
        Outage.of("another primary killed", fleet)
                .cutOff(
                        () -> {
                            primary.kill();
                            // without all slots, a cluster takes nothing
                            eventually(
                                    "a cluster that says so",
                                    () -> withLog.ask("CLUSTER", "INFO").contains("cluster_state:fail"));
                        },
                        Duration.ofMillis(3500),
                        primary::restartEmpty);
    }
}
