package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteAction.Split;
import io.larder.config.RouteAction.ToUpstream;
import io.larder.config.RouteAction.Writes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DestinationKeysTest {
    @TempDir
    Path directory;

    @Test
    void aRouteGoesWhereItsSiteGoesUnlessItSaysOtherwise() {
        assertThat(forward("")).isEqualTo(new Forward(null, null, null));
        assertThat(forward(", upstream: next")).isEqualTo(new Forward(new ToUpstream("next"), null, null));
    }

    @Test
    void sharesAreOfTenThousandInTheOrderWritten() {
        Forward forward = forward(", upstream: { next: 0.01%, app: 99.99%, primary: 0% }");

        assertThat(forward.destination()).isEqualTo(new Split(Map.of("app", 9999, "next", 1, "primary", 0)));
        assertThat(Objects.requireNonNull(forward.destination()).upstreams()).containsExactly("next", "app", "primary");
    }

    @Test
    void writesGoElsewhereAndPerhapsTheirReadersToo() {
        assertThat(forward(", writes: primary").writes()).isEqualTo(new Writes("primary", null));
        assertThat(forward(", writes: primary, read-your-writes: 5s").writes())
                .isEqualTo(new Writes("primary", Duration.ofSeconds(5)));
    }

    @Test
    void whatIsShownLoadsAgain() {
        LarderConfig config = load(", upstream: { app: 94.75%, next: 5.25% }, writes: primary, read-your-writes: 90s");

        String shown = EffectiveConfig.render(config);

        assertThat(shown).contains("app: 94.75%", "next: 5.25%", "writes: primary", "read-your-writes: 90s");
        assertThat(Configs.good(Configs.load(main(shown))).sites()).isEqualTo(config.sites());
    }

    private Forward forward(String keys) {
        return (Forward) load(keys).site("default").routes().get(0).action();
    }

    private LarderConfig load(String keys) {
        return Configs.good(Configs.load(main("""
                listeners: { web: { bind: "0.0.0.0:8080" } }
                upstreams: { app: { servers: ["a:1"] }, next: { servers: ["b:1"] }, primary: { servers: ["c:1"] } }
                sites: { default: { upstream: app, routes: [{ path: /**%s }] } }
                """.formatted(keys))));
    }

    private Path main(String text) {
        return Configs.write(directory.resolve("larder.yaml"), text);
    }
}
