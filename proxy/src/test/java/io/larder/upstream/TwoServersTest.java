package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static io.larder.upstream.Rig.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.balance.Endpoint;
import io.larder.balance.OutlierDetector;
import io.larder.gateway.RetrySettings;
import io.larder.gateway.Retrying;
import io.larder.testing.ScriptedOrigin;
import io.larder.testing.ScriptedOrigin.Script;
import io.larder.upstream.Rig.Result;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One of two servers is in trouble: clients do not notice. */
class TwoServersTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final OutlierDetector BREAKER =
            new OutlierDetector(3, Duration.ofMillis(300), Duration.ofSeconds(2));
    private static final RetrySettings RETRY = new RetrySettings(2, true, true, Set.of(502, 503, 504), 0.2, null);

    static Stream<Arguments> troubles() {
        Script silent = wire -> wire.awaitClose();
        Script resetting = wire -> {
            wire.readRequest();
            wire.reset();
        };
        Script hangingUp = wire -> {};
        Script garbage = wire -> {
            wire.readRequest();
            wire.send("garbage");
        };
        Script unavailable = ScriptedOrigin.always("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\n\r\nno!");
        return Stream.of(
                Arguments.of("silent", silent),
                Arguments.of("resetting", resetting),
                Arguments.of("hanging up", hangingUp),
                Arguments.of("garbage", garbage),
                Arguments.of("dying in the middle of a body", dying(10)),
                Arguments.of("dying before any of a body", dying(0)),
                Arguments.of("unavailable", unavailable));
    }

    private static Rig.Group settings(InetSocketAddress a, InetSocketAddress b) {
        UpstreamSettings.Timeouts timeouts = new UpstreamSettings.Timeouts(
                Duration.ofSeconds(2), Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(15));
        return Rig.with(Rig.settings(a, b), timeouts);
    }

    /** Announces a page, and sends so many octets of it. */
    private static Script dying(int after) {
        return wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + "x".repeat(after));
            wire.reset();
        };
    }

    private static UpstreamSettings.Care strict() {
        UpstreamSettings.Outliers outliers = new UpstreamSettings.Outliers(
                new OutlierDetector(5, Duration.ofMillis(300), Duration.ofSeconds(2)), 0.5, null);
        return new UpstreamSettings.Care(BREAKER, outliers, null);
    }

    private static int failures(Rig rig, Retrying retrying, int requests, int atOnce) throws Exception {
        List<CompletableFuture<Result>> all = new ArrayList<>();
        int failed = 0;
        for (int i = 0; i < requests; i++) {
            all.add(rig.begin(retrying, get("/" + i)));
            if (all.size() == atOnce) {
                failed += failed(all);
            }
        }
        return failed + failed(all);
    }

    private static int failed(List<CompletableFuture<Result>> all) throws Exception {
        int failed = 0;
        for (CompletableFuture<Result> one : all) {
            Result result = one.get(20, TimeUnit.SECONDS);
            failed += result.status() == 200 && result.bodyFailure() == null ? 0 : 1;
        }
        all.clear();
        return failed;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("troubles")
    void noGetFails(String name, Script trouble) throws Exception {
        try (ScriptedOrigin good = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                ScriptedOrigin bad = ScriptedOrigin.play(trouble);
                Rig rig = new Rig(Rig.with(settings(bad.address(), good.address()), strict()))) {
            Retrying retrying = new Retrying(rig.upstream, RETRY);
            assertThat(failures(rig, retrying, 300, 8)).as(name).isZero();
            assertThat(bad.connections()).as("requests lost to the bad one").isLessThan(60);
            assertThat(rig.await(stats -> stats.inFlight() == 0).inFlight()).isZero();
        }
    }

    @Test
    void aDeadServerIsLeftAloneAndReturns() throws Exception {
        int port;
        try (ScriptedOrigin first = ScriptedOrigin.play(ScriptedOrigin.always(OK))) {
            port = first.port();
        }
        InetSocketAddress dead = new InetSocketAddress("127.0.0.1", port);
        try (ScriptedOrigin good = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                Rig rig = new Rig(settings(dead, good.address()))) {
            Retrying retrying = new Retrying(rig.upstream, RETRY);
            assertThat(failures(rig, retrying, 300, 4)).isZero();
            ServerStats stats = rig.stats();
            assertThat(stats.requests()).as("attempts at the dead one").isLessThan(30);
            assertThat(good.requests()).hasSize(300);

            try (ScriptedOrigin back = ScriptedOrigin.playOn(port, ScriptedOrigin.always(OK))) {
                rig.await(now -> now.ejectedFor().isZero());
                assertThat(failures(rig, retrying, 100, 4)).isZero();
                assertThat(back.requests().size()).isBetween(20, 80);
            }
        }
    }

    @Test
    void aPostReachesOneServerOnly() throws Exception {
        Script resetting = wire -> {
            wire.readRequest();
            wire.reset();
        };
        try (ScriptedOrigin good = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                ScriptedOrigin bad = ScriptedOrigin.play(resetting);
                Rig rig = new Rig(settings(bad.address(), good.address()))) {
            Retrying retrying = new Retrying(rig.upstream, RETRY);
            int sent = 40;
            for (int i = 0; i < sent; i++) {
                int status = rig.ask(retrying, post("/" + i, "x")).status();
                assertThat(status).isIn(200, 502);
            }
            List<String> all = new ArrayList<>(good.requestLines());
            all.addAll(bad.requestLines());
            assertThat(all).hasSize(sent).doesNotHaveDuplicates();
        }
    }

    @Test
    void aSlowServerIsHelpedOutAndTheJournalNamesWhoAnswered() throws Exception {
        Script slow = wire -> wire.awaitClose();
        try (ScriptedOrigin good = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                ScriptedOrigin bad = ScriptedOrigin.play(slow);
                Rig rig = new Rig(settings(bad.address(), good.address()))) {
            RetrySettings hedging = new RetrySettings(2, true, true, RETRY.onStatuses(), 0.2, Duration.ofMillis(50));
            Retrying retrying = new Retrying(rig.upstream, hedging);
            String name = good.address().getHostString() + ":" + good.port();
            for (int i = 0; i < 6; i++) {
                Result result = rig.ask(retrying, get("/" + i));
                assertThat(result.status()).isEqualTo(200);
                assertThat(result.exchange().journal().server()).isEqualTo(name);
            }
            assertThat(bad.connections()).isPositive();
        }
    }

    @Test
    void backupsAreForNeed() throws Exception {
        try (ScriptedOrigin backup = ScriptedOrigin.play(ScriptedOrigin.always(OK));
                ScriptedOrigin primary = ScriptedOrigin.play(wire -> wire.readRequest());
                Rig rig = new Rig(withBackup(settings(primary.address(), backup.address())))) {
            Retrying retrying = new Retrying(rig.upstream, RETRY);
            assertThat(failures(rig, retrying, 50, 1)).isZero();
            assertThat(backup.requests()).hasSize(50);
            assertThat(primary.connections()).isLessThan(20);
        }
    }

    private static Rig.Group withBackup(Rig.Group group) {
        UpstreamSettings.ServerSettings second = group.servers().get(1);
        Endpoint backup = new Endpoint(second.endpoint().address(), 1, 1);
        return new Rig.Group(
                group.settings(),
                List.of(group.servers().get(0), new UpstreamSettings.ServerSettings(backup, second.address())));
    }
}
