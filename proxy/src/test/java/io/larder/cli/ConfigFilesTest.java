package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.cli.demo.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFilesTest {
    private static final Configs CONFIGS = new ConfigFiles(name -> null);

    @TempDir
    private Path dir;

    private Run larder(String command, String yaml, String... more) throws IOException {
        Path file = Files.writeString(dir.resolve("larder.yaml"), yaml);
        String[] arguments = new String[3 + more.length];
        System.arraycopy(more, 0, arguments, 3, more.length);
        arguments[0] = command;
        arguments[1] = "-c";
        arguments[2] = file.toString();
        return Run.larder(Run.NO_SERVER, CONFIGS, Map.of(), arguments);
    }

    @Test
    void theDemosConfigurationHasNoProblems() throws Exception {
        String yaml = new Setting(8080, 9180, List.of("127.0.0.1:40001", "127.0.0.1:40002")).yaml();
        Run run = larder("check", yaml, "--strict");
        assertThat(run.out()).endsWith("larder.yaml is good" + System.lineSeparator());
        assertThat(run.exit()).isZero();
    }

    @Test
    void everyProblemIsShownWithItsPlace() throws Exception {
        Run run = larder("check", "listners: {}\nupstreams: { app: { servers: [\"nowhere\"] } }\n");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).contains("larder.yaml:1:1: error: ", "larder.yaml:2:", "cannot be used");
        assertThat(larder("check", "listners: {}\n", "--json").out()).startsWith("[");
    }

    @Test
    void theEffectiveConfigurationIsPrintedForGoodFilesOnly() throws Exception {
        String yaml = new Setting(8080, 9180, List.of("127.0.0.1:40001")).yaml();
        Run good = larder("config", yaml);
        assertThat(good.exit()).isZero();
        assertThat(good.out()).contains("listeners:", "max-connections: ");
        Run bad = larder("config", "listners: {}\n");
        assertThat(bad.exit()).isEqualTo(2);
        assertThat(bad.out()).isEmpty();
        assertThat(bad.err()).contains("larder.yaml:1:1: error: ");
    }

    @Test
    void twoOptionsAreAConfigurationToo() {
        Configs.Verdict verdict = CONFIGS.read(new Source.Fronting("http://127.0.0.1:8000", ":8080"), true);
        assertThat(verdict.usable()).isTrue();
        assertThat(verdict.effective()).contains("127.0.0.1:8000");
        assertThat(CONFIGS.read(new Source.Fronting("https://a", ":8080"), false)
                        .usable())
                .isTrue();
    }
}
