package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's life, and what it tells operators meanwhile. */
class OperationTest {
    private static final Pattern SAMPLE =
            Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? (NaN|[+-]Inf|[-+0-9.eE]+)( \\d+)?");
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String HALF = "half".repeat(10_000); // of a body that is too large to be held back

    @TempDir
    Path directory;

    @Test
    void drains() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(halfThenRest(rest));
                Running running = Running.start(directory, origin, 3);
                RawClient busy = running.connect()) {
            List<RawClient> idle = idle(running, 9);
            busy.send(Running.get("/slow"));
            assertThat(busy.head().get(0)).isEqualTo("HTTP/1.1 200 OK");

            running.larder.stop();

            Running.await(
                    "it says that it drains", () -> running.adminGet("/readyz").status() == 503);
            assertThat(running.adminGet("/livez").status()).isEqualTo(200);
            assertThat(running.status().get("phase").asText()).isEqualTo("draining");
            for (RawClient client : idle) {
                assertThat(client.isEnded()).isTrue();
                client.close();
            }
            assertThatThrownBy(running::connect).isInstanceOf(IOException.class);
            rest.countDown();
            assertThat(new String(busy.exactly(2 * HALF.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(HALF + HALF);
            assertThat(busy.isEnded()).isTrue();
            running.larder.await();
            assertThatThrownBy(() -> running.adminGet("/livez")).isInstanceOf(IOException.class);
        }
        Running.await("all threads have ended", () -> Running.threads().isEmpty());
    }

    @Test
    void cutsWhatDoesNotEnd() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(halfThenRest(never));
                Running running = Running.start(directory, origin, 2, "shutdown: { drain: 100ms }");
                RawClient busy = running.connect()) {
            busy.send(Running.get("/slow")).head();
            assertThat(running.adminPost("/v1/drain", "{}").status()).isEqualTo(202);
            assertThatThrownBy(() -> busy.exactly(2 * HALF.length())).isInstanceOf(IOException.class);
            running.larder.await();
            never.countDown();
        }
        Running.await("all threads have ended", () -> Running.threads().isEmpty());
    }

    private static ScriptedOrigin.Script halfThenRest(CountDownLatch rest) {
        return wire -> {
            for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                if (head.startsWith("GET /slow")) {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * HALF.length() + "\r\n\r\n" + HALF);
                    wire.pauseUntil(rest, PATIENCE_MILLIS);
                    wire.send(HALF);
                } else {
                    wire.send(Running.ok("", "quick"));
                }
            }
        };
    }

    private static List<RawClient> idle(Running running, int count) throws IOException {
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawClient client = running.connect();
            assertThat(client.send(Running.get("/quick")).answer().body()).isEqualTo("quick");
            idle.add(client);
        }
        return idle;
    }

    @Test
    void tellsOperatorsWhatItDoes() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(
                        ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\n", "page")));
                Running running = Running.start(directory, origin, 2)) {
            assertThat(running.adminGet("/readyz").status()).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(running.fetch("/a").status()).isEqualTo(200);
            }
            // each is counted by its own loop, after its client has the answer
            Running.await(
                    "all requests are counted", () -> outcome(running, "hit") == 4 && outcome(running, "miss") == 1);
            // the cache weighs what it has when the thread of its upkeep comes to it
            Running.await(
                    "what is stored is weighed",
                    () -> running.status().get("tiers").get(0).get("bytes").asLong() > 0);
            JsonNode status = running.status();
            assertThat(status.get("phase").asText()).isEqualTo("ready");
            JsonNode listener = status.get("listeners").get(0);
            assertThat(listener.get("name").asText()).isEqualTo("web");
            assertThat(listener.get("address").asText()).endsWith(":" + running.port());
            assertThat(status.get("tiers").get(0).get("entries").asLong()).isEqualTo(1);
            JsonNode server = status.get("upstreams").get(0).get("servers").get(0);
            assertThat(server.get("requests").asLong()).isEqualTo(1);

            JsonNode purged = new ObjectMapper()
                    .readTree(running.adminPost("/v1/purge", "{\"all\":true}").body());
            assertThat(purged.get("matched").asLong()).isEqualTo(1);
            assertThat(running.status().get("tiers").get(0).get("entries").asLong())
                    .isZero();
        }
    }

    private static long outcome(Running running, String name) throws IOException {
        JsonNode count = running.status().get("requests").get(name);
        return count == null ? 0 : count.asLong();
    }

    @Test
    void givesMetricsThatPrometheusReads() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "page")));
                Running running = Running.start(directory, origin, 2)) {
            running.fetch("/a");
            Running.await(
                    "the request is counted",
                    () -> running.adminGet("/metrics").body().contains("site=\"shop\""));
            List<String> lines = running.adminGet("/metrics").body().lines().toList();
            assertThat(lines).hasSizeGreaterThan(50);
            assertThat(lines)
                    .allSatisfy(line -> assertThat(line.startsWith("# ")
                                    || SAMPLE.matcher(line).matches())
                            .as(line)
                            .isTrue());
            assertThat(lines).anyMatch(line -> line.startsWith("jvm_"));
        }
    }

    @Test
    void keepsAGoodNameWhenItsOriginRestarts() throws Exception {
        ScriptedOrigin.Script script = ScriptedOrigin.always(Running.ok("", "page"));
        ScriptedOrigin origin = ScriptedOrigin.play(script);
        int port = origin.port();
        try (Running running = Running.start(directory, origin, 2);
                RawClient client = running.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.send(Running.get("/" + i)).answer().status()).isEqualTo(200);
                origin.close();
                origin = ScriptedOrigin.playOn(port, script);
                assertThat(client.send(Running.get("/" + i)).answer().status()).isEqualTo(200);
            }
        } finally {
            origin.close();
        }
    }

    @Test
    void asksForNoMoreThanAClientReads() throws Exception {
        long length = 128L << 20;
        CountDownLatch halfway = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    wire.readHead();
                    wire.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Length: " + length + "\r\n\r\n");
                    byte[] megabyte = new byte[1 << 20];
                    for (long sent = 0; sent < length; sent += megabyte.length) {
                        wire.send(megabyte);
                        if (sent == length / 2) {
                            halfway.countDown();
                        }
                    }
                });
                Running running = Running.start(directory, origin, 2, "cache: { max-object: 1MiB }");
                RawClient client = running.connect(64 * 1024)) {
            client.send(Running.get("/large")).head();
            // what the sockets' buffers hold is a few megabytes; the origin must not get rid of much more
            assertThat(halfway.await(700, TimeUnit.MILLISECONDS)).isFalse();
            client.in().skipNBytes(length);
            assertThat(halfway.getCount()).isZero();
        }
    }
}
