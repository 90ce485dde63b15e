package io.larder.upstream;

import io.larder.http.HttpDate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When a server wants to be asked again ({@code Retry-After}, RFC 9110 §10.2.3): seconds, or a date. */
final class RetryAfter {
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** How long from {@code now} that is; null where it does not say, or says no such thing, or has passed. */
    static @Nullable Duration parse(@Nullable String value, Instant now) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long seconds = value.length() > MOST_DIGITS ? 999_999_999L : Long.parseLong(value);
            return seconds == 0 ? null : Duration.ofSeconds(seconds);
        }
        Instant date = HttpDate.parse(value, now);
        return date == null || !date.isAfter(now) ? null : Duration.between(now, date);
    }
}
