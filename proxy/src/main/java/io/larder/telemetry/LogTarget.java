package io.larder.telemetry;

import java.io.IOException;

/** Where access log lines end up. Used by the log's writing thread only, which may block here. */
interface LogTarget {
    /** Writes all of it, or fails; after a failure part of it may have been written. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Opens anew what may have been renamed by log rotation. */
    void reopen() throws IOException;

    void close() throws IOException;
}
