package io.larder.config.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** A value: by what one sees, without reading it, that a file is not what it was. */
public sealed interface Stamp {
    /** There is none, or none that can be looked at. */
    record Gone() implements Stamp {}

    /**
     * There is one.
     *
     * @param real where it is, once all links are followed: a link that is set anew leads elsewhere
     * @param key tells it from one that took its place under the same name
     */
    record There(Path real, String key, FileTime written, long size) implements Stamp {}

    /** Of {@code file}, now. */
    static Stamp of(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return new There(
                    real, String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            return new Gone();
        }
    }
}
