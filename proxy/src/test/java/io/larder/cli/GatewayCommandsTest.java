package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

@Timeout(60)
class GatewayCommandsTest {
    private static final String STATUS = """
            {"version":"0.1.0","phase":"ready","started":"2026-11-23T12:00:00Z","uptime-seconds":3725,"transport":"epoll",
             "configuration":{"files":["config/larder.yaml"],"loaded":"2026-11-23T12:00:00Z","current":false,"problem":"larder.yaml:3:1: bad\\u001b[2J"},
             "listeners":[{"name":"web","address":"0.0.0.0:8080"}],
             "tiers":[{"name":"local","bytes":1536,"capacity":536870912,"entries":7,"evictions":0}],
             "requests":{"hit":90,"miss":10},
             "upstreams":[{"name":"app","balance":"round-robin","servers":[
               {"upstream":"app","address":"127.0.0.1:8000","usable":true,"connections":4,"in-flight":2,"requests":100,"failures":1},
               {"upstream":"app","address":"127.0.0.1:8001","usable":false,"connections":0,"in-flight":0,"requests":5,"failures":5}]}]}""";

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
                        "requests: hit 90 miss 10 (90.0 % from cache)",
                        "",
                        "LISTENER  ADDRESS",
                        "web       0.0.0.0:8080",
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

    @Test
    void aPurgeThatANodeDoesNotConfirmIsPartlyDone() {
        gateway.answers(
                202, "{\"matched\":1,\"nodes\":{\"acked\":{\"a\":1.0},\"missing\":[\"b\"]},\"took-ms\":5000.0}");
        Run run = larder("purge", "--all");
        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.out()).contains("purged: 1 stored response,", "b     not yet");
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
