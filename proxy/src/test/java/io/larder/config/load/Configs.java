package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.Members.Listed;
import io.larder.config.Members.Server;
import io.larder.config.UpstreamConfig;
import io.larder.config.source.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Short ways to load configurations in tests. */
final class Configs {
    /** The configuration that is shipped. */
    static final Path SHIPPED = Path.of("../config/larder.yaml");

    static final String SMALLEST = """
            listeners: { web: { bind: "0.0.0.0:8080" } }
            upstreams: { app: { servers: ["127.0.0.1:8000"] } }
            sites:     { default: { upstream: app } }
            """;

    private Configs() {}

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Loaded load(Path file) {
        return ConfigLoader.load(file, name -> null);
    }

    static LarderConfig good(Loaded loaded) {
        if (loaded instanceof Bad(List<Problem> problems)) {
            throw new AssertionError(Problems.text(problems));
        }
        return ((Good) loaded).config();
    }

    static List<String> errors(Loaded loaded) {
        assertThat(loaded).isInstanceOf(Bad.class);
        return ((Bad) loaded).problems().stream().map(Problem::message).toList();
    }

    /** The servers of an upstream that lists them. */
    static List<Server> servers(UpstreamConfig upstream) {
        assertThat(upstream.members()).isInstanceOf(Listed.class);
        return ((Listed) upstream.members()).servers();
    }
}
