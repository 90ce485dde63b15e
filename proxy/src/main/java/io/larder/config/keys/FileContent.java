package io.larder.config.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks into a file that the configuration names, so that what cannot be used is known before it is needed. */
final class FileContent {
    private FileContent() {}

    /**
     * What is wrong with {@code file}, as it goes on behind its name; null: nothing.
     *
     * @param most how many of its first octets {@code look} is given
     * @param look what is wrong with them, or null
     */
    static @Nullable String fault(Path file, int most, Function<byte[], @Nullable String> look) {
        if (!Files.exists(file)) {
            return "does not exist";
        }
        if (!Files.isRegularFile(file)) {
            return "is not a file"; // a pipe would keep whoever opens it waiting
        }
        try (var in = Files.newInputStream(file)) {
            return look.apply(in.readNBytes(most));
        } catch (IOException e) {
            return "cannot be read";
        }
    }
}
