package io.larder.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever Redis suffers while three nodes are at work. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class RedisOutageTest {
    private static final Duration BEYOND_TRUST = Fleet.MAX_LAG.plusMillis(1500);

    private static RedisServer redis;
    private static Relays relays;
    private static Fleet fleet;

    @RegisterExtension
    static final Testimony TESTIMONY = new Testimony();

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start("--maxmemory-policy", "noeviction");
        relays = new Relays(redis.port());
        fleet = TESTIMONY.of(Fleet.start(relays::uri));
        try (Traffic traffic = new Traffic(fleet, new History(), 1)) {
            Traffic.pass(Duration.ofSeconds(2)); // so that what is measured later is not how classes are loaded
            traffic.stopPublishing();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            fleet.close();
        } finally {
            relays.close();
            redis.close();
        }
    }

    @BeforeEach
    void inStep() {
        fleet.awaitInStep();
    }

    @Test
    void killedAndStartedAgainEmpty() throws Exception {
        Outage.measured("Redis killed", fleet).cutOff(redis::kill, BEYOND_TRUST, redis::restartEmpty);
    }

    @Test
    void stoppedAndWoken() throws Exception {
        Outage.measured("Redis stopped", fleet).cutOff(redis::pause, BEYOND_TRUST.plusMillis(1500), redis::resume);
    }

    /** Values are refused; purges are not. */
    @Test
    void full() throws Exception {
        History history = Outage.measured("Redis full", fleet)
                .pass(
                        () -> redis.ask("CONFIG", "SET", "maxmemory", "1"),
                        BEYOND_TRUST,
                        () -> redis.ask("CONFIG", "SET", "maxmemory", "0"));
        assertThat(history.complete()).isGreaterThan(history.purges().size() / 2);
    }

    @Test
    void slow() throws Exception {
        History history = Outage.measured("Redis slow by 200 ms", fleet)
                .pass(() -> relays.delayAnswers(Duration.ofMillis(200)), BEYOND_TRUST, relays::heal);
        assertThat(history.complete()).isGreaterThan(history.purges().size() / 2);
    }

    @Test
    void emptied() throws Exception {
        Outage.of("FLUSHALL", fleet).pass(redis::flushAll, Duration.ofSeconds(2), redis::flushAll);
    }

    @Test
    void startedAnewInNoTime() throws Exception {
        Outage.of("Redis started anew", fleet).pass(redis::restartEmpty, Duration.ofSeconds(2), redis::restartEmpty);
    }
}
