package io.larder.upstream.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * By what one sees that a file is another one, or was written anew, without reading it. A value.
 *
 * @param real where its name leads, through all symbolic links
 * @param key its number in the file system (inode), where it has one
 */
record FileIdentity(Path real, @Nullable Object key, long size, FileTime modified) {
    /** Looks at the file that is there now. */
    static FileIdentity of(Path file) throws IOException {
        Path real = file.toRealPath();
        BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
        return new FileIdentity(real, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    /** Whether both are the same file, perhaps with other content. */
    boolean isSameFile(FileIdentity other) {
        return real.equals(other.real) && (key == null ? other.key == null : key.equals(other.key));
    }
}
