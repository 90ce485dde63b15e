package io.larder.whatif;

import java.util.Locale;

/** Times and sizes as people say them. */
final class Amounts {
    private Amounts() {}

    /** {@code millis} in at most two units, cut to whole ones of the smaller. */
    static String time(long millis) {
        long seconds = Math.abs(millis) / 1000;
        if (seconds == 0) {
            return Math.abs(millis) + " ms";
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        return seconds < 172_800
                ? two(seconds / 3600, "h", seconds / 60 % 60, "min")
                : two(seconds / 86_400, "d", seconds / 3600 % 24, "h");
    }

    private static String two(long large, String unit, long small, String smaller) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smaller);
    }

    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
