package io.larder.cli;

import java.util.Locale;

/** Short times for people. */
final class Elapsed {
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    private Elapsed() {}

    /** {@code 120 ms}, {@code 6.3 s}, {@code 4 min}. */
    static String of(long millis) {
        if (millis < SECOND) {
            return millis + " ms";
        }
        return millis < 2 * MINUTE ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0) : millis / MINUTE + " min";
    }
}
