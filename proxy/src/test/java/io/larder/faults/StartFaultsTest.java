package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that find no Redis when they start, or none that lets them in: they serve, and say why once. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class StartFaultsTest {
    @RegisterExtension
    final Testimony testimony = new Testimony();

    private final List<RedisServer> servers = new ArrayList<>();
    private final History history = new History();

    @AfterEach
    void stop() {
        servers.forEach(RedisServer::close);
    }

    @Test
    void redisComesLaterAndKnowsAnotherPassword() throws Exception {
        int port = RedisServer.freePort();
        try (Fleet fleet = testimony.of(Fleet.start(node -> "\"redis://:ours@127.0.0.1:" + port + "\""))) {
            history.cutOff(Fleet.NODES);
            try (Traffic traffic = new Traffic(fleet, history, 1)) {
                serveAlone(fleet, "absent");
                RedisServer redis = RedisServer.startAt(port, "--requirepass", "theirs");
                servers.add(redis.login("AUTH", "theirs"));
                serveAlone(fleet, "not to be entered");
                Fleet.NODES.forEach(node -> awaitRefused(fleet.node(node)));
                history.reached(Fleet.NODES);
                traffic.stopPublishing();
                redis.ask("CONFIG", "SET", "requirepass", "ours");
                fleet.awaitInStep();
                fleet.awaitTold();
                traffic.goOnPublishing();
                Traffic.pass(Duration.ofMillis(500));
            }
            history.verify();
            assertThat(history.complete()).isPositive();
            shared(fleet, "/new/at-last");
            Fleet.NODES.forEach(node -> saysItOnce(fleet.node(node)));
        }
    }

    private static void serveAlone(Fleet fleet, String what) throws IOException {
        Traffic.pass(Duration.ofSeconds(2));
        PurgeAnswer purge = fleet.renew("b", "/p/1", "200ms");
        assertThat(purge.status()).as(purge::toString).isEqualTo(202);
        assertThat(purge.reason()).isNotEmpty();
        System.out.println("faults: Redis " + what + ": a purge is not complete since " + purge.reason());
    }

    /** Later with each try that was in vain, a node tries again within five seconds. */
    private static void awaitRefused(LarderProcess node) {
        eventually("a node that was not let in", () -> !node.lines("WRONGPASS").isEmpty());
    }

    /** The link for what is shared is not that of the log, and a page that two nodes share says nothing of the third. */
    private static void saysItOnce(LarderProcess node) {
        eventually(
                "a node that says that Redis is there",
                () -> !node.lines("is there").isEmpty());
        assertThat(node.lines("is not there"))
                .hasSizeBetween(2, 4)
                .extracting(line -> line.replaceFirst("[0-9:.]+ ", ""))
                .doesNotHaveDuplicates();
        assertThat(node.lines("WRONGPASS")).hasSize(1);
        assertThat(node.lines("is there")).hasSize(1);
        assertThat(node.said()).doesNotContain("ours");
    }

    private static void shared(Fleet fleet, String path) throws IOException {
        assertThat(fleet.get("a", path).isGood()).isTrue();
        eventually("a shared page", () -> {
            int before = fleet.origin().requests(path);
            return fleet.get("c", path).isHit() && fleet.origin().requests(path) == before;
        });
    }
}
