package io.larder.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of every command that reads a configuration. */
final class ConfigOption {
    static final Path DEFAULT = Path.of("config/larder.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The configuration; default: config/larder.yaml.")
    private @Nullable Path file;

    boolean isGiven() {
        return file != null;
    }

    /** The file that was named, or the default. */
    Path file() {
        return file == null ? DEFAULT : file;
    }
}
