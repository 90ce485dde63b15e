package io.larder.gateway;

import io.larder.admission.Gcra;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.HeadersBuilder;
import io.larder.http.Response;
import java.time.Duration;

/**
 * Tells clients how often they may come (draft-ietf-httpapi-ratelimit-headers-10), and what they have to show. The quota is
 * the burst, its window the time in which it grows back from nothing.
 */
final class Quota {
    private static final FieldName RATE_LIMIT = FieldName.of("RateLimit");
    private static final FieldName RATE_LIMIT_POLICY = FieldName.of("RateLimit-Policy");
    private static final FieldName WWW_AUTHENTICATE = FieldName.of("WWW-Authenticate");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final String POLICY = "\"default\"";

    private Quota() {}

    static Response told(Response response, Gcra rate, Gcra.Decision decision) {
        HeadersBuilder headers = response.headers().toBuilder();
        headers.set(RATE_LIMIT_POLICY, POLICY + ";q=" + rate.burst() + ";w=" + seconds(rate.span()));
        headers.set(RATE_LIMIT, POLICY + ";r=" + rate.remaining(decision) + ";t=" + seconds(decision.debt()));
        if (!decision.admitted()) {
            headers.set(
                    Fields.RETRY_AFTER,
                    Long.toString(Math.max(1, seconds(rate.untilNext(decision).toNanos()))));
        }
        return response.withHeaders(headers.build());
    }

    static Response challenged(Response response, String challenge) {
        return response.withHeaders(response.headers().with(WWW_AUTHENTICATE, challenge));
    }

    /** Rounded up: who waits as long as he is told has waited long enough. */
    private static long seconds(long nanos) {
        return Math.ceilDiv(nanos, SECOND);
    }
}
