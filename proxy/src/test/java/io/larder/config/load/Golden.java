package io.larder.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Files that hold what is expected. Run the tests with {@code -Dlarder.golden=write} to write what is found, and review it. */
public final class Golden {
    private Golden() {}

    /** Holds what is found against the file. */
    public static void check(Path expected, String found) {
        try {
            if ("write".equals(System.getProperty("larder.golden"))) {
                Files.writeString(expected, found);
            }
            assertThat(found)
                    .as("%s (to accept: mvn test -Dlarder.golden=write, then review the difference)", expected)
                    .isEqualTo(Files.readString(expected));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> yamlFiles(String directory) {
        try (Stream<Path> files = Files.list(Path.of(directory))) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file that holds what is expected of this one. */
    static Path beside(Path yaml) {
        return Path.of(yaml.toString().replaceFirst("\\.yaml$", ".txt"));
    }
}
