package io.larder.telemetry;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of log lines in UTC; what does not change within a second is formatted once a second. Confined to one loop. */
final class Timestamp {
    private final DateTimeFormatter seconds;
    private long second = Long.MIN_VALUE;
    private byte[] text = {};

    private Timestamp(String pattern) {
        seconds = DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** {@code 2026-11-23T12:00:00}, to be followed by milliseconds (RFC 3339). */
    static Timestamp rfc3339() {
        return new Timestamp("uuuu-MM-dd'T'HH:mm:ss");
    }

    /** {@code 23/Nov/2026:12:00:00 +0000}, as Apache writes it. */
    static Timestamp apache() {
        return new Timestamp("dd/MMM/uuuu:HH:mm:ss '+0000'");
    }

    /** The whole second of {@code time}. Not to be changed. */
    byte[] second(Instant time) {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            text = seconds.format(time).getBytes(StandardCharsets.US_ASCII);
        }
        return text;
    }
}
