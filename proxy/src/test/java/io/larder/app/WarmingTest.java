package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a whole gateway that shares a Redis says that it is ready, and what it has then. */
@Timeout(120)
class WarmingTest {
    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ScriptedOrigin origin;

    @BeforeEach
    void open() throws IOException {
        origin = opened(ScriptedOrigin.play(
                ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\nETag: \"1\"\r\n", "page"))));
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

    private Running node(String name, int redisPort) throws IOException {
        return opened(Running.start(
                Files.createDirectories(directory.resolve(name)),
                origin,
                1,
                "cache: { redis: { uri: 'redis://127.0.0.1:" + redisPort + "/0', node: " + name + ", timeout: 1s } }"));
    }

    private static RawClient.Answer readiness(Running node) throws IOException {
        return node.adminGet("/readyz");
    }

    private static long entries(Running node) throws IOException {
        for (JsonNode tier : node.status().get("tiers")) {
            if (tier.get("name").asText().equals("local")) {
                return tier.get("entries").asLong();
            }
        }
        throw new AssertionError("no local tier");
    }

    @Test
    void aNodeThatStartsHasWhatTheOthersAreAskedForBeforeItIsReady() throws Exception {
        RedisServer redis = opened(RedisServer.start());
        Running one = node("one", redis.port());
        eventually("ready", () -> readiness(one).status() == 200);
        for (int i = 0; i < 20; i++) {
            assertThat(one.fetch("/" + i).body()).isEqualTo("page");
        }
        eventually(
                "it has said what is hot",
                () -> redis.ask("ZCARD", "larder:hot").equals("20"));
        Running two = warm(redis.port());
        assertThat(entries(two)).isEqualTo(20);
        assertThat(two.fetch("/7").field("Cache-Status")).contains("hit");
        assertThat(origin.requests()).hasSize(20);
    }

    /** On a machine that is very busy a node may give up before it has reached Redis; the next one does. */
    private Running warm(int redisPort) throws IOException {
        Running node = node("node", redisPort);
        eventually("ready", () -> readiness(node).status() == 200);
        for (int i = 0; i < 3 && entries(node) == 0; i++) {
            Running next = node("next-" + i, redisPort);
            eventually("ready", () -> readiness(next).status() == 200);
            if (entries(next) > 0) {
                return next;
            }
        }
        return node;
    }

    @Test
    void withoutRedisItIsReadyAfterThreeSecondsAndAsksTheOriginEachTime() throws Exception {
        long begin = System.nanoTime();
        Running alone = node("alone", RedisServer.freePort());
        RawClient.Answer early = readiness(alone);
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.body()).isEqualTo("warming\n");
        assertThat(alone.status().get("phase").asText()).isEqualToIgnoringCase("warming");
        assertThat(alone.fetch("/p").body()).as("who asks is answered").isEqualTo("page");
        eventually("ready", () -> readiness(alone).status() == 200);
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(2900), Duration.ofSeconds(8));
        assertThat(alone.fetch("/p").status()).isEqualTo(200);
        assertThat(origin.requests()).hasSize(2);
    }
}
