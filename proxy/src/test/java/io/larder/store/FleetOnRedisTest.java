package io.larder.store;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.larder.coherence.AsOf;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Purge;
import io.larder.coherence.Quorum;
import io.larder.store.redis.RedisFailure;
import io.larder.store.redis.RedisLink;
import io.larder.store.redis.RedisSettings;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who lives and how far he has read, by what a real Redis says. */
class FleetOnRedisTest {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private RedisServer server;
    private RedisLink link;

    @BeforeEach
    void open() {
        System.setProperty("io.lettuce.core.iouring", "false"); // with two native transports Lettuce warns each time
        server = RedisServer.start();
        RedisSettings settings = new RedisSettings(
                new RedisSettings.Servers.Single(new RedisSettings.Address("127.0.0.1", server.port()), 0),
                null,
                null,
                Duration.ofSeconds(2));
        link = new RedisLink(settings, System::nanoTime, () -> 0.5, new RedisLink.Reports() {
            @Override
            public void up() {}

            @Override
            public void down(RedisFailure why) {}
        });
        eventually("a connection", link::isUp);
    }

    @AfterEach
    void close() {
        link.close();
        server.close();
    }

    private RedisPurgeLog log(Duration lease) {
        return new RedisPurgeLog(link, new RedisPurgeLog.Settings("test", lease, Duration.ofHours(1)), () -> 0xabc);
    }

    private static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static AsOf append(PurgeLog log, long epoch) throws Exception {
        LogEntry entry = new LogEntry(0, "a", 1, Set.of(new Purge.All()), Purge.Mode.HARD);
        return answer(log.append(epoch, entry)).orElseThrow();
    }

    @Test
    void beforeAnybodyJoinsThereIsNoLog() throws Exception {
        assertThat(answer(log(LEASE).fleet())).isEmpty();
    }

    @Test
    void eachNodeIsSeenWhereItStands() throws Exception {
        RedisPurgeLog log = log(LEASE);
        LogState begun = answer(log.join(0));
        answer(log.sync("b", new AsOf(begun.epoch(), begun.floor())));
        append(log, begun.epoch());
        AsOf second = append(log, begun.epoch());
        AsOf last = append(log, begun.epoch());
        answer(log.sync("a", second));

        FleetView fleet = answer(log.fleet()).orElseThrow();

        assertThat(fleet.epoch()).isEqualTo("abd");
        assertThat(fleet.floor()).isEqualTo("0-0");
        assertThat(fleet.last()).isEqualTo(LogPosition.id(last.position()));
        assertThat(fleet.unsettled()).isPositive().isLessThanOrEqualTo(LEASE.plusMillis(1));
        assertThat(fleet.nodes())
                .extracting(FleetView.Node::name, FleetView.Node::cursor, FleetView.Node::behind)
                .containsExactly(tuple("a", LogPosition.id(second.position()), 1L), tuple("b", "0-0", 3L));
        assertThat(fleet.nodes()).allSatisfy(node -> {
            assertThat(node.lag()).isLessThan(Duration.ofSeconds(10));
            assertThat(node.lag().plus(node.lease())).isEqualTo(LEASE);
        });
    }

    @Test
    void noMoreThanAHundredAreCounted() throws Exception {
        RedisPurgeLog log = log(LEASE);
        LogState begun = answer(log.join(0));
        answer(log.sync("slow", new AsOf(begun.epoch(), begun.floor())));
        for (int i = 0; i < 120; i++) {
            append(log, begun.epoch());
        }
        assertThat(answer(log.fleet()).orElseThrow().nodes())
                .singleElement()
                .satisfies(node -> assertThat(node.behind()).isEqualTo(FleetView.MOST_BEHIND));
    }

    @Test
    void whoIsNotHeardOfIsForgottenWithItsLeaseAndALogSettlesMeanwhile() throws Exception {
        RedisPurgeLog log = log(Duration.ofMillis(500));
        LogState begun = answer(log.join(0));
        answer(log.sync("a", new AsOf(begun.epoch(), begun.floor())));
        Quorum first = answer(log.quorum());
        assertThat(first.isSettled()).isFalse();
        assertThat(first.unsettled()).isLessThanOrEqualTo(Duration.ofMillis(501));
        eventually(
                "nobody lives", () -> answer(log.fleet()).orElseThrow().nodes().isEmpty());
        eventually("the log is settled", () -> answer(log.quorum()).isSettled());
        assertThat(answer(log.quorum()).cursors()).isEmpty();
        assertThat(answer(log.fleet()).orElseThrow().unsettled()).isZero();
    }

    @Test
    void whoLeavesIsNotWaitedForAndThoseWhoWaitHearOfIt() throws Exception {
        RedisPurgeLog log = log(LEASE);
        LogState begun = answer(log.join(0));
        answer(log.sync("a", new AsOf(begun.epoch(), begun.floor())));
        answer(log.sync("b", new AsOf(begun.epoch(), begun.floor())));
        AtomicInteger confirmed = new AtomicInteger();
        log.listen(() -> {}, confirmed::incrementAndGet);
        eventually("it listens", () -> {
            answer(log.sync("a", append(log, begun.epoch()))); // reads on
            return confirmed.get() > 0;
        });
        int before = confirmed.get();
        answer(log.leave("b"));
        assertThat(answer(log.quorum()).cursors()).containsOnlyKeys("a");
        eventually("it is heard of", () -> confirmed.get() > before);
        answer(log.leave("b"));
        assertThat(answer(log.quorum()).cursors()).containsOnlyKeys("a");
    }

    @Test
    void aFullServerStillTells() throws Exception {
        RedisPurgeLog log = log(LEASE);
        LogState begun = answer(log.join(0));
        answer(log.sync("a", new AsOf(begun.epoch(), begun.floor())));
        server.ask("CONFIG", "SET", "maxmemory", "1");
        assertThat(answer(log.fleet()).orElseThrow().nodes()).hasSize(1);
    }
}
