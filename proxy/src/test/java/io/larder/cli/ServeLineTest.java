package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeLineTest {
    private static String[] words(String line) {
        return line.split(" ");
    }

    /** What picocli makes of a line. */
    private static List<Source> picocli(String line) {
        List<Source> sources = new ArrayList<>();
        Server server = (source, whenServing) -> {
            sources.add(source);
            return Exit.DONE;
        };
        Run.larder(server, Run.NO_CONFIGS, Map.of(), words(line));
        return sources;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "serve -c a.yaml",
                "serve --no-watch",
                "serve --no-watch -c a.yaml",
                "serve -c a.yaml --no-watch --pid-file /run/larder.pid",
                "serve --config conf/a.yaml",
                "serve --upstream http://127.0.0.1:8000",
                "serve --bind :9 --upstream http://a",
                "serve --upstream a\\b --bind x=y",
                "serve --pid-file /run/larder.pid -c a.yaml"
            })
    void theUsualFormsMeanWhatPicocliMakesOfThem(String line) {
        ServeLine read = Objects.requireNonNull(ServeLine.read(words(line)));
        assertThat(picocli(line)).containsExactly(read.source());
        assertThat(read.pidFile()).isEqualTo(line.contains("--pid-file") ? Path.of("/run/larder.pid") : null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "check",
                "check -c a.yaml",
                "Serve",
                "serve x",
                "serve -c",
                "serve -c -c",
                "serve --no-watch --no-watch",
                "serve --no-watch x",
                "serve -c a.yaml -c b.yaml",
                "serve -c a.yaml --config b.yaml",
                "serve --config=a.yaml",
                "serve -c 'a.yaml'",
                "serve -c \"a.yaml\"",
                "serve -c @file",
                "serve -c ${env:HOME}",
                "serve -c a\u0000b",
                "serve --bind :9",
                "serve --bind :9 -c a.yaml",
                "serve --upstream http://a -c b",
                "serve --help x",
                "serve --verbose -c a.yaml x",
                "serve --verbose --help",
                "serve --nonsense 7"
            })
    void theRestIsLeftToPicocli(String line) {
        assertThat(ServeLine.read(words(line))).isNull();
    }

    @Test
    void nothingAtAllIsLeftToPicocli() {
        assertThat(ServeLine.read(new String[0])).isNull();
    }

    @Test
    void whatFailsIsSaidAsElsewhere() {
        record Case(RuntimeException failure, String debug, int exit, List<String> says) {}
        List<Case> cases = List.of(
                new Case(new Failed(Exit.BAD_INPUT, "a.yaml:1:1: unknown key"), "", 2, List.of("larder: a.yaml:1:1")),
                new Case(new IllegalStateException("odd"), "0", 1, List.of("unexpected error", "LARDER_DEBUG=1")),
                new Case(new IllegalStateException("odd"), "1", 1, List.of("unexpected error", "\tat ")));
        for (Case each : cases) {
            StringWriter err = new StringWriter();
            Server broken = (source, whenServing) -> {
                throw each.failure();
            };
            PrintWriter writer = new PrintWriter(err, true);
            ServeLine line = new ServeLine(new Source.ConfigFile(Path.of("a.yaml")), null);
            assertThat(Main.run(new Serve(broken, writer, writer), line, name -> each.debug()))
                    .isEqualTo(each.exit());
            assertThat(err.toString()).contains(each.says());
        }
    }
}
