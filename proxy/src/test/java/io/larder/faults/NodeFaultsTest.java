package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever one of three nodes suffers, or its way to Redis, while pages are purged. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class NodeFaultsTest {
    private static final Duration LEASE_OVER = Fleet.MAX_LAG.plusMillis(800);
    private static final String LONG = "5s";

    private static RedisServer redis;
    private static Relays relays;
    private static Fleet fleet;

    @RegisterExtension
    static final Testimony TESTIMONY = new Testimony();

    private final History history = new History();

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start();
        relays = new Relays(redis.port());
        fleet = TESTIMONY.of(Fleet.start(relays::uri));
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

    @AfterEach
    void heal() {
        relays.heal();
        fleet.origin().slowness(Duration.ofMillis(300));
    }

    private static Traffic traffic(History history, String what) {
        return new Traffic(fleet, history, what.hashCode());
    }

    /** Every purge on the others is complete without it, once nobody has to wait for it any more. */
    private static void completeWithoutIt(String page) throws IOException {
        PurgeAnswer early = fleet.renew("a", page, "300ms");
        if (early.tookMillis()
                < Fleet.MAX_LAG.toMillis()) { // else the machine has kept it for longer than the lease lasts
            assertThat(early.status()).as(early::toString).isEqualTo(202);
            assertThat(early.missing()).containsExactly("c");
        }
        PurgeAnswer late = fleet.renew("b", page, LONG);
        assertThat(late.isComplete()).as(late::toString).isTrue();
        System.out.printf("faults: a purge without an answer from c is complete after %.0f ms%n", late.tookMillis());
    }

    @Test
    void whoSleepsThroughAPurgeServesNothingOldWhenItWakes() throws Exception {
        String page = "/p/3";
        String slow = "/slow/1";
        assertThat(fleet.renew("a", slow, LONG).isComplete()).isTrue();
        eventually("a hit", () -> fleet.get("c", page).isHit());
        fleet.origin().slowness(Duration.ofSeconds(6));
        int asked = fleet.origin().requests(slow);
        CompletableFuture<Seen> before = asking("c", slow); // its answer is under way when the purge comes
        eventually("a slow answer", () -> fleet.origin().requests(slow) > asked);
        try (RawClient idle = new RawClient(fleet.web("c"))) {
            assertThat(Fleet.get(idle, "c", page).isGood()).isTrue();
            fleet.node("c").pause();
            try {
                fleet.origin().raise(List.of(slow));
                completeWithoutIt(page);
                PurgeAnswer alsoSlow = fleet.renew("b", slow, LONG);
                assertThat(alsoSlow.isComplete()).as(alsoSlow::toString).isTrue();
                fleet.origin().slowness(Duration.ofMillis(300));
                long start = System.nanoTime();
                idle.send("GET " + page + " HTTP/1.1\r\nHost: " + Page.HOST + "\r\n\r\n");
                CompletableFuture<Seen> newcomer = asking("c", page);
                CompletableFuture<Seen> follower = asking("c", slow);
                Traffic.pass(Duration.ofMillis(100)); // until all of it waits for the node to wake
                fleet.node("c").resume();
                isCurrent(Fleet.seen(idle, "c", page, start));
                isCurrent(newcomer.get(10, TimeUnit.SECONDS));
                isCurrent(follower.get(10, TimeUnit.SECONDS));
                assertThat(before.get(10, TimeUnit.SECONDS).isGood()).isTrue();
            } finally {
                fleet.node("c").resume();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoIsCutOffFollowsNoFetchOfBeforeAPurge(boolean reachedAgain) throws Exception {
        String slow = "/slow/2";
        assertThat(fleet.renew("a", slow, LONG).isComplete()).isTrue();
        relays.of("c").freeze();
        Traffic.pass(LEASE_OVER);
        fleet.origin().slowness(Duration.ofSeconds(3));
        int asked = fleet.origin().requests(slow);
        CompletableFuture<Seen> before = asking("c", slow);
        eventually("a slow answer", () -> fleet.origin().requests(slow) > asked);
        PurgeAnswer purge = fleet.renew("a", slow, LONG);
        assertThat(purge.isComplete()).as(purge::toString).isTrue();
        CompletableFuture<Seen> follower = asking("c", slow);
        if (reachedAgain) {
            Traffic.pass(Duration.ofMillis(300)); // until it waits for the answer to the other, too
            relays.of("c").heal();
        }
        isCurrent(follower.get(10, TimeUnit.SECONDS));
        assertThat(before.get(10, TimeUnit.SECONDS).isGood()).isTrue();
    }

    private static CompletableFuture<Seen> asking(String node, String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fleet.get(node, path);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    private static void isCurrent(Seen one) {
        assertThat(one.version()).as(one::toString).isEqualTo(fleet.origin().version(one.path()));
    }

    @Test
    void sleepingNowAndThen() throws Exception {
        Random random = new Random(11);
        try (Traffic traffic = traffic(history, "sleeping")) {
            Traffic.pass(Duration.ofSeconds(1));
            for (Duration sleep :
                    List.of(Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofMillis(1500), LEASE_OVER)) {
                String node = Page.pick(Fleet.NODES, random);
                fleet.node(node).pause();
                Traffic.pass(sleep);
                fleet.node(node).resume();
                Traffic.pass(Duration.ofMillis(400));
            }
            traffic.stopPublishing();
        }
        history.verify();
        assertThat(history.complete()).isPositive();
    }

    /** First one that is to confirm a purge, then the one that was asked for it. */
    @Test
    void killedInTheMiddleOfAPurge() throws Exception {
        try (Traffic traffic = traffic(history, "killed in the middle of a purge")) {
            Traffic.pass(Duration.ofSeconds(1));
            traffic.ask(Set.of("a"));
            relays.of("c").freezeAnswers(); // it cannot learn of any purge from here on
            CompletableFuture<PurgeAnswer> waiting = renewing("a", "/p/5");
            Traffic.pass(Duration.ofMillis(200));
            kill("c");
            PurgeAnswer answer = waiting.get(10, TimeUnit.SECONDS);
            assertThat(answer.isComplete()).as(answer::toString).isTrue();
            assertThat(answer.acked()).contains("a", "b");
            System.out.printf("faults: the death of a node keeps a purge for %.0f ms%n", answer.tookMillis());

            relays.of("a").freezeAnswers(); // so that the purge waits
            CompletableFuture<PurgeAnswer> lost = renewing("b", "/p/6");
            Traffic.pass(Duration.ofMillis(200));
            kill("b");
            relays.heal();
            assertThat(lost).as("a purge that nobody is promised").failsWithin(Duration.ofSeconds(5));
            PurgeAnswer again = fleet.purge("a", "\"urls\":[\"" + Page.url("/p/6") + "\"],\"wait\":\"5s\"");
            assertThat(again.isComplete()).as(again::toString).isTrue();
            isCurrent(fleet.get("a", "/p/6"));

            fleet.restart(List.of("b", "c"));
            history.back(Set.of("b", "c"));
            traffic.ask(Set.copyOf(Fleet.NODES));
            fleet.awaitInStep();
            Traffic.pass(Duration.ofMillis(500));
        }
        history.verify();
    }

    private void kill(String node) {
        history.gone(node);
        fleet.node(node).kill();
    }

    private static CompletableFuture<PurgeAnswer> renewing(String node, String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return fleet.renew(node, path, LONG);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    @Test
    void cutOffInEveryWay() throws Exception {
        Map<String, Runnable> ways = new LinkedHashMap<>();
        ways.put("its connections end", relays.of("c")::cut);
        ways.put("nothing comes through", relays.of("c")::freeze);
        ways.put("it hears nothing", relays.of("c")::freezeAnswers);
        try (Traffic traffic = traffic(history, "cut off")) {
            Traffic.pass(Duration.ofSeconds(1));
            for (Map.Entry<String, Runnable> way : ways.entrySet()) {
                way.getValue().run();
                history.cutOff(Set.of("c"));
                Traffic.pass(LEASE_OVER);
                PurgeAnswer own = fleet.renew("c", "/p/7", "300ms");
                assertThat(own.status()).as(own::toString).isEqualTo(202);
                assertThat(own.reason()).as(way.getKey()).isNotEmpty();
                isCurrent(fleet.get("c", "/p/7"));
                history.reached(Set.of("c"));
                relays.of("c").heal();
                traffic.stopPublishing();
                fleet.awaitInStep();
                fleet.awaitTold();
                traffic.goOnPublishing();
            }
        }
        history.verify();
    }

    @Test
    void messagesComeLate() throws Exception {
        relays.delayMessages(Duration.ofSeconds(1));
        late("messages late by 1 s");
    }

    @Test
    void theLogIsReadLate() throws Exception {
        relays.of("b").delayAnswers(Duration.ofMillis(150));
        relays.of("c").delayAnswers(Duration.ofMillis(300));
        late("log late by 150 and 300 ms");
    }

    /** Nothing old is served, and purges take their time. */
    private void late(String what) throws IOException {
        try (Traffic traffic = traffic(history, what)) {
            Traffic.pass(Duration.ofSeconds(1));
            for (int i = 0; i < 5; i++) {
                PurgeAnswer answer = fleet.renew("a", "/p/" + i, LONG);
                assertThat(answer.isComplete()).as(answer::toString).isTrue();
                System.out.printf("faults: %s: a purge is complete after %.0f ms%n", what, answer.tookMillis());
            }
            traffic.stopPublishing();
        }
        history.verify();
    }
}
