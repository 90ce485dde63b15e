package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many clients of three whole gateways who want the same at the same time, and one origin that is asked once. */
@Timeout(120)
class FleetCrowdTest {
    private static final long PATIENCE_MILLIS = 20_000;
    private static final String FRESH = "Cache-Control: max-age=600\r\n";

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Running> nodes = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void open() {
        redis = opened(RedisServer.start());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    /** Redis' deadline is long: a machine that is busy is not what is tried here. */
    private Running node(String name, ScriptedOrigin origin, String login) throws IOException {
        Running node = opened(Running.start(
                Files.createDirectories(directory.resolve(name)),
                origin,
                1,
                "cache: { redis: { uri: 'redis://" + login + "127.0.0.1:" + redis.port() + "/0', node: " + name
                        + ", max-lag: 60s, timeout: 2s } }",
                "sites: { shop: { upstream: app, routes: [ { path: /**, cache: { collapse: fleet } } ] } }"));
        nodes.add(node);
        eventually(name + " is ready", () -> node.adminGet("/readyz").status() == 200);
        eventually(name + " is in step", () -> node.adminGet("/v1/nodes").body().contains(name));
        return node;
    }

    private void three(ScriptedOrigin origin) throws IOException {
        for (String name : List.of("one", "two", "three")) {
            node(name, origin, "");
        }
    }

    private List<RawClient> crowd(int ofEach) throws IOException {
        List<RawClient> crowd = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            for (Running node : nodes) {
                crowd.add(opened(node.connect()));
            }
        }
        return crowd;
    }

    private static void ask(List<RawClient> crowd, String path) throws IOException {
        for (RawClient client : crowd) {
            client.send(Running.get(path));
        }
    }

    private static ScriptedOrigin.Script once(CountDownLatch gate, String answer) {
        return wire -> {
            while (wire.readRequest()) {
                wire.pauseUntil(gate, PATIENCE_MILLIS);
                wire.send(answer);
            }
        };
    }

    @Test
    void fiftyOnEachOfThreeNodesAreOneRequest() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedOrigin origin = opened(ScriptedOrigin.play(once(gate, Running.ok(FRESH, "one for all"))));
        three(origin);
        List<RawClient> crowd = crowd(50);
        ask(crowd, "/hot");
        gate.countDown();
        for (RawClient client : crowd) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("one for all");
        }
        assertThat(origin.requests()).hasSize(1);
    }

    @Test
    void whereTheHolderIsCutOffTheOthersHaveAnAnswerInAboutASecond() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ScriptedOrigin origin = opened(ScriptedOrigin.play(wire -> {
            while (wire.readRequest()) {
                if (asked.getAndIncrement() == 0) {
                    wire.pauseUntil(never, PATIENCE_MILLIS);
                }
                wire.send(Running.ok(FRESH, "page"));
            }
        }));
        redis.ask("ACL", "SETUSER", "holder", "on", ">secret", "~*", "&*", "+@all");
        Running holder = node("holder", origin, "holder:secret@");
        nodes.clear();
        node("two", origin, "");
        node("three", origin, "");
        RawClient first = opened(holder.connect()).send(Running.get("/hot"));
        eventually("it fetches", () -> asked.get() == 1);
        List<RawClient> others = crowd(10);
        ask(others, "/hot");
        eventually("they wait", () -> redis.ask("INFO", "commandstats").contains("cmdstat_pttl"));
        assertThat(asked.get()).isEqualTo(1);

        redis.ask("ACL", "SETUSER", "holder", "off");
        redis.ask("CLIENT", "KILL", "USER", "holder");
        long begin = System.nanoTime();
        for (RawClient client : others) {
            assertThat(client.answer().body()).isEqualTo("page");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        assertThat(asked.get()).as("by one of the others, for both").isEqualTo(2);
        never.countDown();
        assertThat(first.answer().body()).isEqualTo("page");
    }

    @Test
    void whatIsForOneOnlyKeepsNobodyWaitingAndGoesToNobodyElse() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        ScriptedOrigin origin = opened(ScriptedOrigin.play(wire -> {
            while (wire.readRequest()) {
                int number = asked.getAndIncrement();
                wire.pauseUntil(gate, PATIENCE_MILLIS);
                wire.send(Running.ok("Cache-Control: private\r\n", "yours, number " + number));
            }
        }));
        three(origin);
        List<RawClient> crowd = crowd(10);
        ask(crowd, "/mine");
        eventually("one asks", () -> asked.get() > 0);
        gate.countDown();
        Set<String> pages = new HashSet<>();
        for (RawClient client : crowd) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            pages.add(answer.body());
        }
        assertThat(pages).hasSize(30);
    }

    @Test
    void withoutRedisEachNodeAsksOnce() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        ScriptedOrigin origin = opened(ScriptedOrigin.play(once(gate, Running.ok(FRESH, "page"))));
        three(origin);
        redis.kill();
        List<RawClient> crowd = crowd(50);
        ask(crowd, "/hot");
        eventually("all nodes ask", () -> origin.requests().size() == 3);
        gate.countDown();
        for (RawClient client : crowd) {
            RawClient.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("page");
        }
        assertThat(origin.requests()).hasSize(3);
    }
}
