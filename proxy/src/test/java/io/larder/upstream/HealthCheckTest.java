package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.exchange.Failure;
import io.larder.testing.ScriptedOrigin;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BROKEN = "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n";

    static UpstreamSettings.Care care(double panicBelow) {
        return new UpstreamSettings.Care(
                new OutlierDetector(3, Duration.ofMillis(300), Duration.ofSeconds(2)),
                null,
                new UpstreamSettings.Checks(
                        "/healthz?deep=1",
                        "app.example",
                        Duration.ofMillis(20),
                        Duration.ofMillis(300),
                        List.of(new UpstreamSettings.Statuses(200, 299)),
                        new HealthCount(2, 2),
                        panicBelow));
    }

    /** What checks are answered. */
    private static final class Switch {
        volatile String answer;

        Switch(String answer) {
            this.answer = answer;
        }
    }

    /** Answers checks with what the switch says, and requests with OK. */
    private static ScriptedOrigin.Script switched(Switch health) {
        return wire -> {
            for (String request = wire.nextRequest(); !request.isEmpty(); request = wire.nextRequest()) {
                wire.send(request.startsWith("GET /healthz") ? health.answer : OK);
            }
        };
    }

    @Test
    void aServerWhoseCheckFailsGetsNothingUntilItPassesAgain() throws Exception {
        Switch health = new Switch(OK);
        try (ScriptedOrigin first = ScriptedOrigin.play(switched(health));
                ScriptedOrigin second = ScriptedOrigin.play(switched(new Switch(OK)));
                Rig rig = new Rig(Rig.with(Rig.settings(first.address(), second.address()), care(0)))) {
            for (int i = 0; i < 10; i++) {
                assertThat(rig.ask(get("/before")).status()).isEqualTo(200);
            }
            assertThat(requests(first, "/before")).isPositive();
            health.answer = BROKEN;
            rig.await(stats -> stats.standing() == Standing.DOWN);
            for (int i = 0; i < 20; i++) {
                assertThat(rig.ask(get("/while")).status()).isEqualTo(200);
            }
            assertThat(requests(first, "/while")).isZero();
            health.answer = OK;
            rig.await(stats -> stats.standing() == Standing.UP);
            for (int i = 0; i < 20; i++) {
                rig.ask(get("/after"));
            }
            assertThat(requests(first, "/after")).isPositive();
            assertThat(rig.news.all())
                    .containsExactly("DOWN: health check: it answers 500", "UP: health check: it answers 200");
            assertThat(first.requests())
                    .filteredOn(request -> request.contains("/healthz"))
                    .allSatisfy(request -> assertThat(request)
                            .startsWith("GET /healthz?deep=1 HTTP/1.1\r\n")
                            .contains("Host: app.example\r\n"));
        }
    }

    private static long requests(ScriptedOrigin origin, String path) {
        return origin.requestLines().stream()
                .filter(line -> line.contains(path))
                .count();
    }

    @Test
    void withAllServersDownRequestsAreRefusedAtOnce() throws Exception {
        try (ScriptedOrigin only = ScriptedOrigin.play(switched(new Switch(BROKEN)));
                Rig rig = new Rig(Rig.with(Rig.settings(only.address()), care(0)))) {
            rig.await(stats -> stats.standing() == Standing.DOWN);
            Failure failure = rig.ask(get("/")).failed();
            assertThat(failure.kind()).isEqualTo(Failure.Kind.DESTINATION_UNAVAILABLE);
            assertThat(failure.isUnsent()).isTrue();
            assertThat(requests(only, " / ")).isZero();
        }
    }

    @Test
    void belowThePanicThresholdChecksAreNotBelieved() throws Exception {
        try (ScriptedOrigin only = ScriptedOrigin.play(switched(new Switch(BROKEN)));
                Rig rig = new Rig(Rig.with(Rig.settings(only.address()), care(0.5)))) {
            rig.await(stats -> stats.standing() == Standing.DOWN);
            assertThat(rig.ask(get("/")).status()).isEqualTo(200);
        }
    }

    @Test
    void aServerThatAcceptsAndStaysSilentFailsItsCheck() throws Exception {
        try (ScriptedOrigin silent = ScriptedOrigin.play(wire -> wire.awaitClose());
                Rig rig = new Rig(Rig.with(Rig.settings(silent.address()), care(0)))) {
            rig.await(stats -> stats.standing() == Standing.DOWN);
            assertThat(rig.news.all()).containsExactly("DOWN: health check: no response in time");
        }
    }
}
