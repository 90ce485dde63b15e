package io.larder.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a secret and nothing else; editors put a line's end behind it, which does not belong to it. */
public final class SecretFile {
    private SecretFile() {}

    /** The secret in {@code file}. */
    public static String read(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
