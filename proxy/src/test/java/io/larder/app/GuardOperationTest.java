package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The private-page guard at work in a whole gateway: what operators are told of it, and crowds in front of a private page. */
class GuardOperationTest {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String PAGE = "Cache-Control: max-age=60\r\nContent-Type: text/html\r\n";

    @TempDir
    Path directory;

    private static String as(String visitor, String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: shop.test\r\nCookie: v=" + visitor + "\r\n\r\n";
    }

    @Test
    void aShadowedRouteTellsWhatDiffersPerVisitor() throws Exception {
        String shadowed =
                "sites: { default: { upstream: app, routes: [ { path: \"/**\", name: shop, cache: { guard: shadow } } ] } }";
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        asked.incrementAndGet();
                        boolean anna = head.contains("v=anna");
                        String page = head.startsWith("GET /cart") ? "cart of " + (anna ? "anna" : "bert") : "same";
                        wire.send(Running.ok(PAGE, page));
                    }
                });
                Running running = Running.start(directory, origin, 2, shadowed)) {
            for (String visitor : List.of("anna", "bert", "bert")) {
                for (String target : List.of("/cart", "/")) {
                    try (RawClient client = running.connect()) {
                        client.send(as(visitor, target));
                        assertThat(client.answer().body()).contains(target.equals("/") ? "same" : visitor);
                    }
                }
            }
            assertThat(asked.get()).as("each request goes to the origin").isEqualTo(6);
            JsonNode guard = running.status().at("/guard/0");
            assertThat(guard.at("/route").asText()).isEqualTo("shop");
            assertThat(guard.at("/shadow/same").asLong()).isEqualTo(3);
            assertThat(guard.at("/shadow/per-visitor").asLong()).isEqualTo(1);
            assertThat(guard.at("/findings/0/what").asText()).isEqualTo("differs per visitor at byte 8");
            assertThat(running.adminGet("/metrics").body())
                    .contains(
                            "larder_shadow_comparisons_total{outcome=\"per-visitor\",route=\"shop\",site=\"default\"} 1.0");
        }
    }

    @Test
    void aCrowdInFrontOfAPageOfSomebodysGetsNothingOfIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch crowded = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        boolean first = asked.getAndIncrement() == 0;
                        String page = first ? "<p>zombie-7f3a9c21</p>" : "<p>hello to everyone</p>";
                        String start = Running.ok(PAGE, page);
                        wire.send(start.substring(0, start.length() - 10));
                        wire.pauseUntil(crowded, PATIENCE_MILLIS);
                        wire.send(start.substring(start.length() - 10));
                    }
                });
                Running running = Running.start(directory, origin, 2)) {
            RawClient anna = running.connect().send(as("0; sid=zombie-7f3a9c21", "/"));
            Running.await("the origin is asked", () -> asked.get() == 1);
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                crowd.add(running.connect().send(Running.get("/")));
            }
            crowded.countDown();
            assertThat(anna.answer().body()).isEqualTo("<p>zombie-7f3a9c21</p>");
            for (RawClient client : crowd) {
                assertThat(client.answer().body()).isEqualTo("<p>hello to everyone</p>");
                client.close();
            }
            anna.close();
            assertThat(asked.get()).isLessThan(5);
        }
    }
}
