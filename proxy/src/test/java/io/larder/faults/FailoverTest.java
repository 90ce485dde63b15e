package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sentinels make a replica the primary that has not heard of the last purges: nobody serves what they covered. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class FailoverTest {
    @RegisterExtension
    final Testimony testimony = new Testimony();

    private final History history = new History();

    @Test
    void losesTheLastPurges() throws Exception {
        try (RedisSentinels redis = new RedisSentinels();
                Fleet fleet = testimony.of(Fleet.start(node -> uri(redis)))) {
            fleet.awaitInStep();
            try (Traffic traffic = new Traffic(fleet, history, 8)) {
                Traffic.pass(Duration.ofSeconds(2));
                failOver(redis, fleet, traffic);
                Traffic.pass(Duration.ofMillis(500));
            }
        }
        history.verify();
        assertThat(history.complete()).isPositive();
    }

    private static String uri(RedisSentinels redis) {
        return redis.ports().stream()
                .map(port -> "127.0.0.1:" + port)
                .collect(Collectors.joining(",", "\"redis-sentinel://", "/0#primary\""));
    }

    private void failOver(RedisSentinels redis, Fleet fleet, Traffic traffic) throws Exception {
        RedisServer primary = redis.primary();
        RedisServer replica = redis.replica();
        replica.pause();
        PurgeAnswer lost = fleet.renew("a", "/p/1", "5s");
        assertThat(lost.isComplete()).as(lost::toString).isTrue();
        history.add(new History.Purged(Set.of("/p/1"), fleet.origin().version("/p/1"), "a", lost, false));
        Traffic.pass(Duration.ofMillis(300));
        primary.kill();
        history.cutOff(Fleet.NODES);
        long killed = System.nanoTime();
        replica.resume();
        eventually("another primary", () -> redis.primary().port() == replica.port());
        history.reached(Fleet.NODES);
        traffic.stopPublishing();
        fleet.awaitInStep();
        System.out.printf(
                "faults: %d ms from the death of the primary to purges that are complete again%n",
                Duration.ofNanos(System.nanoTime() - killed).toMillis());
        fleet.awaitTold();
        traffic.goOnPublishing();
    }
}
