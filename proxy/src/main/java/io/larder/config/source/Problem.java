package io.larder.config.source;

import org.jspecify.annotations.Nullable;

/**
 * A value: one thing wrong, or odd, with the configuration. It never holds a value that came from the environment.
 *
 * @param line the text of the line at {@code place}; null where there is none to show
 * @param suggestion what to do about it; null where nothing helps
 */
public record Problem(
        Place place,
        Severity severity,
        String message,
        @Nullable String line,
        @Nullable String suggestion) {
    /** Whether the configuration can be used all the same. */
    public enum Severity {
        ERROR,
        WARNING
    }
}
