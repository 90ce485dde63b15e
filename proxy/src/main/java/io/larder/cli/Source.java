package io.larder.cli;

import java.nio.file.Path;

/** Where a configuration comes from. */
public sealed interface Source {
    /**
     * A YAML file and what it includes.
     *
     * @param watched whether a gateway reads it again by itself when it changes
     */
    record ConfigFile(Path path, boolean watched) implements Source {
        /** One that is watched. */
        public ConfigFile(Path path) {
            this(path, true);
        }
    }

    /**
     * Two options instead of a file.
     *
     * @param upstream the application's URL, such as {@code http://127.0.0.1:8000}
     * @param bind such as {@code :8080}
     */
    record Fronting(String upstream, String bind) implements Source {}
}
