package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.admin.Draining;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.http.Bytes;
import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.upstream.Standing;
import io.larder.upstream.UpstreamSettings;
import io.larder.upstream.discovery.DnsSettings;
import io.larder.upstream.discovery.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The upstreams of one configuration after those of another. */
class BackendsTest {
    private static final String SERVER = "127.0.0.1:9";

    private final Loops loops = new Loops(Transport.pick(null), 1);
    private final Discoveries discoveries =
            new Discoveries(loops, () -> 0, new DnsSettings(List.of(), Duration.ofSeconds(1), Set.of(Family.IPV4)));
    private final BackendMaker maker = new BackendMaker(
            loops,
            discoveries,
            bound -> 0,
            (upstream, server, standing, why) -> {},
            Runnable::run,
            Bytes.utf8("0123456789abcdef0123456789abcdef"));

    @TempDir
    private Path dir;

    @AfterEach
    void end() {
        discoveries.close();
        loops.closeAndWait(Duration.ofSeconds(5));
    }

    private LarderConfig config(String more) throws IOException {
        Path file = Files.writeString(dir.resolve("larder.yaml"), """
                listeners: { web: { bind: "127.0.0.1:0" } }
                upstreams: { app: { servers: ["%s"] %s } }
                sites: { default: { upstream: app } }
                """.formatted(SERVER, more));
        return switch (ConfigLoader.load(file, name -> null)) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new AssertionError(bad.problems().toString());
        };
    }

    private static Standing standing(Backends backends) {
        return Objects.requireNonNull(backends.stats(0).get("app")).getFirst().standing();
    }

    /** While a reload waits for servers to be found, an operator goes on working. */
    @Test
    void whatIsTakenOutWhileTheNextIsMadeIsOutInThat() throws Exception {
        Backends before = Backends.of(config(""), Backends.NONE, maker);
        Backends next = Backends.of(config(", timeouts: { connect: 2s }"), before, maker);
        assertThat(before.drain("app", SERVER, true)).isEqualTo(Draining.Outcome.DONE);
        assertThat(standing(next)).isEqualTo(Standing.UP);
        next.takeOutAs(before);
        assertThat(standing(next)).isEqualTo(Standing.DRAINED);
        assertThat(next.renewed(before)).as("what is written has changed").isEmpty();
    }

    @Test
    void anUpstreamThatLivesOnKeepsWhatIsOut() throws Exception {
        Backends before = Backends.of(config(""), Backends.NONE, maker);
        before.drain("app", SERVER, true);
        Backends next = Backends.of(config(", retry: { attempts: 3 }"), before, maker);
        next.takeOutAs(before);
        assertThat(standing(next)).isEqualTo(Standing.DRAINED);
    }

    /** Django answers 400 to a Host that it does not know. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                ", health: { path: / } | null",
                ", health: { path: / }, host: preserve | null",
                ", health: { path: / }, host: shop.example | shop.example",
                ", health: { path: /, host: check.example }, host: shop.example | check.example"
            })
    void checksAskTheHostThatRequestsAsk(String more, String host) throws IOException {
        UpstreamSettings settings =
                UpstreamTranslation.settings(Objects.requireNonNull(config(more).upstream("app")));
        assertThat(Objects.requireNonNull(settings.care().checks()).host()).isEqualTo(host);
    }
}
