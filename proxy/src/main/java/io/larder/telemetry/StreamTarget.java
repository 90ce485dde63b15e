package io.larder.telemetry;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Writes to a stream of the process, unbuffered; it is never closed or reopened. */
record StreamTarget(OutputStream stream) implements LogTarget {
    static StreamTarget stdout() {
        return new StreamTarget(new FileOutputStream(FileDescriptor.out));
    }

    static StreamTarget stderr() {
        return new StreamTarget(new FileOutputStream(FileDescriptor.err));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        stream.write(bytes, offset, length);
    }

    @Override
    public void reopen() {}

    @Override
    public void close() throws IOException {
        stream.flush();
    }
}
