package io.larder.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Durations, sizes and shares as they are written: a number and a unit. */
final class Quantities {
    /** A hundred years: timers count nanoseconds in 64 bits. */
    private static final long LONGEST_MILLIS = 36_500 * 86_400_000L;

    /** Milliseconds of each unit, the largest first. */
    private static final Map<String, Long> TIMES = new LinkedHashMap<>();

    /** Bytes of each unit, the largest first, binary ones before decimal ones. */
    private static final Map<String, Long> SIZES = new LinkedHashMap<>();

    static {
        TIMES.put("d", 86_400_000L);
        TIMES.put("h", 3_600_000L);
        TIMES.put("m", 60_000L);
        TIMES.put("s", 1_000L);
        TIMES.put("ms", 1L);
        SIZES.put("TiB", 1L << 40);
        SIZES.put("GiB", 1L << 30);
        SIZES.put("MiB", 1L << 20);
        SIZES.put("KiB", 1L << 10);
        SIZES.put("TB", 1_000_000_000_000L);
        SIZES.put("GB", 1_000_000_000L);
        SIZES.put("MB", 1_000_000L);
        SIZES.put("KB", 1_000L);
        SIZES.put("B", 1L);
    }

    private Quantities() {}

    static @Nullable Duration duration(String text) {
        Long millis = quantity(text, TIMES);
        if (millis != null && millis > LONGEST_MILLIS) {
            throw new IllegalArgumentException("is too long");
        }
        return millis == null ? null : Duration.ofMillis(millis);
    }

    static @Nullable Long size(String text) {
        return quantity(text, SIZES);
    }

    /** {@code 20%} is 0.2. */
    static @Nullable Double ratio(String text) {
        String number = text.endsWith("%") ? text.substring(0, text.length() - 1) : "";
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,6})?")) {
            return null;
        }
        double ratio = new BigDecimal(number).movePointLeft(2).doubleValue();
        return ratio > 1 ? null : ratio;
    }

    static String text(Duration duration) {
        return duration.isZero() ? "0s" : text(duration.toMillis(), TIMES);
    }

    static String text(long bytes) {
        return bytes == 0 ? "0B" : text(bytes, SIZES);
    }

    static String percent(double ratio) {
        return BigDecimal.valueOf(ratio).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    private static @Nullable Long quantity(String text, Map<String, Long> units) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        Long unit = units.get(text.substring(digits));
        if (unit == null || digits == 0 || digits > 18) {
            return null;
        }
        try {
            return Math.multiplyExact(Long.parseLong(text.substring(0, digits)), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large", e);
        }
    }

    /** In the first unit that divides it; the smallest one always does. */
    private static String text(long amount, Map<String, Long> units) {
        return units.entrySet().stream()
                .filter(unit -> amount % unit.getValue() == 0)
                .findFirst()
                .map(unit -> amount / unit.getValue() + unit.getKey())
                .orElseThrow();
    }
}
