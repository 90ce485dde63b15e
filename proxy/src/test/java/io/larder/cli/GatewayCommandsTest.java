package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GatewayCommandsTest {
    private static final String STATUS = """
            {"version":"0.1.0","phase":"ready","started":"2026-11-23T12:00:00Z","uptime-seconds":3725,"transport":"epoll",
             "configuration":{"files":["config/larder.yaml"],"loaded":"2026-11-23T12:00:00Z","current":false,"problem":"larder.yaml:3:1: bad\\u001b[2J","restart-needed":["cache.memory","admin.bind"]},
             "listeners":[{"name":"web","address":"0.0.0.0:8080"}],
             "tiers":[{"name":"local","bytes":1536,"capacity":536870912,"entries":7,"evictions":0}],
             "requests":{"hit":90,"miss":10},
             "upstreams":[{"name":"app","balance":"round-robin","servers":[
               {"upstream":"app","address":"127.0.0.1:8000","state":"up","usable":true,"weight":2,"backup":false,"pending":3,"waits":4,"waited-seconds":0.01,"connections":4,"in-flight":2,"requests":100,"failures":1},
               {"upstream":"app","address":"127.0.0.1:8001","state":"ejected","usable":false,"weight":1,"backup":true,"pending":0,"waits":0,"waited-seconds":0,"connections":0,"in-flight":0,"requests":5,"failures":5}]}]}""";

    private FakeGateway gateway;

    @BeforeEach
    void open() throws IOException {
        gateway = new FakeGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private Run larder(String... arguments) {
        return Run.larder(Map.of("LARDER_ADMIN", gateway.url()), arguments);
    }

    @Test
    void status() {
        gateway.answers(200, STATUS);
        Run run = larder("status");
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "larder 0.1.0, ready, up 1h 2m, epoll",
                        "configuration: config/larder.yaml, live since 2026-11-23T12:00:00Z",
                        "the latest files were refused: larder.yaml:3:1: bad\uFFFD[2J",
                        "takes effect at the next start: cache.memory, admin.bind",
                        "requests: hit 90 miss 10 (90.0 % from cache)",
                        "",
                        "LISTENER  ADDRESS       TLS",
                        "web       0.0.0.0:8080  -",
                        "",
                        "CACHE  USED     OF         ENTRIES  EVICTIONS",
                        "local  1.5 KiB  512.0 MiB        7          0",
                        "",
                        "UPSTREAM  SERVER          STATE    CONNECTIONS  IN FLIGHT  REQUESTS  FAILURES",
                        "app       127.0.0.1:8000  up                 4          2       100         1",
                        "app       127.0.0.1:8001  ejected            0          0         5         5");
        assertThat(gateway.calls).containsExactly(new FakeGateway.Call("GET /v1/status", "null", "null", ""));
    }

    @Test
    void upstreamList() {
        gateway.answers(200, STATUS);
        Run run = larder("upstream", "list");
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "UPSTREAM  SERVER                   STATE    WEIGHT  IN FLIGHT  PENDING  WAIT    REQUESTS  FAILURES",
                        "app       127.0.0.1:8000           up            2          2        3  2.5 ms       100         1",
                        "app       127.0.0.1:8001 (backup)  ejected       1          0        0  -              5         5");
        assertThat(gateway.calls).containsExactly(new FakeGateway.Call("GET /v1/upstreams", "null", "null", ""));
    }

    @Test
    void upstreamListSaysWhereNoServerIsKnown() {
        gateway.answers(200, "{\"upstreams\":[{\"name\":\"found\",\"servers\":[]}]}");
        assertThat(larder("upstream", "list").out()).contains("found", "(none is known)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"drain", "resume"})
    void aServerIsTakenOutAndLetInAgain(String state) {
        gateway.answers(200, "{\"state\":\"drained\",\"in-flight\":3}");
        Run run = larder("upstream", state, "my app", "127.0.0.1:8000");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).isEqualTo("my app 127.0.0.1:8000: drained, 3 in flight\n");
        assertThat(gateway.calls)
                .containsExactly(new FakeGateway.Call(
                        "POST /v1/upstreams/my%20app/servers/127.0.0.1%3A8000",
                        "application/json", "null", "{\"state\":\"" + state + "\"}"));
    }

    @Test
    void upstreamAloneSaysWhatItTakes() {
        Run run = larder("upstream");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("say what: list, drain or resume");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"mode\":\"single\",\"current\":true}|coherence: single node",
                "{\"mode\":\"shared\",\"current\":true,\"lag-ms\":120,\"epoch\":\"1a2b\"}"
                        + "|coherence: shared, current, lag 120 ms, epoch 1a2b",
                "{\"mode\":\"shared\",\"current\":false,\"lag-ms\":7260,\"epoch\":\"1a2b\"}"
                        + "|coherence: shared, not current, lag 7.3 s, epoch 1a2b",
                "{\"mode\":\"shared\",\"current\":false}|coherence: shared, not current, never caught up, epoch ?"
            })
    void statusSaysWhetherTheNodeIsInStep(String coherence, String line) {
        gateway.answers(200, "{\"version\":\"0.1.0\",\"coherence\":" + coherence + "}");
        assertThat(larder("status").out().lines()).contains(line);
    }

    @Test
    void nodes() {
        gateway.answers(200, """
                {"mode":"shared",
                 "self":{"name":"node-a/1f","current":true,"lag-ms":120,"max-lag-ms":5000,"when-lagging":"revalidate"},
                 "redis":{"reached":true},
                 "log":{"epoch":"1a2b","floor":"0-0","last":"1732270000000-0","unsettled-ms":0},
                 "nodes":[{"name":"node-a/1f","self":true,"cursor":"1732270000000-0","behind":0,"lag-ms":120,"lease-ms":6130},
                          {"name":"node-b/2e","self":false,"cursor":"1732269999000-2","behind":7,"lag-ms":5100,"lease-ms":1150},
                          {"name":"node-c\\u001b/3d","self":false,"cursor":"0-0","behind":100,"lag-ms":0,"lease-ms":6250}]}""");
        Run run = larder("nodes");
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "this node: node-a/1f, current (120 ms behind the log; after 5.0 s: revalidate)",
                        "Redis:     reached",
                        "log:       epoch 1a2b, from 0-0 to 1732270000000-0",
                        "",
                        "NODE                  CURSOR           BEHIND       HEARD       LEASE",
                        "node-a/1f (this one)  1732270000000-0  0            120 ms ago  6.1 s",
                        "node-b/2e             1732269999000-2  7            5.1 s ago   1.2 s",
                        "node-c\uFFFD/3d            0-0              100 or more  0 ms ago    6.3 s");
        assertThat(gateway.calls).containsExactly(new FakeGateway.Call("GET /v1/nodes", "null", "null", ""));
    }

    @Test
    void nodesWithoutRedisInReach() {
        gateway.answers(200, """
                {"mode":"shared",
                 "self":{"name":"node-a","current":false,"max-lag-ms":5000,"when-lagging":"serve"},
                 "redis":{"reached":false,"unreached-ms":12345},
                 "nodes":[{"name":"node-a","self":true}]}""");
        assertThat(larder("nodes").out().lines())
                .containsExactly(
                        "this node: node-a, not current (never caught up; after 5.0 s: serve)",
                        "Redis:     not reached for 12.3 s",
                        "log:       cannot be asked, so that nobody knows here who else lives",
                        "",
                        "NODE               CURSOR  BEHIND  HEARD  LEASE",
                        "node-a (this one)  ?       ?       ?      ?");
    }

    @Test
    void nodesOfALogThatIsNew() {
        gateway.answers(200, """
                {"mode":"shared","self":{"name":"a"},"redis":{"reached":true},
                 "log":{"epoch":"1","floor":"0-0","last":"0-0","unsettled-ms":4200},"nodes":[]}""");
        assertThat(larder("nodes").out()).contains("to 0-0; new: nodes that are not known yet may live for 4.2 s");
    }

    @Test
    void aSingleNodeSaysSo() {
        String single = "{\"mode\":\"single\",\"self\":{\"name\":\"local\",\"current\":true},"
                + "\"nodes\":[{\"name\":\"local\",\"self\":true}]}";
        gateway.answers(200, single);
        assertThat(larder("nodes").out())
                .isEqualTo("one node, local: there is no cache.redis in its configuration, so that it knows of no other"
                        + System.lineSeparator());
        assertThat(larder("nodes", "--json").out()).isEqualTo(single + System.lineSeparator());
    }

    @Test
    void statusAsJsonIsTheGatewaysOwn() {
        gateway.answers(200, STATUS + "\n");
        assertThat(larder("status", "--json").out()).isEqualTo(STATUS + System.lineSeparator());
    }

    @Test
    void purge() {
        gateway.answers(
                200,
                "{\"position\":\"17-0\",\"matched\":12,\"nodes\":{\"acked\":{\"node-a\":1.8},\"missing\":[]},\"took-ms\":2.1}");
        Run run = larder(
                "purge",
                "https://shop.example/a",
                "https://shop.example/b",
                "--prefix",
                "https://shop.example/p/",
                "--host",
                "other.example",
                "--wait",
                "3s");
        assertThat(run.err()).isEmpty();
        assertThat(run.exit()).isZero();
        assertThat(run.out().lines())
                .containsExactly("purged: 12 stored responses, 2.1 ms", "NODE    CONFIRMED", "node-a  after 1.8 ms");
        assertThat(gateway.calls)
                .containsExactly(new FakeGateway.Call(
                        "POST /v1/purge",
                        "application/json",
                        "null",
                        "{\"urls\":[\"https://shop.example/a\",\"https://shop.example/b\"],"
                                + "\"tags\":[],\"prefixes\":[\"https://shop.example/p/\"],\"matches\":[],"
                                + "\"hosts\":[\"other.example\"],\"all\":false,\"soft\":false,\"dry-run\":false,"
                                + "\"wait\":\"3s\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        "--soft, made stale: 2 stored responses",
        "--dry-run, would be purged: 2 stored responses",
        "--soft --dry-run, would be made stale: 2 stored responses",
    })
    void aPurgeSaysWhatItDid(String options, String says) {
        gateway.answers(200, "{\"matched\":2,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[]},\"took-ms\":1.0}");
        Run run = larder(("purge --tag product-7 --match *.png " + options).split(" "));
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith(says + ", ");
        assertThat(gateway.calls.get(0).body())
                .contains("\"tags\":[\"product-7\"]", "\"matches\":[\"*.png\"]")
                .contains("\"soft\":" + options.contains("soft"), "\"dry-run\":" + options.contains("dry-run"));
    }

    @ParameterizedTest
    @CsvSource({"--soft --spread 60s, '\"spread\":\"60s\"'", "--soft --origin-rps 50, '\"origin-rps\":50'"})
    void aSoftPurgeMayTakeItsTime(String options, String said) {
        gateway.answers(200, "{\"matched\":2,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[]},\"took-ms\":1.0}");
        assertThat(larder(("purge --all " + options).split(" ")).exit()).isZero();
        assertThat(gateway.calls.get(0).body()).contains(said, "\"soft\":true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--spread 60s", "--origin-rps 5", "--soft --spread 60s --origin-rps 5", "--soft --origin-rps x"})
    void aPaceThatMeansNothingIsBadUsage(String options) {
        Run run = larder(("purge --all " + options).split(" "));
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains(options.contains("spread") ? "--spread" : "--origin-rps");
        assertThat(gateway.calls).isEmpty();
    }

    @Test
    void ofALargeStoreItSaysHowManyAtLeast() {
        gateway.answers(
                200,
                "{\"matched\":9000,\"counting\":true,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[]},\"took-ms\":250.0}");
        Run run = larder("purge", "--all");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("purged: at least 9000 stored responses, 250.0 ms");
    }

    @Test
    void aPurgeThatANodeDoesNotConfirmIsPartlyDone() {
        gateway.answers(
                202, "{\"matched\":1,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[\"b\"]},\"took-ms\":5000.0}");
        Run run = larder("purge", "--all");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.out()).contains("purged: 1 stored response,", "b     not yet");
        assertThat(run.err().lines())
                .containsExactly("larder: not complete: some node has not confirmed in time", "larder: missing: b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--json"})
    void aPurgeThatCannotBeCompleteSaysWhy(String options) {
        String answer = "{\"matched\":1,\"nodes\":{\"acked\":{\"a\":0.1},\"missing\":[]},\"took-ms\":5000.0,"
                + "\"reason\":\"Redis has not been reached for 12 s\"}";
        gateway.answers(202, answer);
        Run run = larder(("purge --all " + options).strip().split(" "));
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err().lines()).containsExactly("larder: not complete: Redis has not been reached for 12 s");
        assertThat(run.out()).contains(options.isEmpty() ? "a     after 0.1 ms" : answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "soon", "-5s", "11m", "999999999999999999d"})
    void aWaitThatIsNoneIsBadUsage(String wait) {
        Run run = larder("purge", "--all", "--wait=" + wait);
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--wait takes a time such as 5s");
        assertThat(gateway.calls).isEmpty();
    }

    private static String alone(long matched, double took) {
        return "{\"position\":\"3\",\"matched\":" + matched + ",\"nodes\":{\"acked\":{\"local\":" + took
                + "},\"missing\":[]},\"took-ms\":" + took + "}";
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gatewaysThatShareNothingAreAllAsked(boolean inOneOption) throws IOException {
        try (FakeGateway other = new FakeGateway()) {
            gateway.answers(200, alone(2, 1.5));
            other.answers(200, alone(3, 2.5));
            Run run = inOneOption
                    ? larder("purge", "--all", "--admin", gateway.url() + "," + other.url())
                    : larder("purge", "--all", "--admin", gateway.url(), "--admin", other.url());
            assertThat(run.err()).isEmpty();
            assertThat(run.exit()).isZero();
            assertThat(run.out().lines())
                    .contains("purged: 5 stored responses, 2.5 ms")
                    .contains(gateway.name() + "  after 1.5 ms", other.name() + "  after 2.5 ms");
            assertThat(other.calls).isEqualTo(gateway.calls).hasSize(1);
        }
    }

    @Test
    void theEnvironmentMayNameSeveralGateways() throws IOException {
        try (FakeGateway other = new FakeGateway()) {
            gateway.answers(200, alone(2, 1.5));
            other.answers(200, alone(3, 2.5));
            Map<String, String> environment = Map.of("LARDER_ADMIN", gateway.url() + ", " + other.url());
            assertThat(Run.larder(environment, "purge", "--all").exit()).isZero();
            assertThat(other.calls).hasSize(1);
            Run status = Run.larder(environment, "status");
            assertThat(status.exit()).isEqualTo(2);
            assertThat(status.err()).contains("asked of one gateway");
        }
    }

    @Test
    void whereOneOfSeveralGatewaysFailsThePurgeIsPartlyDone() throws IOException {
        try (FakeGateway other = new FakeGateway()) {
            gateway.answers(200, alone(2, 1.5));
            other.answers(500, "<html>");
            Run run = larder("purge", "--all", "--json", "--admin", gateway.url() + "," + other.url());
            assertThat(run.exit()).isEqualTo(3);
            assertThat(run.err().lines())
                    .containsExactly(
                            "larder: not complete: the gateway at " + other.url() + " refuses: status 500",
                            "larder: missing: " + other.name());
            JsonNode json = new ObjectMapper().readTree(run.out());
            assertThat(json.path("matched").asLong()).isEqualTo(2);
            assertThat(json.at("/nodes/acked").fieldNames()).toIterable().containsExactly(gateway.name());
            assertThat(json.at("/nodes/missing/0").asText()).isEqualTo(other.name());
            assertThat(json.at("/gateways/0/answer/position").asText()).isEqualTo("3");
            assertThat(json.at("/gateways/1/error").asText()).contains("status 500");
        }
    }

    @Test
    void aNodeThatOneFleetMissesIsMissing() throws IOException {
        try (FakeGateway other = new FakeGateway()) {
            gateway.answers(
                    202,
                    "{\"matched\":1,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[\"b\"]},\"took-ms\":5.0,\"reason\":\"why\"}");
            other.answers(
                    200, "{\"matched\":1,\"nodes\":{\"acked\":{\"a\":3.0,\"b\":1.0},\"missing\":[]},\"took-ms\":2.0}");
            Run run = larder("purge", "--all", "--admin", gateway.url() + "," + other.url());
            assertThat(run.exit()).isEqualTo(3);
            assertThat(run.out().lines())
                    .containsExactly(
                            "purged: 2 stored responses, 5.0 ms",
                            "NODE  CONFIRMED",
                            "a     after 3.0 ms",
                            "b     not yet");
            assertThat(run.err()).contains("not complete: " + gateway.name() + ": why");
        }
    }

    @Test
    void whereAllGatewaysFailThePurgeHasFailed() throws IOException {
        try (FakeGateway other = new FakeGateway()) {
            gateway.answers(500, "<html>");
            other.answers(401, "{\"detail\":\"a token is needed\"}");
            Run run = larder("purge", "--all", "--admin", gateway.url() + "," + other.url());
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("no gateway has taken the purge", "status 500", "a token is needed");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.0 s", "6250, 6.3 s", "119999, 120.0 s", "120000, 2 min"})
    void elapsed(long millis, String text) {
        assertThat(Elapsed.of(millis)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"no \\u001b[2J host\"}|refuses: no \uFFFD[2J host",
                "401|{\"detail\":\"a token is needed\"}|a token is needed",
                "500|<html>|refuses: status 500",
                "200|<html>|no Larder admin API",
                "200|[]|no Larder admin API"
            })
    void refusalsAreOneLineAndExit1(int status, String answer, String says) {
        gateway.answers(status, answer);
        Run run = larder("purge", "--all");
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains(says);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void noGatewayIsOneLineAndExit1() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Run run = Run.larder(Map.of(), "status", "--admin", "http://127.0.0.1:" + port);
        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("no gateway answers", "--admin");
    }

    @Test
    void theTokenComesFromAFileOrTheEnvironment(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("token"), "from-file\n");
        gateway.answers(200, STATUS);
        Map<String, String> environment = Map.of("LARDER_ADMIN", gateway.url(), "LARDER_TOKEN", "from-env");
        Run.larder(environment, "status");
        Run.larder(environment, "status", "--token-file", file.toString());
        assertThat(gateway.calls)
                .extracting(FakeGateway.Call::authorization)
                .containsExactly("Bearer from-env", "Bearer from-file");
    }

    @Test
    void aTokenThatNoHeaderCanHoldIsNotShown() {
        Run run = Run.larder(Map.of("LARDER_ADMIN", gateway.url(), "LARDER_TOKEN", "s3cret\r\nX: y"), "status");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).doesNotContain("s3cret");
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1610612736, 1.5 GiB", "9223372036854775807, 8388608.0 TiB"})
    void sizes(long bytes, String text) {
        assertThat(StatusCommand.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"5, 5s", "65, 1m 5s", "7260, 2h 1m", "180000, 2d 2h"})
    void uptimes(long seconds, String text) {
        assertThat(StatusCommand.uptime(seconds)).isEqualTo(text);
    }
}
