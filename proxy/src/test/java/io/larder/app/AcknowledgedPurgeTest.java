package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two whole gateways on one Redis, and what an operator is told of a purge. */
@Timeout(120)
class AcknowledgedPurgeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "{\"all\":true}";

    /** Short, so that nobody has to wait long for a lease to end. */
    private static final String MAX_LAG = "2s";

    @TempDir
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer redis;
    private Running a;
    private Running b;

    @BeforeEach
    void start() throws Exception {
        redis = opened(RedisServer.start());
        redis.ask("ACL", "SETUSER", "b", "on", ">secret", "~*", "&*", "+@all");
        ScriptedOrigin origin =
                opened(ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\n", "page"))));
        a = opened(node("a", origin, ""));
        b = opened(node("b", origin, "b:secret@"));
        eventually(
                "the log is settled, and both nodes live",
                () -> purge(a, ALL).status() == 200 && nodes(a).get("nodes").size() == 2);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.add(part);
        return part;
    }

    private Running node(String name, ScriptedOrigin origin, String login) throws IOException {
        return Running.start(
                Files.createDirectories(directory.resolve(name)),
                origin,
                1,
                "cache: { redis: { uri: 'redis://" + login + "127.0.0.1:" + redis.port() + "/0', node: " + name
                        + ", max-lag: " + MAX_LAG + ", timeout: 500ms } }",
                "sites: { shop: { upstream: app, purge: { methods: [PURGE], from: [127.0.0.1] } } }");
    }

    private static RawClient.Answer purge(Running node, String order) throws IOException {
        return node.adminPost("/v1/purge", order);
    }

    private static JsonNode json(RawClient.Answer answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    private static JsonNode nodes(Running node) throws IOException {
        return json(node.adminGet("/v1/nodes"));
    }

    /** The names without what tells one process of a name from the next. */
    private static List<String> names(JsonNode names) {
        List<String> plain = new ArrayList<>();
        if (names.isObject()) {
            names.fieldNames().forEachRemaining(name -> plain.add(name.replaceFirst("/.*", "")));
        } else {
            names.forEach(name -> plain.add(name.asText().replaceFirst("/.*", "")));
        }
        return plain;
    }

    private static String status(RawClient.Answer answer) {
        return answer.field("X-Cache");
    }

    @Test
    void aPurgeIsConfirmedByEveryNodeThatLives() throws Exception {
        a.fetch("/x");
        b.fetch("/x");
        assertThat(status(b.fetch("/x"))).isEqualTo("HIT");

        RawClient.Answer answer = purge(a, ALL);

        assertThat(answer.status()).isEqualTo(200);
        JsonNode report = json(answer);
        assertThat(report.get("position").asText()).matches("\\d{13}-\\d+");
        assertThat(report.get("matched").asLong()).isEqualTo(1);
        assertThat(names(report.at("/nodes/acked"))).containsExactly("a", "b");
        report.at("/nodes/acked")
                .forEach(millis -> assertThat(millis.asDouble()).isBetween(0.0, 5_000.0));
        assertThat(report.at("/nodes/missing")).isEmpty();
        assertThat(report.has("reason")).isFalse();
        assertThat(status(b.fetch("/x"))).as("at once, with no patience").isEqualTo("MISS");
    }

    @Test
    void theNodesAreSeenFromEach() throws Exception {
        String last = json(purge(b, ALL)).get("position").asText();
        for (Running node : List.of(a, b)) {
            eventually("both have confirmed, and are in step", () -> {
                JsonNode view = nodes(node);
                return view.at("/log/last").asText().equals(last)
                        && view.get("nodes").findValuesAsText("behind").equals(List.of("0", "0"))
                        && view.at("/self/current").asBoolean()
                        && view.at("/redis/reached").asBoolean();
            });
            JsonNode view = nodes(node);
            String own = node == a ? "a" : "b";
            assertThat(view.get("mode").asText()).isEqualTo("shared");
            assertThat(view.at("/self/name").asText()).isEqualTo(own);
            assertThat(view.at("/self/max-lag-ms").asLong()).isEqualTo(2_000);
            assertThat(view.at("/self/when-lagging").asText()).isEqualTo("revalidate");
            assertThat(view.at("/log/unsettled-ms").asLong()).isZero();
            assertThat(view.get("nodes")).allSatisfy(other -> {
                assertThat(other.get("self").asBoolean())
                        .isEqualTo(other.get("name").asText().startsWith(own));
                assertThat(other.get("lease-ms").asLong()).isPositive();
            });
            JsonNode coherence = node.status().get("coherence");
            assertThat(coherence.get("mode").asText()).isEqualTo("shared");
            assertThat(coherence.get("epoch")).isEqualTo(view.at("/log/epoch"));
        }
    }

    @Test
    void aNodeThatIsCutOffIsMissingUntilItsLeaseEnds() throws Exception {
        // all of its connections end, and it gets no others
        redis.ask("ACL", "SETUSER", "b", "off");
        redis.ask("CLIENT", "KILL", "USER", "b");

        eventually("it is named", () -> {
            RawClient.Answer answer = purge(a, "{\"all\":true,\"wait\":\"300ms\"}");
            JsonNode report = json(answer);
            return answer.status() == 202
                    && names(report.at("/nodes/acked")).equals(List.of("a"))
                    && names(report.at("/nodes/missing")).equals(List.of("b"))
                    && report.get("reason").asText().equals("one node has not confirmed it");
        });
        assertThat(purge(a, "{\"all\":true,\"wait\":\"30s\"}").status())
                .as("waits for the end of the lease")
                .isEqualTo(200);
        assertThat(nodes(a).get("nodes")).hasSize(1);
        eventually(
                "the other knows that it may be behind",
                () -> !nodes(b).at("/self/current").asBoolean());
        assertThat(nodes(b).at("/redis/reached").asBoolean()).isFalse();
        assertThat(nodes(b).get("nodes")).hasSize(1);
    }

    @Test
    void withoutRedisAPurgeIsInForceHereAndNotComplete() throws Exception {
        a.fetch("/x");
        redis.kill();
        eventually("it is noticed", () -> !nodes(a).at("/redis/reached").asBoolean());

        RawClient.Answer answer = purge(a, "{\"all\":true,\"wait\":\"100ms\"}");

        assertThat(answer.status()).isEqualTo(202);
        JsonNode report = json(answer);
        assertThat(report.has("position")).isFalse();
        assertThat(report.get("matched").asLong()).isEqualTo(1);
        assertThat(names(report.at("/nodes/acked"))).containsExactly("a");
        assertThat(report.get("reason").asText()).matches("Redis has not been reached for \\d+ s");

        try (RawClient application = a.connect()) {
            RawClient.Answer told = application
                    .send("PURGE /x HTTP/1.1\r\nHost: shop.test\r\n\r\n")
                    .answer();
            assertThat(told.status()).isEqualTo(202);
            assertThat(json(told).get("complete").asBoolean()).isFalse();
            assertThat(json(told).get("reason").asText()).startsWith("Redis has not been reached");
        }
        redis.restartEmpty();
        eventually(
                "complete once there is a log again, and it has settled",
                () -> purge(a, "{\"all\":true,\"wait\":\"1s\"}").status() == 200);
    }
}
