package io.larder.policy;

import io.larder.http.CacheControl;
import io.larder.http.FieldList;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HttpDate;
import java.time.Instant;
import java.util.List;

/**
 * How old a stored response is (RFC 9111 §4.2.3).
 *
 * @param requestedAt when it was asked for, in milliseconds since the epoch
 * @param receivedAt when it was received, likewise
 * @param initial how old it was then, in milliseconds: {@code corrected_initial_age}
 */
public record Age(long requestedAt, long receivedAt, long initial) {

    /** The age of a response with {@code headers} that was asked for and received at these times. */
    public static Age of(Headers headers, Instant requestedAt, Instant receivedAt) {
        long received = receivedAt.toEpochMilli();
        long delay = Math.max(0, received - requestedAt.toEpochMilli());
        long corrected = field(headers) * 1000 + delay;
        return new Age(requestedAt.toEpochMilli(), received, Math.max(apparent(headers, receivedAt), corrected));
    }

    /** Whole seconds only: the Date was cut to them, so that an instant response would seem to have aged otherwise. */
    private static long apparent(Headers headers, Instant receivedAt) {
        String date = headers.first(Fields.DATE);
        Instant sent = date == null ? null : HttpDate.parse(date, receivedAt);
        if (sent == null) {
            return 0;
        }
        return Math.max(0, receivedAt.getEpochSecond() - sent.getEpochSecond()) * 1000;
    }

    /** The {@code Age} field in seconds (RFC 9111 §5.1): its first member where there are several, 0 where it is invalid. */
    private static long field(Headers headers) {
        List<String> members = FieldList.of(headers, Fields.AGE);
        return members.isEmpty() ? 0 : Math.max(0, CacheControl.deltaSeconds(members.get(0)));
    }

    /** {@code current_age} in milliseconds; a clock that was set back makes nothing younger than it was when received. */
    public long millis(Instant now) {
        return initial + resident(now);
    }

    /** {@code current_age} in whole seconds, as the {@code Age} field says it. */
    public long seconds(Instant now) {
        return Math.min(CacheControl.MAX_SECONDS, millis(now) / 1000);
    }

    /** {@code resident_time} in milliseconds. */
    public long resident(Instant now) {
        return Math.max(0, now.toEpochMilli() - receivedAt);
    }
}
