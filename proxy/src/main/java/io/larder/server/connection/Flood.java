package io.larder.server.connection;

import java.util.Locale;

/**
 * What a client can do too much of on one connection of HTTP/2. Of most it may do so many at once, and so many a second; of
 * some more where it does what they are for.
 */
public enum Flood {
    /** Streams that it opened and reset (CVE-2023-44487); answered ones earn more. */
    RESETS(200, 20),
    /** Streams that we had to reset for what it sent (CVE-2025-8671); answered ones earn more. */
    PROVOKED_RESETS(200, 20),
    SETTINGS(50, 5),
    /** Some measure their connection with them: content earns more. */
    PINGS(1000, 100),
    /** Streams earn more. */
    PRIORITIES(300, 30),
    /** Content that was sent earns more. */
    WINDOW_UPDATES(2000, 200),
    /** DATA without an octet that does not end its stream. */
    EMPTY_DATA(200, 20),
    UNKNOWN_FRAMES(200, 20),
    /** Frames that want to be answered while our answers are not read. */
    UNREAD_ANSWERS(1000, 0),
    /** Octets of answers that are not read: heads, since content waits for its window. */
    UNREAD_OCTETS(0, 0),
    /** A field section in more pieces, or more octets, than any needs (CVE-2024-27919, CVE-2026-33871). */
    FIELD_SECTIONS(0, 0);

    private final int burst;
    private final int everySecond;
    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Flood(int burst, int everySecond) {
        this.burst = burst;
        this.everySecond = everySecond;
    }

    int burst() {
        return burst;
    }

    int everySecond() {
        return everySecond;
    }

    /** For metrics and logs. */
    public String code() {
        return code;
    }
}
