package io.larder.upstream;

import static io.larder.upstream.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.exchange.Failure;
import io.larder.gateway.RetrySettings;
import io.larder.gateway.Retrying;
import io.larder.testing.ScriptedOrigin;
import io.larder.upstream.Rig.Result;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** No server is usable: nobody waits for nothing, and the first sign of life is found by few. */
class AllDownTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final RetrySettings RETRY = new RetrySettings(2, true, true, Set.of(502, 503, 504), 0.2, null);

    private static List<Result> wave(Rig rig, int requests) throws Exception {
        Retrying retrying = new Retrying(rig.upstream, RETRY);
        List<CompletableFuture<Result>> all = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            all.add(rig.begin(retrying, get("/" + i)));
        }
        List<Result> results = new ArrayList<>();
        for (CompletableFuture<Result> one : all) {
            results.add(one.get(20, TimeUnit.SECONDS));
        }
        return results;
    }

    @Test
    void whileServersAreSilentRequestsDoNotPileUp() throws Exception {
        try (ScriptedOrigin first = ScriptedOrigin.play(wire -> wire.awaitClose());
                ScriptedOrigin second = ScriptedOrigin.play(wire -> wire.awaitClose());
                Rig rig = new Rig(Rig.settings(first.address(), second.address()))) {
            assertThat(wave(rig, 20)).allMatch(result -> result.status() >= 503);
            long before = attempts(rig);
            List<Result> results = wave(rig, 200);
            assertThat(attempts(rig) - before)
                    .as("those that find out whether a server is back")
                    .isLessThanOrEqualTo(8);
            assertThat(results)
                    .filteredOn(result -> result.failed().kind() == Failure.Kind.DESTINATION_UNAVAILABLE)
                    .as("answered at once")
                    .hasSizeGreaterThan(190);
            assertThat(rig.news.all())
                    .filteredOn(news -> news.startsWith("EJECTED"))
                    .hasSize(2);
        }
    }

    private static long attempts(Rig rig) {
        return rig.upstream.stats(rig.loop.nanos()).stream()
                .mapToLong(ServerStats::requests)
                .sum();
    }

    @Test
    void aServerThatComesBackIsFoundByTheNextRequest() throws Exception {
        int port;
        try (ScriptedOrigin gone = ScriptedOrigin.play(ScriptedOrigin.always(OK))) {
            port = gone.port();
        }
        try (Rig rig = new Rig(Rig.settings(new InetSocketAddress("127.0.0.1", port)))) {
            assertThat(wave(rig, 50)).allMatch(result -> result.status() >= 502);
            assertThat(rig.stats().standing()).isEqualTo(Standing.EJECTED);
            try (ScriptedOrigin back = ScriptedOrigin.playOn(port, ScriptedOrigin.always(OK))) {
                assertThat(wave(rig, 1)).allMatch(result -> result.status() == 200);
                assertThat(wave(rig, 50)).allMatch(result -> result.status() == 200);
                assertThat(back.requests()).hasSize(51);
            }
            assertThat(rig.news.all()).last().isEqualTo("UP: it answers again");
        }
    }
}
