package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.Loaded.Bad;
import io.larder.config.Loaded.Good;
import io.larder.config.source.Place;
import io.larder.config.source.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is in the file, loading ends with an answer, and every problem has a place in that file. */
class ConfigMutationTest {
    private static final int ROUNDS = 1_000;
    private static final String SPICE = "\t {}[]:,'\"&*#|>!%@`$?-\n\r\0~<\u00e9\u65e5";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"../config/larder.yaml", "src/test/resources/config/good/everything.yaml"})
    void loadingNeverThrows(String original) throws IOException {
        byte[] seed = Files.readAllBytes(Path.of(original));
        Random random = new Random(20261123);
        Path file = directory.resolve("larder.yaml");
        for (String named : List.of("shop.users", "issuer.jwks")) { // it looks into what the configuration names
            Files.copy(Path.of("src/test/resources/config/good", named), directory.resolve(named));
        }
        int good = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] mutant = seed;
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutant = mutate(mutant, random);
            }
            Files.write(file, mutant);
            good += check(ConfigLoader.load(file, name -> null), file, mutant, round);
        }
        assertThat(good).as("mutants that still load").isBetween(ROUNDS / 50, ROUNDS - ROUNDS / 5);
    }

    private static int check(Loaded loaded, Path file, byte[] content, int round) {
        List<Problem> problems = switch (loaded) {
            case Good(LarderConfig config, List<Problem> warnings) -> {
                assertThat(EffectiveConfig.render(config)).isNotEmpty();
                yield warnings;
            }
            case Bad bad -> bad.problems();
        };
        String[] lines = new String(content, StandardCharsets.UTF_8).split("\r\n|\r|\n", -1);
        for (Problem problem : problems) {
            Place place = problem.place();
            assertThat(place.file()).as("round %d", round).isEqualTo(file.toString());
            assertThat(place.line()).as("round %d: %s", round, problem).isBetween(1, lines.length);
            String line = lines[place.line() - 1];
            assertThat(place.column())
                    .as("round %d: %s", round, problem)
                    .isBetween(1, line.codePointCount(0, line.length()) + 1);
        }
        assertThat(Problems.text(problems)).doesNotContain("Exception");
        return loaded instanceof Good ? 1 : 0;
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> spliced(bytes, random.nextInt(bytes.length + 1), 0, spice(random));
            case 1 -> spliced(bytes, random.nextInt(bytes.length), 1, spice(random));
            case 2 -> spliced(bytes, random.nextInt(bytes.length), 1, new byte[] {(byte) random.nextInt(256)});
            case 3 -> spliced(bytes, random.nextInt(bytes.length), 1 + random.nextInt(12), new byte[0]);
            case 4 -> Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
            default -> withLinesChanged(bytes, random);
        };
    }

    private static byte[] spice(Random random) {
        int at = random.nextInt(SPICE.length());
        return SPICE.substring(at, at + 1).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] bytes, int from, int drop, byte[] insert) {
        int to = Math.min(bytes.length, from + drop);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(insert);
        out.write(bytes, to, bytes.length - to);
        return out.size() == 0 ? new byte[] {' '} : out.toByteArray();
    }

    private static byte[] withLinesChanged(byte[] bytes, Random random) {
        List<String> lines =
                new ArrayList<>(Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1)));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, line);
            case 2 -> lines.set(at, "  " + line);
            case 3 -> lines.set(at, line.replaceFirst("^ +", ""));
            default -> lines.add(random.nextInt(lines.size()), line);
        }
        byte[] changed = String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        return changed.length == 0 ? new byte[] {' '} : changed;
    }
}
