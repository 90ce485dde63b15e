package io.larder.store.redis;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.store.redis.RedisRig.bytes;
import static io.larder.store.redis.RedisRig.failure;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.store.redis.RedisFailure.Kind;
import io.larder.store.redis.RedisSettings.Login;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of commands when real servers are absent, die, stop, are full, or will not have us. */
class RedisFaultsTest {
    private static final Duration DEADLINE = Duration.ofMillis(100);

    private static final Duration SHORT = Duration.ofMillis(5);

    /** A machine that is busy wakes threads late. */
    private static final Duration LATE = Duration.ofMillis(900);

    @Test
    void absentAtTheStartIsNoTrouble() throws Exception {
        int port = RedisServer.freePort();
        try (RedisRig rig = RedisRig.to(port)) {
            assertThat(failure(rig.link.get("k")).kind()).isEqualTo(Kind.DOWN);
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            rig.link.subscribe("news", message -> heard.add(RedisRig.text(message)));
            assertThat(failure(rig.link.xread("log", "0", 1, SHORT)).kind()).isEqualTo(Kind.DOWN);
            eventually("a report", () -> !rig.reports.isEmpty());
            try (RedisServer server = RedisServer.startAt(port)) {
                rig.awaitUp();
                awaitStreams(rig);
                assertThat(answer(rig.link.get("k"))).isEmpty();
                eventually("a message", () -> {
                    server.ask("PUBLISH", "news", "hello");
                    return heard.contains("hello");
                });
            }
            assertThat(rig.reports)
                    .first()
                    .asString()
                    .startsWith("down: ")
                    .endsWith("Connection refused: /127.0.0.1:" + port);
            assertThat(rig.reports).element(1).isEqualTo("up");
        }
    }

    @Test
    void aWrongPasswordIsSaidOnceAndTriedNowAndThen() throws Exception {
        AtomicInteger logins = new AtomicInteger();
        Login wrong = new Login(null, () -> {
            logins.incrementAndGet();
            return "wrong";
        });
        try (RedisServer server = RedisServer.withPassword("right");
                RedisRig rig = RedisRig.of(RedisRig.single(server.port()), wrong, null)) {
            long begin = System.nanoTime();
            eventually("some logins", () -> logins.get() >= 12);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(500));
            assertThat(rig.reports)
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("down: WRONGPASS")
                    .doesNotContain("right");
            assertThat(failure(rig.link.get("k")).kind()).isEqualTo(Kind.DOWN);

            server.ask("CONFIG", "SET", "requirepass", "wrong");
            rig.awaitUp();
            assertThat(rig.reports).hasSize(2).endsWith("up");
        }
    }

    @Test
    void killedItFailsAtOnceAndPilesNothingUp() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port(), DEADLINE).awaitUp()) {
            eventually("an answer", () -> rig.answersSet("k"));
            awaitStreams(rig);
            List<String> threads = RedisRig.threads();
            List<CompletionStage<?>> asked = new ArrayList<>();
            asked.add(rig.link.xread("log", "0", 1, Duration.ofSeconds(5)));
            asked.add(rig.link.get("k"));
            server.kill();
            for (int i = 0; i < 50_000; i++) {
                asked.add(rig.link.get("k"));
            }
            for (CompletionStage<?> one : asked.subList(2, asked.size())) {
                assertThat(failure(one).kind()).isIn(Kind.DOWN, Kind.TIMEOUT, Kind.BUSY);
            }
            assertThat(failure(asked.get(0)).kind()).isEqualTo(Kind.DOWN);
            eventually("nothing that waits", () -> rig.link.waiting() <= 2); // to dial again
            assertThat(RedisRig.threads()).hasSizeLessThanOrEqualTo(threads.size() + 4);

            server.restartEmpty();
            rig.awaitUp();
            eventually(
                    "an empty server's answer", () -> answer(rig.link.get("k")).isEmpty());
        }
    }

    @Test
    void stoppedItMissesDeadlinesAndIsLeftForANewConnection() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port(), DEADLINE).awaitUp()) {
            eventually("an answer", () -> rig.answersSet("k"));
            server.pause();
            long begin = System.nanoTime();
            assertThat(failure(rig.link.get("k")).kind()).isEqualTo(Kind.TIMEOUT);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(took).isBetween(DEADLINE, DEADLINE.plus(LATE));

            List<CompletionStage<Optional<byte[]>>> many = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                many.add(rig.link.get("k"));
            }
            for (CompletionStage<Optional<byte[]>> one : many) {
                assertThat(failure(one).kind()).isIn(Kind.TIMEOUT, Kind.BUSY, Kind.DOWN);
            }
            eventually(() -> "the end of patience: " + rig.reports, () -> {
                rig.link.get("k");
                return !rig.link.isUp();
            });
            server.resume();
            rig.awaitUp();
            eventually("an answer", () -> answer(rig.link.get("k")).isPresent());
        }
    }

    @Test
    void onlySoManyCommandsWaitForOneThatHasStopped() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port(), Duration.ofMinutes(5)).awaitUp()) {
            server.pause();
            List<CompletionStage<Optional<byte[]>>> many = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                many.add(rig.link.get("k"));
            }
            CompletionStage<Optional<byte[]>> one = many.stream()
                    .filter(asked -> asked.toCompletableFuture().isDone())
                    .findFirst()
                    .orElseThrow();
            assertThat(failure(one).kind()).isEqualTo(Kind.BUSY);
        }
    }

    @Test
    void fullItRefusesWritesAndStillReads() throws Exception {
        try (RedisServer server = RedisServer.start("--maxmemory-policy", "noeviction");
                RedisRig rig = RedisRig.to(server.port()).awaitUp()) {
            answer(rig.link.set("k", bytes("v"), Duration.ofMinutes(1)));
            server.ask("CONFIG", "SET", "maxmemory", "1");
            RedisFailure full = failure(rig.link.set("l", bytes("v"), Duration.ofMinutes(1)));
            assertThat(full.kind()).isEqualTo(Kind.REFUSED);
            assertThat(full.detail()).startsWith("OOM");
            assertThat(answer(rig.link.get("k"))).isPresent();
            server.flushAll();
            assertThat(answer(rig.link.get("k"))).isEmpty();
        }
    }

    /** One that was the primary: a script says so in other words than a command, at least where the server is an old one. */
    @Test
    void aServerThatTakesNoWritesAnyMoreIsLeftForAnother() throws Exception {
        Script write = Script.of("return {redis.call('SET', KEYS[1], 'v')}");
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port()).awaitUp()) {
            server.ask("CONFIG", "SET", "min-replicas-to-write", "1");
            RedisFailure alone = failure(rig.link.eval(write, List.of("k"), List.of()));
            assertThat(alone.kind()).isEqualTo(Kind.DOWN);
            assertThat(alone.detail()).startsWith("NOREPLICAS");
            assertThat(rig.reports).containsExactly("up");

            server.ask("CONFIG", "SET", "min-replicas-to-write", "0");
            server.ask("REPLICAOF", "127.0.0.1", RedisServer.freePort() + "");
            RedisFailure demoted = failure(rig.link.eval(write, List.of("k"), List.of()));
            assertThat(demoted.kind()).isEqualTo(Kind.DOWN);
            assertThat(demoted.detail()).startsWith("READONLY");
            eventually("another connection", () -> rig.reports.size() >= 3);
            assertThat(rig.reports).element(1).asString().startsWith("down: READONLY");
        }
    }

    @Test
    void theBreakerSparesAStoppedServer() throws Exception {
        try (RedisServer server = RedisServer.start();
                RedisRig rig = RedisRig.to(server.port(), DEADLINE).awaitUp()) {
            GuardedRedis redis =
                    new GuardedRedis(rig.link, Breaker.usual(), "probe", System::nanoTime, rig.link::later);
            assertThat(answer(redis.get("k"))).isEmpty();
            server.pause();
            eventually("an open breaker", () -> {
                failure(redis.get("k"));
                return !redis.isAsked();
            });
            long begin = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                assertThat(redis.get("k").toCompletableFuture()).isCompletedExceptionally();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LATE);
            server.resume();
            eventually("a closed breaker", redis::isAsked);
            eventually("an answer", () -> answer(redis.get("k")).isEmpty());
        }
    }

    @Test
    void closingEndsEveryThreadAndFailsWhatIsAsked() throws Exception {
        eventually("threads of other tests to end", () -> RedisRig.threads().isEmpty());
        try (RedisServer server = RedisServer.start()) {
            RedisRig rig = RedisRig.to(server.port()).awaitUp();
            rig.link.subscribe("news", message -> {});
            awaitStreams(rig);
            CompletionStage<?> waiting = rig.link.xread("log", "0", 1, Duration.ofSeconds(60));
            assertThat(answer(rig.link.get("k"))).isEmpty();
            assertThat(RedisRig.threads()).isNotEmpty().hasSizeLessThanOrEqualTo(6);

            rig.close();

            assertThat(failure(waiting).kind()).isEqualTo(Kind.DOWN);
            assertThat(failure(rig.link.get("k")).kind()).isEqualTo(Kind.DOWN);
            eventually(
                    () -> "the end of " + RedisRig.threads(),
                    () -> RedisRig.threads().isEmpty());
            assertThat(rig.reports).containsExactly("up");
        }
    }

    private static void awaitStreams(RedisRig rig) {
        eventually(
                "a connection for streams",
                () -> answer(rig.link.xread("log", "0", 1, Duration.ofMillis(5)))
                        .isEmpty());
    }
}
