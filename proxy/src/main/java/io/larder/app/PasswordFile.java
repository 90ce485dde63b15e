package io.larder.app;

import io.larder.exchange.Shared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** A password in a file that may be replaced at any time; while it cannot be read, the one that was read last. */
@Shared
final class PasswordFile implements Supplier<String> {
    private final Path file;
    private volatile String last;

    /** @throws IOException when it cannot be read the first time */
    PasswordFile(Path file) throws IOException {
        this.file = file;
        this.last = SecretFile.read(file);
    }

    @Override
    public String get() {
        try {
            last = SecretFile.read(file);
        } catch (IOException e) {
            return last; // it is being replaced, or gone; the server will say whether this one still holds
        }
        return last;
    }
}
