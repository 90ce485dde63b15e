package io.larder.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Appends to a file, and comes back when the file can be opened again. Confined to the log's writing thread. */
final class FileTarget implements LogTarget {
    private final Path path;
    private @Nullable FileChannel channel;

    /** @throws IOException when the file cannot be opened for appending */
    FileTarget(Path path) throws IOException {
        this.path = path;
        this.channel = open();
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        FileChannel to = channel;
        if (to == null) {
            to = open();
            channel = to;
        }
        ByteBuffer all = ByteBuffer.wrap(bytes, offset, length);
        while (all.hasRemaining()) {
            to.write(all);
        }
    }

    @Override
    public void reopen() throws IOException {
        close();
        channel = open();
    }

    @Override
    public void close() throws IOException {
        FileChannel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
    }
}
