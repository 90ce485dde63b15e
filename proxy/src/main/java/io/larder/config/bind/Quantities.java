package io.larder.config.bind;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Durations, sizes and shares as they are written: a number and a unit. */
public final class Quantities {
    /** A hundred years: timers count nanoseconds in 64 bits. */
    private static final long LONGEST_MILLIS = 36_500 * 86_400_000L;

    /** In milliseconds, the largest first. */
    private static final List<Unit> TIMES = List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("m", 60_000),
            new Unit("s", 1_000),
            new Unit("ms", 1));

    /** In bytes, the largest first, binary ones before decimal ones. */
    private static final List<Unit> SIZES = List.of(
            new Unit("TiB", 1L << 40),
            new Unit("GiB", 1L << 30),
            new Unit("MiB", 1L << 20),
            new Unit("KiB", 1L << 10),
            new Unit("TB", 1_000_000_000_000L),
            new Unit("GB", 1_000_000_000),
            new Unit("MB", 1_000_000),
            new Unit("KB", 1_000),
            new Unit("B", 1));

    private Quantities() {}

    private record Unit(String name, long size) {}

    /**
     * {@code 30s}, {@code 5m}; null when it is none.
     *
     * @throws IllegalArgumentException when it is too long
     */
    public static @Nullable Duration duration(String text) {
        Long millis = quantity(text, TIMES);
        if (millis != null && millis > LONGEST_MILLIS) {
            throw new IllegalArgumentException("is too long");
        }
        return millis == null ? null : Duration.ofMillis(millis);
    }

    /**
     * Bytes: {@code 64KiB}, {@code 2GB}; null when it is none.
     *
     * @throws IllegalArgumentException when it is too large
     */
    public static @Nullable Long size(String text) {
        return quantity(text, SIZES);
    }

    /** {@code 20%} is 0.2; null when it is none from 0% to 100%. */
    public static @Nullable Double ratio(String text) {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : "";
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")) {
            return null;
        }
        double ratio = new BigDecimal(number).movePointLeft(2).doubleValue();
        return ratio > 1 ? null : ratio;
    }

    /** As {@link #duration} reads it. */
    public static String text(Duration duration) {
        return duration.isZero() ? "0s" : text(duration.toMillis(), TIMES);
    }

    /** As {@link #size} reads it. */
    public static String text(long bytes) {
        return bytes == 0 ? "0B" : text(bytes, SIZES);
    }

    /** As {@link #ratio} reads it. */
    public static String percent(double ratio) {
        return BigDecimal.valueOf(ratio).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    private static @Nullable Long quantity(String text, List<Unit> units) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        String name = text.substring(digits);
        Unit unit =
                units.stream().filter(u -> u.name().equals(name)).findFirst().orElse(null);
        if (unit == null || digits == 0 || digits > 18) {
            return null;
        }
        try {
            return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit.size());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }

    /** In the first unit that divides it; the smallest one always does. */
    private static String text(long amount, List<Unit> units) {
        return units.stream()
                .filter(unit -> amount % unit.size() == 0)
                .findFirst()
                .map(unit -> amount / unit.size() + unit.name())
                .orElseThrow();
    }
}
