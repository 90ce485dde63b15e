package io.larder.gateway;

import java.util.Set;

/**
 * When a request is repeated.
 *
 * @param attempts in all, the first one included
 * @param on what is worth another attempt
 * @param budget retries that are bearable, as a fraction of requests, e.g. 0.2
 */
public record RetrySettings(int attempts, Set<Condition> on, double budget) {
    public RetrySettings {
        on = Set.copyOf(on);
        if (attempts < 1 || budget < 0) {
            throw new IllegalArgumentException("retrying needs at least one attempt and a budget of 0 or more");
        }
    }

    /** What may go wrong. The statuses stand for responses and for failures that would be answered so. */
    public enum Condition {
        /** No connection could be made. */
        CONNECT,
        /** The connection was closed or reset before any byte of a response. */
        RESET,
        /** 502 Bad Gateway: from the server, or because its response cannot be trusted. */
        STATUS_502,
        /** 503 Service Unavailable: from the server, or because all connections to it are in use. */
        STATUS_503,
        /** 504 Gateway Timeout: from the server, or because it has not answered in time. */
        STATUS_504
    }
}
