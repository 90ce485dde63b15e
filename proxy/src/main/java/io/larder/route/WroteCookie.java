package io.larder.route;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The cookie by which a client tells that it has changed something, and when. Nobody signs it: who makes it up gets what everybody
 * gets who changes something, and for no longer.
 */
public final class WroteCookie {
    public static final String NAME = "larder_wrote";

    private static final int MOST_DIGITS = 15;

    /** How far the clocks of two nodes may be apart. */
    private static final Duration CLOCKS = Duration.ofSeconds(1);

    private WroteCookie() {}

    /** What {@code Set-Cookie} says to a client that has changed something at {@code now}. */
    public static String set(Duration shownFor, Instant now, boolean secure) {
        long seconds = shownFor.plusMillis(999).toSeconds();
        return OwnCookies.set(NAME, Long.toString(now.toEpochMilli()), seconds, secure);
    }

    /** Whether a client that brings {@code value} has changed something no longer than {@code shownFor} ago. */
    static boolean holds(@Nullable String value, Duration shownFor, Instant now) {
        if (value == null || value.isEmpty() || value.length() > MOST_DIGITS || !isNumber(value)) {
            return false;
        }
        Instant wrote = Instant.ofEpochMilli(Long.parseLong(value));
        return wrote.isBefore(now.plus(CLOCKS)) && now.isBefore(wrote.plus(shownFor));
    }

    private static boolean isNumber(String value) {
        return value.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
