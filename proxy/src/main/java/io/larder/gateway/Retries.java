package io.larder.gateway;

import io.larder.exchange.Failure;

/** The rule of what may be sent again (RFC 9110 §9.2.2), and where to. */
sealed interface Retries {
    /** The client gets what came. */
    record Deliver() implements Retries {}

    /** To another server if there is one, else over another connection to the same. */
    record Anywhere() implements Retries {}

    /** To another server, for this one will say the same again. */
    record Elsewhere() implements Retries {}

    Retries DELIVER = new Deliver();
    Retries ANYWHERE = new Anywhere();
    Retries ELSEWHERE = new Elsewhere();

    /**
     * What to do about a failure.
     *
     * @param idempotent sending it twice does no more than sending it once
     * @param intact all of the request can be sent once more
     */
    static Retries of(RetrySettings settings, Failure failure, boolean idempotent, boolean intact) {
        if (!intact || !(idempotent || failure.isUnsent())) {
            return DELIVER;
        }
        return switch (failure.kind()) {
            case DNS_ERROR,
                    DESTINATION_UNAVAILABLE,
                    CONNECTION_REFUSED,
                    CONNECTION_TIMEOUT,
                    TLS_CERTIFICATE_ERROR,
                    TLS_PROTOCOL_ERROR,
                    TLS_ALERT_RECEIVED -> settings.onConnect() ? ANYWHERE : DELIVER;
            case CONNECTION_TERMINATED -> settings.onReset() ? ANYWHERE : DELIVER;
            case CONNECTION_LIMIT, READ_TIMEOUT, WRITE_TIMEOUT, RESPONSE_TIMEOUT, RESPONSE_INCOMPLETE, PROTOCOL_ERROR ->
                onStatus(settings, failure.kind().status());
            case LOOP_DETECTED,
                    REQUEST_ERROR,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    REQUEST_DENIED,
                    UNAUTHENTICATED,
                    TOO_MANY_REQUESTS,
                    NOT_FOUND,
                    MISDIRECTED,
                    ONLY_IF_CACHED,
                    UNVALIDATED,
                    CLIENT_GONE,
                    INTERNAL -> DELIVER;
        };
    }

    /** What to do about a response that has begun to come, and of which nothing has been passed on. */
    static Retries of(RetrySettings settings, int status, boolean idempotent, boolean intact) {
        return idempotent && intact ? onStatus(settings, status) : DELIVER;
    }

    private static Retries onStatus(RetrySettings settings, int status) {
        return settings.onStatuses().contains(status) ? ELSEWHERE : DELIVER;
    }
}
