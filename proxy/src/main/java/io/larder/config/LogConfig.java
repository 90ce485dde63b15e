package io.larder.config;

import java.nio.file.Path;

/** A value: what is written to logs. */
public record LogConfig(Level level, AccessLog access) {
    /** The least that is logged. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /**
     * One line for each request.
     *
     * @param sample the share of requests that is logged, 0–1
     */
    public record AccessLog(Format format, Target to, double sample) {
        public AccessLog {
            Checks.requireRatio(sample);
        }
    }

    /** The form of an access log line. */
    public enum Format {
        JSON,
        COMBINED,
        OFF
    }

    /** Where access log lines go. */
    public sealed interface Target {
        /** Standard output. */
        record Stdout() implements Target {}

        /** Standard error. */
        record Stderr() implements Target {}

        /** A file, absolute; appended to. */
        record ToFile(Path path) implements Target {}
    }
}
