package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.testing.Eventually;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The configuration of a gateway changes while it is at work. */
class ReloadTest {
    private static final String BASE = """
            listeners: { web: { bind: "127.0.0.1:0" } }
            admin: { bind: "127.0.0.1:0" }
            log: { access: { format: off } }
            """;

    @TempDir
    Path directory;

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("larder.yaml"), text);
    }

    /** Every request is answered with {@code body}. */
    private static String saying(String body) {
        return BASE + "sites: { shop: { routes: [ { path: /**, name: all, respond: { body: " + body + " } } ] } }\n";
    }

    private static String fronting(ScriptedOrigin origin, String more) {
        return BASE + "upstreams: { app: { servers: ['127.0.0.1:" + origin.port() + "']" + more + " } }\n"
                + "sites: { shop: { upstream: app } }\n";
    }

    private static String said(RawClient client) throws IOException {
        return client.send(Running.get("/")).answer().body();
    }

    @Test
    void theNextRequestOfAConnectionSeesIt() throws Exception {
        try (Running running = Running.reloading(directory, 2, false, saying("one"));
                RawClient client = running.connect()) {
            assertThat(said(client)).isEqualTo("one");
            write(saying("two"));
            JsonNode report = running.reload(200);
            assertThat(report.get("changed").asBoolean()).isTrue();
            JsonNode change = report.get("changes").get(0);
            assertThat(change.get("path").asText()).isEqualTo("sites.shop.routes[0].respond.body");
            assertThat(change.get("before").asText()).isEqualTo("one");
            assertThat(change.get("after").asText()).isEqualTo("two");
            assertThat(said(client)).isEqualTo("two");
            assertThat(running.adminGet("/v1/config").body()).contains("two");
            assertThat(running.reload(200).get("changed").asBoolean()).isFalse();
            assertThat(metric(running, "larder_config_reloads_total")).isEqualTo("2.0");
        }
    }

    private static String metric(Running running, String name) throws IOException {
        return running.adminGet("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    @Test
    void aBrokenFileLeavesTheOldOneAndIsSeenEverywhere() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Reloads.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (Running running = Running.reloading(directory, 2, false, saying("one"));
                RawClient client = running.connect()) {
            write(saying("two").replace("respond", "resopnd"));
            JsonNode problem = running.reload(422).get("problems").get(0);
            assertThat(problem.get("place").asText()).contains("larder.yaml:4:");
            assertThat(problem.get("message").asText()).contains("unknown key 'resopnd'");
            assertThat(problem.get("suggestion").asText()).contains("respond");
            assertThat(said(client)).isEqualTo("one");
            JsonNode state = running.status().get("configuration");
            assertThat(state.get("current").asBoolean()).isFalse();
            assertThat(state.get("problem").asText()).contains("larder.yaml:4:", "resopnd");
            assertThat(metric(running, "larder_config_reload_failures_total")).isEqualTo("1.0");
            assertThat(metric(running, "larder_config_current")).isEqualTo("0.0");

            write(saying("three"));
            running.reload(200);
            assertThat(said(client)).isEqualTo("three");
            assertThat(running.status().get("configuration").get("current").asBoolean())
                    .isTrue();
            assertThat(metric(running, "larder_config_current")).isEqualTo("1.0");
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).hasSize(2);
        assertThat(lines.list.get(0).getFormattedMessage()).contains("refused", "larder.yaml:4:");
        assertThat(lines.list.get(1).getFormattedMessage()).contains("~ sites.shop.routes[0].respond.body");
    }

    /** Nobody may be there to read the answer: files are taken on by themselves. */
    @Test
    void whatIsOddIsInTheLog() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Reloads.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try (Running running = Running.reloading(directory, 1, false, saying("one"))) {
            write(saying("two") + "upstreams: { app: { servers: ['127.0.0.1:1'] } }\n");
            running.reload(200);
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel() == Level.WARN)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .satisfies(line -> assertThat(line).contains("larder.yaml:5:", "no route leads to upstream 'app'"));
    }

    @Test
    void aRequestInFlightFinishesAsItBegan() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    wire.readHead();
                    wire.pauseUntil(rest, 10_000);
                    wire.send(Running.ok("", "late"));
                });
                Running running = Running.reloading(directory, 2, false, fronting(origin, ""));
                RawClient client = running.connect()) {
            client.send(Running.get("/slow"));
            Eventually.eventually("the origin is asked", () -> origin.connections() == 1);
            write(saying("new"));
            running.reload(200);
            assertThat(running.fetch("/").body()).isEqualTo("new");
            rest.countDown();
            assertThat(client.answer().body()).isEqualTo("late");
            assertThat(said(client)).isEqualTo("new");
        }
    }

    @Test
    void anUpstreamThatIsTheSameKeepsItsConnectionsAndOneThatIsNotLetsThemGo() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "page")));
                Running running = Running.reloading(directory, 1, false, fronting(origin, ""));
                RawClient client = running.connect()) {
            said(client);
            write(fronting(origin, "") + "trusted-proxies: [10.0.0.0/8]\n");
            running.reload(200);
            write(fronting(origin, ", retry: { attempts: 1 }, host: upstream"));
            running.reload(200);
            said(client);
            assertThat(origin.connections()).isEqualTo(1);
            assertThat(origin.requests().get(1)).contains("Host: 127.0.0.1:" + origin.port());
            assertThat(server(running).get("requests").asLong()).isEqualTo(2);
            write(fronting(origin, ", pool: { max-connections: 7 }"));
            running.reload(200);
            said(client);
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(server(running).get("requests").asLong()).isEqualTo(1);
        }
    }

    private static JsonNode server(Running running) throws IOException {
        return running.status().get("upstreams").get(0).get("servers").get(0);
    }

    @Test
    void whatIsStoredSurvives() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(
                        ScriptedOrigin.always(Running.ok("Cache-Control: max-age=60\r\n", "page")));
                Running running = Running.reloading(directory, 2, false, fronting(origin, ""));
                RawClient client = running.connect()) {
            said(client);
            Eventually.eventually(
                    "it is stored",
                    () -> client.send(Running.get("/"))
                            .answer()
                            .field("X-Cache")
                            .equals("HIT"));
            write(fronting(origin, ", timeouts: { connect: 2s }"));
            running.reload(200);
            assertThat(client.send(Running.get("/")).answer().field("X-Cache")).isEqualTo("HIT");
            assertThat(running.adminPost("/v1/purge", "{\"urls\":[\"http://shop.test/\"]}")
                            .body())
                    .contains("\"matched\":1");
        }
    }

    @Test
    void listenersComeAndGo() throws Exception {
        String two = "listeners: { web: { bind: '127.0.0.1:0' }, more: { bind: '127.0.0.1:0' } }";
        try (Running running = Running.reloading(directory, 2, false, saying("one"));
                RawClient first = running.connect()) {
            assertThat(said(first)).isEqualTo("one");
            write(saying("two").replaceFirst("listeners:.*", two));
            running.reload(200);
            assertThat(said(first)).isEqualTo("two");
            assertThat(running.status().get("listeners")).hasSize(2);
            try (RawClient second = new RawClient(more(running))) {
                assertThat(said(second)).isEqualTo("two");
                InetSocketAddress gone = more(running);
                write(saying("three"));
                running.reload(200);
                assertThat(second.isEnded()).isTrue();
                assertThatThrownBy(() -> new RawClient(gone)).isInstanceOf(IOException.class);
            }
            assertThat(said(first)).isEqualTo("three");
            assertThat(running.status().get("listeners")).hasSize(1);
        }
    }

    private static InetSocketAddress more(Running running) {
        return Objects.requireNonNull(running.larder.addresses().get("more"));
    }

    @Test
    void aListenerThatGoesFinishesWhatItHasBegun() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        String other = "listeners: { other: { bind: '127.0.0.1:0' } }";
        String half = "half".repeat(10_000); // of a body that is too large to be held back
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    wire.readHead();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + 2 * half.length() + "\r\n\r\n" + half);
                    wire.pauseUntil(rest, 10_000);
                    wire.send(half);
                });
                Running running = Running.reloading(directory, 2, false, fronting(origin, ""));
                RawClient client = running.connect()) {
            client.send(Running.get("/")).head();
            write(fronting(origin, "").replaceFirst("listeners:.*", other));
            running.reload(200);
            rest.countDown();
            assertThat(new String(client.exactly(2 * half.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(half + half);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aListenerThatCannotBeOpenedChangesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Running running = Running.reloading(directory, 2, false, saying("one"));
                RawClient client = running.connect()) {
            String bind = "127.0.0.1:" + taken.getLocalPort();
            write(saying("two")
                    .replaceFirst(
                            "listeners:.*",
                            "listeners: { web: { bind: '127.0.0.1:0' }, free: { bind: '127.0.0.1:0' }, more: { bind: '"
                                    + bind + "' } }"));
            JsonNode problem = running.reload(422).get("problems").get(0);
            assertThat(problem.get("message").asText()).contains("larder.yaml:1:", "listener 'more'", bind);
            assertThat(said(client)).isEqualTo("one");
            assertThat(running.larder.addresses()).containsOnlyKeys("web");
            assertThat(running.status().get("configuration").get("problem").asText())
                    .contains("listener 'more'");
        }
    }

    @Test
    void aListenersLimitsAreThoseOfConnectionsThatComeThen() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String bind = "bind: '127.0.0.1:" + port + "'";
        String small = saying("one")
                .replaceFirst("listeners:.*", "listeners: { web: { " + bind + ", limits: { body: 3B } } }");
        String large = small.replace("3B", "9B");
        String post = "POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 5\r\n\r\n12345";
        try (Running running = Running.reloading(directory, 2, false, large);
                RawClient before = running.connect()) {
            assertThat(before.send(post).answer().status()).isEqualTo(200);
            write(small);
            running.reload(200);
            assertThat(before.send(post).answer().status()).isEqualTo(200);
            try (RawClient after = running.connect()) {
                assertThat(after.send(post).answer().status()).isEqualTo(413);
            }
        }
    }

    @Test
    void aListenerMayBeCalledOtherwiseAndKeepItsPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String old = BASE.replace("127.0.0.1:0\" } }\nadmin", "127.0.0.1:" + port + "\" } }\nadmin")
                + "sites: { shop: { listeners: [web], routes: [ { path: /**, respond: { body: here } } ] } }\n";
        try (Running running = Running.reloading(directory, 2, false, old);
                RawClient before = running.connect()) {
            assertThat(said(before)).isEqualTo("here");
            write(old.replace("web", "shop-front"));
            running.reload(200);
            assertThat(before.isEnded()).isTrue();
            assertThat(running.larder.addresses()).containsOnlyKeys("shop-front");
            try (RawClient after = running.connect()) {
                assertThat(said(after)).isEqualTo("here");
            }
        }
    }

    @Test
    void whatTakesARestartIsSaidUntilItIsTakenBack() throws Exception {
        try (Running running = Running.reloading(directory, 2, false, saying("one"))) {
            write(saying("two").replace("format: off", "format: combined") + "cache: { memory: 64MiB }\n");
            JsonNode report = running.reload(200);
            assertThat(report.get("restart-needed"))
                    .extracting(JsonNode::asText)
                    .containsExactly("cache.memory", "log.access");
            assertThat(running.fetch("/").body()).isEqualTo("two");
            assertThat(running.status().get("configuration").get("restart-needed"))
                    .hasSize(2);
            write(saying("two"));
            assertThat(running.reload(200).get("restart-needed")).isEmpty();
            assertThat(running.status().get("configuration").get("restart-needed"))
                    .isEmpty();
        }
    }

    @Test
    void aNewTokenCountsAtOnce() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "old-token");
        String config = saying("one").replace("admin: { ", "admin: { token-file: token, ");
        try (Running running = Running.reloading(directory, 2, false, config)) {
            assertThat(statusWith(running, "old-token")).isEqualTo(200);
            Files.writeString(token, "new-token");
            running.larder.reload();
            Eventually.eventually("the new token counts", () -> statusWith(running, "new-token") == 200);
            assertThat(statusWith(running, "old-token")).isEqualTo(401);
        }
    }

    private static int statusWith(Running running, String token) throws IOException {
        return running.admin(
                        "GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                .status();
    }

    @Test
    void filesThatChangeAreReadByThemselves() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(Reloads.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        try (Running running = Running.reloading(directory, 2, true, saying("one"))) {
            log.addAppender(lines);
            write(saying("two"));
            Eventually.eventually(
                    "the new file is live", () -> running.fetch("/").body().equals("two"));
            write("listeners: [");
            Eventually.eventually(
                    "the broken file is seen",
                    () -> !running.status().get("configuration").get("current").asBoolean());
            write("listeners: ["); // by now another file, that holds the same
            write(saying("three"));
            Eventually.eventually(
                    "the repaired file is live", () -> running.fetch("/").body().equals("three"));
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(3);
        Running.await("all threads have ended", () -> Running.threads().isEmpty());
    }

    @Test
    void withoutAFileThereIsNothingToReload() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok("", "page")));
                Running running = Running.start(directory, origin, 2)) {
            assertThat(running.reload(409).get("detail").asText()).contains("without a configuration file");
        }
    }

    @Test
    void whoListensIsToldOfReloadsAndPurges() throws Exception {
        try (Running running = Running.reloading(directory, 2, false, saying("one"));
                RawClient listener = new RawClient(running.larder.adminAddress())) {
            listener.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(listener.head()).contains("Content-Type: text/event-stream; charset=utf-8");
            assertThat(event(listener)).contains("retry: 2000");
            write(saying("two"));
            running.reload(200);
            assertThat(event(listener))
                    .contains("event: reload", "\"ok\":true", "\"path\":\"sites.shop.routes[0].respond.body\"");
            write("sites:");
            running.reload(422);
            assertThat(event(listener)).contains("event: reload", "\"ok\":false", "problems");
            running.adminPost("/v1/purge", "{\"all\":true}");
            assertThat(event(listener)).contains("event: purge", "\"what\":\"everything\"");
            running.larder.stop();
            assertThat(listener.line()).isEqualTo("0"); // the last chunk
        }
    }

    @Test
    void listenersThatHangUpAreForgotten() throws Exception {
        try (Running running = Running.reloading(directory, 2, false, saying("one"))) {
            for (int i = 0; i < 100; i++) {
                try (RawClient listener = new RawClient(running.larder.adminAddress())) {
                    listener.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Eventually.eventually("one is heard", () -> running.larder.listening() > 0);
                    if (i % 2 == 0) {
                        listener.reset();
                    }
                }
                if (i % 20 == 0) {
                    Eventually.eventually("all are forgotten", () -> running.larder.listening() == 0);
                }
            }
            Eventually.eventually("all are forgotten", () -> running.larder.listening() == 0);
        }
    }

    private static String event(RawClient listener) throws IOException {
        int size = Integer.parseInt(listener.line(), 16);
        String text = new String(listener.exactly(size), StandardCharsets.UTF_8);
        listener.line();
        return text;
    }

    @Test
    void manyWhoAskAtOnceAreAnsweredTogether() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> readings = new CopyOnWriteArrayList<>();
        Path file = directory.resolve("larder.yaml");
        write(saying("one"));
        ConfigLoader.Reading first = ConfigLoader.read(file, name -> null);
        Rereading slow = new Rereading(
                first.sources(),
                () -> {
                    readings.add("read");
                    begun.countDown();
                    awaitUninterruptibly(go);
                    return ConfigLoader.read(file, name -> null);
                },
                false);
        Larder larder = Larder.start(((Loaded.Good) first.loaded()).config(), Running.platform(1), slow);
        larder.reload();
        begun.await();
        for (int i = 0; i < 100; i++) {
            larder.reload();
        }
        go.countDown();
        Eventually.eventually(
                "all have been answered", () -> larder.live().history().reloads() == 2);
        larder.stop();
        larder.await();
        assertThat(readings).hasSize(2);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
