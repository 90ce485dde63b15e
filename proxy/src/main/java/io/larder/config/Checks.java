package io.larder.config;

/** What records ask of their components. */
final class Checks {
    private Checks() {}

    static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    static void requireRatio(double ratio) {
        require(ratio >= 0 && ratio <= 1, "a ratio is from 0 to 1");
    }
}
