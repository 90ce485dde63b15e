package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Good;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EffectiveConfigTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../config/larder.yaml",
                "src/test/resources/config/good/everything.yaml",
                "src/test/resources/config/good/smallest.yaml"
            })
    void loadsAgainAsAnEqualConfiguration(String file) {
        LarderConfig config = load(Path.of(file));
        Path rendered = Configs.write(directory.resolve("rendered.yaml"), EffectiveConfig.render(config));

        LarderConfig again = load(rendered);

        assertThat(again.readFrom(List.of())).isEqualTo(config.readFrom(List.of()));
        assertThat(EffectiveConfig.render(again)).isEqualTo(EffectiveConfig.render(config));
    }

    @Test
    void fillsInDefaults() {
        LarderConfig config = load(Path.of("src/test/resources/config/good/smallest.yaml"));

        Golden.check(Path.of("src/test/resources/config/good/smallest.txt"), EffectiveConfig.render(config));
    }

    @Test
    void masksSecretsThatAreWrittenOut() {
        String site = """
                { upstream: app, headers: { request: { set:
                  { Authorization: "Basic aHVudGVy", X-Api-Key: hunter2, X-Plain: shown, X-Token: "${T}" } } } }
                """;
        Path file = Configs.write(
                directory.resolve("x.yaml"),
                Configs.SMALLEST.replace("{ upstream: app }", site.replace("\n", "\n    ")));

        String yaml = EffectiveConfig.render(load(file));

        assertThat(yaml).doesNotContain("aHVudGVy", "hunter2", "t0k3n").contains("shown", "${T}");
    }

    @ParameterizedTest
    @CsvSource({
        "redis://:hunter2@x/0, redis://:********@x/0",
        "redis://shop:hunter2@x, redis://shop:********@x",
        "redis://shop:${T}@x, redis://shop:${T}@x",
        "${NONE:-redis://shop:hunter2@x}, ${NONE:-redis://shop:********@x}",
        "redis://shop:${NONE:-hunter2}@x, redis://shop:********@x",
    })
    void masksPasswordsInUris(String uri, String shown) {
        Path file = Configs.write(
                directory.resolve("x.yaml"), Configs.SMALLEST + "cache: { redis: { uri: \"" + uri + "\" } }\n");

        LarderConfig config = load(file);

        assertThat(EffectiveConfig.render(config))
                .doesNotContain("hunter2", "t0k3n")
                .contains(shown);
        assertThat(config.toString()).doesNotContain("hunter2", "t0k3n");
    }

    private static LarderConfig load(Path file) {
        Loaded loaded = ConfigLoader.load(file, name -> name.equals("T") ? "t0k3n" : null);
        assertThat(loaded).as(() -> loaded.toString()).isInstanceOf(Good.class);
        return ((Good) loaded).config();
    }
}
