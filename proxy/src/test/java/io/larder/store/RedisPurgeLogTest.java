package io.larder.store;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.store.redis.RedisRig.bytes;
import static io.larder.store.redis.RedisRig.failure;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.AsOf;
import io.larder.coherence.Follower;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Purge;
import io.larder.coherence.Quorum;
import io.larder.store.redis.RedisFailure;
import io.larder.store.redis.RedisRig;
import io.larder.store.redis.RedisSettings.Login;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.testing.RedisCluster;
import io.larder.testing.RedisSentinels;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log of purges promises, on real servers. */
class RedisPurgeLogTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Random random = new Random(5);
    private final RedisServer server = RedisServer.start();
    private final RedisRig rig = RedisRig.to(server.port());
    private final RedisPurgeLog log = log(HOUR, WEEK);

    @BeforeEach
    void connect() {
        rig.awaitUp();
    }

    @AfterEach
    void close() {
        rig.close();
        server.close();
    }

    private RedisPurgeLog log(Duration lease, Duration remembered) {
        return log(rig, new RedisPurgeLog.Settings("t", lease, remembered));
    }

    private RedisPurgeLog log(RedisRig redis, RedisPurgeLog.Settings settings) {
        return new RedisPurgeLog(redis.link, settings, random::nextLong);
    }

    private static LogEntry entry(String node, long ticket) {
        return new LogEntry(0, node, ticket, Set.of(new Purge.Url("a", "/" + ticket)), Purge.Mode.HARD);
    }

    private static AsOf appended(PurgeLog log, long epoch, long ticket) throws Exception {
        return answer(log.append(epoch, entry("a", ticket))).orElseThrow();
    }

    private static Follower.Answer.Entries entries(PurgeLog log, String node, AsOf cursor) throws Exception {
        return (Follower.Answer.Entries) answer(log.sync(node, cursor));
    }

    private static boolean isStrange(PurgeLog log, AsOf cursor) throws Exception {
        return answer(log.sync("a", cursor)) instanceof Follower.Answer.Strange;
    }

    private static AsOf cursor(LogState state) {
        return new AsOf(state.epoch(), state.floor());
    }

    /** Follows a log by the real rules. */
    private static final class Reader implements Follower.Node {
        final List<LogEntry> learned = new ArrayList<>();
        final Follower follower = new Follower(this);
        int joins;

        @Override
        public void joins(LogState state) {
            joins++;
        }

        @Override
        public void learns(LogEntry entry) {
            learned.add(entry);
        }

        /** Asks on until there is no more. */
        Reader read(PurgeLog log, String node) throws Exception {
            boolean more = true;
            while (more) {
                switch (follower.next()) {
                    case Follower.Question.Join(long distrusted) -> follower.joined(answer(log.join(distrusted)));
                    case Follower.Question.Sync(AsOf cursor) ->
                        more = follower.synced(answer(log.sync(node, cursor)), 1);
                }
            }
            return this;
        }

        List<Long> tickets() {
            return learned.stream().map(LogEntry::ticket).toList();
        }
    }

    @Test
    void whatOneNodeAppendsTheOtherReads() throws Exception {
        LogState state = answer(log.join(0));
        assertThat(answer(log.join(0))).as("the same for whoever comes").isEqualTo(state);
        assertThat(state.floor()).isZero();
        assertThat(entries(log, "b", cursor(state)).entries()).isEmpty();

        AsOf first = appended(log, state.epoch(), 1);
        AsOf second = appended(log, state.epoch(), 2);
        assertThat(second.position()).isGreaterThan(first.position());
        Follower.Answer.Entries read = entries(log, "b", cursor(state));
        LogEntry given = entry("a", 1);
        assertThat(read.log()).isEqualTo(new LogState(state.epoch(), 0, second.position()));
        assertThat(read.entries())
                .first()
                .isEqualTo(new LogEntry(first.position(), "a", 1, given.purges(), given.mode()));
        assertThat(entries(log, "b", first).entries())
                .extracting(LogEntry::position)
                .containsExactly(second.position());
        assertThat(entries(log, "b", second).entries()).isEmpty();
    }

    @Test
    void anEntryForAnotherLogIsNotAppended() throws Exception {
        LogState state = answer(log.join(0));
        assertThat(answer(log.append(state.epoch() + 2, entry("a", 1)))).isEmpty();
        assertThat(isStrange(log, new AsOf(state.epoch() + 2, 0))).isTrue();
        assertThat(entries(log, "a", cursor(state)).entries()).isEmpty();
    }

    @Test
    void aDistrustedLogIsLeftForAnother() throws Exception {
        LogState state = answer(log.join(0));
        appended(log, state.epoch(), 1);
        LogState next = answer(log.join(state.epoch()));
        assertThat(next.epoch()).isNotEqualTo(state.epoch());
        assertThat(next.last()).isZero();
        assertThat(answer(log.join(state.epoch())))
                .as("whoever else distrusts the old one")
                .isEqualTo(next);
    }

    @Test
    void aPurgeIsCompleteWhenAllThatLiveHaveReadIt() throws Exception {
        LogState state = answer(log.join(0));
        AsOf start = cursor(state);
        answer(log.sync("a", start));
        answer(log.sync("b", start));
        AsOf purge = appended(log, state.epoch(), 1);
        PurgeLog settled = log(MOMENT, WEEK);
        eventually("a settled log", () -> answer(settled.quorum()).isSettled());
        assertThat(answer(settled.quorum()).missing(purge.position())).containsExactly("a", "b");
        answer(log.sync("a", purge));
        assertThat(answer(settled.quorum()).missing(purge.position())).containsExactly("b");
        answer(log.sync("b", purge));
        assertThat(answer(settled.quorum()).isComplete(purge)).isTrue();
        assertThat(answer(settled.quorum()).isComplete(new AsOf(state.epoch() + 2, 1)))
                .isFalse();
    }

    @Test
    void nothingIsSettledBeforeWhoeverReadTheLogBeforeHasStoppedToTrustIt() throws Exception {
        LogState state = answer(log.join(0));
        Quorum young = answer(log.quorum());
        assertThat(young.epoch()).isEqualTo(state.epoch());
        assertThat(young.isSettled()).isFalse();
        eventually(
                "a log older than a moment",
                () -> answer(log(MOMENT, WEEK).quorum()).isSettled());
    }

    @Test
    void whereThereIsNoLogNothingIsComplete() throws Exception {
        assertThat(answer(log.quorum()).isSettled()).isFalse();
        assertThat(answer(log.quorum()).isComplete(AsOf.NOTHING)).isFalse();
    }

    @Test
    void whoHasNotBeenHeardOfForItsLeaseDoesNotCount() throws Exception {
        AsOf start = cursor(answer(log.join(0)));
        answer(log.sync("alive", start));
        answer(log(MOMENT, WEEK).sync("dead", start));
        eventually(
                "the end of a lease",
                () -> answer(log.quorum()).cursors().keySet().equals(Set.of("alive")));
        answer(log.sync("dead", start));
        assertThat(answer(log.quorum()).cursors()).as("it was not dead").containsOnlyKeys("alive", "dead");
    }

    @Test
    void whatIsTooOldIsForgottenAndNothingElse() throws Exception {
        AsOf start = cursor(answer(log.join(0)));
        PurgeLog forgetful = log(HOUR, MOMENT);
        List<Long> positions = new ArrayList<>(List.of(0L));
        LogState[] now = new LogState[1];
        eventually("a floor", () -> {
            positions.add(appended(forgetful, start.epoch(), positions.size()).position());
            now[0] = entries(log, "a", start).log();
            return now[0].floor() > 0;
        });
        int floor = positions.indexOf(now[0].floor());
        assertThat(floor).isPositive();
        List<Long> left = positions.subList(floor + 1, positions.size());
        assertThat(left).isNotEmpty();
        assertThat(entries(log, "a", start).entries())
                .extracting(LogEntry::position)
                .isEqualTo(left);
        Reader behind = new Reader();
        behind.follower.joined(new LogState(start.epoch(), 0, positions.get(1)));
        behind.read(log, "behind");
        assertThat(behind.joins).as("what it has not read is forgotten").isEqualTo(2);
        assertThat(behind.learned).hasSameSizeAs(left);
    }

    /** A site that purges once a day, and keeps nothing for longer than an hour, loses no trust each day. */
    @Test
    void whoHasReadAllThatIsForgottenReadsOn() throws Exception {
        LogState state = answer(log.join(0));
        appended(log, state.epoch(), 1);
        Reader reader = new Reader().read(log, "reader");
        PurgeLog forgetful = log(HOUR, MOMENT);
        eventually("a floor", () -> {
            appended(forgetful, state.epoch(), 2);
            reader.read(log, "reader");
            return entries(log, "a", cursor(state)).log().floor() > 0;
        });
        assertThat(reader.joins).isEqualTo(1);
    }

    @Test
    void whatIsTooMuchIsForgotten() throws Exception {
        AsOf start = cursor(answer(log.join(0)));
        PurgeLog small = log(rig, new RedisPurgeLog.Settings("t", HOUR, WEEK, 10));
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            positions.add(appended(small, start.epoch(), i).position());
        }
        Follower.Answer.Entries read = entries(log, "a", start);
        assertThat(read.log()).isEqualTo(new LogState(start.epoch(), positions.get(1), positions.get(11)));
        assertThat(read.entries()).hasSize(10);
    }

    @Test
    void noMemoryIsTooLong() throws Exception {
        PurgeLog eternal = log(HOUR, Duration.ofDays(365L * 1_000));
        LogState state = answer(eternal.join(0));
        appended(eternal, state.epoch(), 1);
        assertThat(new Reader().read(eternal, "a").tickets()).containsExactly(1L);
    }

    /** What can happen to the two keys of a log: to a server that makes room, by an operator, by another program. */
    @ParameterizedTest
    @CsvSource({
        "FLUSHALL",
        "DEL {t}:purges",
        "DEL {t}:log",
        "XTRIM {t}:log MAXLEN 0",
        "XADD {t}:log * p x",
        "HDEL {t}:purges last",
        "HSET {t}:purges server 00",
    })
    void aLogThatIsNotAllThereIsLeftForAnother(String command) throws Exception {
        LogState state = answer(log.join(0));
        appended(log, state.epoch(), 1);
        AsOf last = appended(log, state.epoch(), 2);
        assertThat(isStrange(log, last)).isFalse();
        assertThat(server.ask(command.split(" "))).doesNotStartWith("-");

        assertThat(answer(log.append(state.epoch(), entry("a", 3)))).isEmpty();
        assertThat(isStrange(log, last)).isTrue();
        assertThat(isStrange(log, cursor(state))).isTrue();
        assertThat(answer(log.quorum()).isComplete(last)).isFalse();
        LogState next = answer(log.join(0));
        assertThat(next.epoch()).isNotEqualTo(state.epoch());
        appended(log, next.epoch(), 4);
        assertThat(new Reader().read(log, "b").tickets()).containsExactly(4L);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aServerThatWasStartedAnewBeginsAnotherLog(boolean empty) throws Exception {
        LogState state = answer(log.join(0));
        AsOf last = appended(log, state.epoch(), 1);
        if (empty) {
            server.restartEmpty();
        } else {
            server.restartWithAll();
            assertThat(server.ask("XLEN", "{t}:log")).isEqualTo("1");
        }
        eventually("a connection", () -> isStrange(log, last));
        assertThat(answer(log.append(state.epoch(), entry("a", 2)))).isEmpty();
        assertThat(answer(log.join(0)).epoch()).isNotEqualTo(state.epoch());
    }

    @Test
    void whatCannotBeReadPutsAllInDoubt() throws Exception {
        AsOf start = cursor(answer(log.join(0)));
        List<byte[]> arguments = List.of(
                bytes(Long.toHexString(start.epoch())),
                bytes("written by a later version"),
                bytes("100000"),
                bytes("1000"),
                bytes("100000"),
                bytes("t"));
        answer(rig.link.eval(LogScripts.APPEND, List.of("{t}:purges", "{t}:log"), arguments));
        AsOf next = appended(log, start.epoch(), 7);
        List<LogEntry> read = entries(log, "a", start).entries();
        assertThat(read).hasSize(2);
        assertThat(read.get(0).purges()).containsExactly(new Purge.All());
        assertThat(read.get(0).mode()).isEqualTo(Purge.Mode.DOUBT);
        assertThat(read.get(0).node()).isEmpty();
        assertThat(read.get(1).position()).isEqualTo(next.position());
    }

    @Test
    void aLongLogIsReadInPages() throws Exception {
        LogState state = answer(log.join(0));
        for (int i = 0; i < 450; i++) {
            appended(log, state.epoch(), i);
        }
        Follower.Answer.Entries page = entries(log, "a", cursor(state));
        assertThat(page.entries()).hasSize(200);
        assertThat(page.log().last()).isGreaterThan(page.entries().get(199).position());
        assertThat(new Reader().read(log, "b").tickets())
                .isEqualTo(IntStream.range(0, 450).mapToObj(i -> (long) i).toList());
    }

    /** Values fill a server. Purges go on: the guarantee does not end where there is no more room. */
    @Test
    void aFullServerStillTakesPurges() throws Exception {
        server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
        server.ask("CONFIG", "SET", "maxmemory", "1");
        assertThat(failure(rig.link.set("k", bytes("v"), HOUR)).detail()).startsWith("OOM");
        LogState state = answer(log.join(0));
        appended(log, state.epoch(), 1);
        assertThat(new Reader().read(log, "b").tickets()).containsExactly(1L);
        assertThat(answer(log.quorum()).cursors()).containsOnlyKeys("b");
    }

    @Test
    void aServerThatTakesNoWritesFailsEverything() throws Exception {
        LogState state = answer(log.join(0));
        server.ask("CONFIG", "SET", "min-replicas-to-write", "1"); // it may have been cut off from those that follow it
        for (CompletionStage<?> one :
                List.of(log.join(0), log.sync("a", cursor(state)), log.append(state.epoch(), entry("a", 1)))) {
            RedisFailure failure = failure(one);
            assertThat(failure.kind()).isEqualTo(RedisFailure.Kind.DOWN);
            assertThat(failure.detail()).contains("NOREPLICAS");
        }
        server.ask("CONFIG", "SET", "min-replicas-to-write", "0");
        assertThat(entries(log, "a", cursor(state)).entries()).isEmpty();
    }

    @Test
    void everyKeyDiesByItself() throws Exception {
        LogState state = answer(log.join(0));
        assertThat(lives()).hasSize(1).allMatch(life -> life > WEEK.toMillis());
        appended(log, state.epoch(), 1);
        answer(log.sync("a", cursor(state)));
        assertThat(lives()).hasSize(2).allMatch(life -> life > WEEK.toMillis());
    }

    private List<Long> lives() {
        return server.ask("KEYS", "*")
                .lines()
                .map(key -> Long.parseLong(server.ask("PTTL", key)))
                .toList();
    }

    /** A node that starts reads days of purges, and each answer has to come in time, however large they were. */
    @Test
    void noAnswerIsMuchLargerThanTheEntryThatItEndsWith() throws Exception {
        LogState state = answer(log.join(0));
        Set<Purge> many = IntStream.range(0, 5_000)
                .mapToObj(i -> new Purge.Url("shop.example", "/products/" + i))
                .collect(Collectors.toSet());
        for (long ticket = 1; ticket <= 9; ticket++) {
            answer(log.append(state.epoch(), new LogEntry(0, "a", ticket, many, Purge.Mode.HARD)));
        }
        AsOf cursor = new AsOf(state.epoch(), state.floor());
        List<Long> tickets = new ArrayList<>();
        for (var found = entries(log, "b", cursor); !found.entries().isEmpty(); found = entries(log, "b", cursor)) {
            assertThat(found.entries()).hasSizeBetween(1, 3);
            found.entries().forEach(entry -> tickets.add(entry.ticket()));
            cursor = new AsOf(state.epoch(), found.entries().getLast().position());
        }
        assertThat(tickets).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    @Test
    void whoListensHears() throws Exception {
        AtomicInteger appended = new AtomicInteger();
        AtomicInteger confirmed = new AtomicInteger();
        log.listen(appended::incrementAndGet, confirmed::incrementAndGet);
        LogState state = answer(log.join(0));
        eventually("a word of both", () -> {
            AsOf last = appended(log, state.epoch(), 1);
            answer(log.sync("a", last));
            return appended.get() > 0 && confirmed.get() > 0;
        });
        AsOf last = appended(log, state.epoch(), 2);
        answer(log.sync("a", last));
        awaitWords();
        int before = confirmed.get();
        for (int i = 0; i < 100; i++) {
            answer(log.sync("a", last));
        }
        awaitWords();
        assertThat(confirmed.get()).as("of one who has read nothing more").isEqualTo(before);
    }

    /** Waits for all words up to now: they come in their order. */
    private void awaitWords() {
        String channel = "now-" + random.nextInt();
        AtomicInteger heard = new AtomicInteger();
        rig.link.subscribe(channel, word -> heard.incrementAndGet());
        eventually("a word", () -> {
            answer(rig.link.publish(channel, bytes("now")));
            return heard.get() > 0;
        });
    }

    @Test
    void aUserNeedsNoMoreThanThis() throws Exception {
        String rights =
                "on >right resetchannels ~{t}:* &{t}:* +@read +@write +@scripting +subscribe +publish +info +time";
        List<String> words = new ArrayList<>(List.of("ACL", "SETUSER", "larder"));
        words.addAll(List.of(rights.split(" ")));
        assertThat(server.ask(words.toArray(String[]::new))).isEqualTo("OK");
        try (RedisRig user = RedisRig.of(RedisRig.single(server.port()), new Login("larder", () -> "right"), null)
                .awaitUp()) {
            RedisPurgeLog own = log(user, new RedisPurgeLog.Settings("t", HOUR, WEEK));
            AtomicInteger heard = new AtomicInteger();
            own.listen(heard::incrementAndGet, heard::incrementAndGet);
            LogState state = answer(own.join(0));
            eventually("a word", () -> {
                appended(own, state.epoch(), 1);
                return heard.get() > 0;
            });
            assertThat(new Reader().read(own, "b").tickets()).contains(1L);
            assertThat(answer(own.quorum()).cursors()).containsOnlyKeys("b");
        }
    }

    @Test
    void aFailoverThatLosesTheLastPurgesBeginsAnotherLog() throws Exception {
        try (RedisSentinels sentinels = new RedisSentinels()) {
            Servers servers = new Servers.Watched(RedisRig.addresses(sentinels.ports()), "primary", 0);
            try (RedisRig watched = RedisRig.of(servers, null, null).awaitUp()) {
                RedisPurgeLog own = log(watched, new RedisPurgeLog.Settings("t", HOUR, WEEK));
                LogState state = answer(own.join(0));
                appended(own, state.epoch(), 1);
                RedisServer replica = sentinels.replica();
                eventually("a copy", () -> replica.ask("XLEN", "{t}:log").equals("1"));
                sentinels.cutOffReplica();
                AsOf lost = appended(own, state.epoch(), 2);
                assertThat(new Reader().read(own, "b").tickets()).containsExactly(1L, 2L);

                sentinels.primary().kill();
                eventually("another primary", () -> isStrange(own, lost));
                assertThat(replica.ask("XLEN", "{t}:log")).isEqualTo("1");
                LogState next = answer(own.join(0));
                assertThat(next.epoch()).isNotEqualTo(state.epoch());
                appended(own, next.epoch(), 3);
                assertThat(new Reader().read(own, "b").tickets()).containsExactly(3L);
            }
        }
    }

    @Test
    void inAClusterItLivesInOneSlot() throws Exception {
        try (RedisCluster cluster = new RedisCluster()) {
            List<Integer> ports =
                    cluster.nodes().stream().map(RedisServer::port).toList();
            try (RedisRig many = RedisRig.of(new Servers.Cluster(RedisRig.addresses(ports)), null, null)
                    .awaitUp()) {
                RedisPurgeLog own = log(many, new RedisPurgeLog.Settings("t", HOUR, WEEK));
                AtomicInteger heard = new AtomicInteger();
                own.listen(heard::incrementAndGet, () -> {});
                LogState state = answer(own.join(0));
                eventually("a word", () -> {
                    appended(own, state.epoch(), 1);
                    return heard.get() > 0;
                });
                Reader reader = new Reader().read(own, "b");
                assertThat(reader.tickets()).contains(1L);
                assertThat(answer(own.quorum()).cursors()).containsOnlyKeys("b");
                assertThat(cluster.nodes())
                        .filteredOn(node -> !node.ask("DBSIZE").equals("0"))
                        .hasSize(1);
            }
        }
    }
}
