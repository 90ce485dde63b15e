package io.larder.app;

import io.larder.config.source.Sources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the files of the live configuration held when they were read. Used by one thread at a time. */
final class FileDigests {
    private Map<Path, String> known = Map.of();

    /** Those of {@code read} that hold something else than when they were read before. Reads them, and blocks. */
    List<Path> changed(Sources read) {
        Map<Path, String> before = known;
        known = read.digests();
        return known.entrySet().stream()
                .filter(file -> {
                    String old = before.get(file.getKey());
                    return old != null && !old.equals(file.getValue());
                })
                .map(Map.Entry::getKey)
                .toList();
    }
}
