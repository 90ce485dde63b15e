package io.larder.gateway;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a request is sent again.
 *
 * @param attempts in all, the first one included
 * @param onConnect when no connection could be made
 * @param onReset when the connection ended before any byte of a response
 * @param onStatuses when a server answers so, or when its failure would make us answer so
 * @param budget retries that are bearable, as a fraction of requests, e.g. 0.2
 * @param hedgeAfter how long to wait for an answer to a safe request until another server is asked beside; null: for ever
 */
public record RetrySettings(
        int attempts,
        boolean onConnect,
        boolean onReset,
        Set<Integer> onStatuses,
        double budget,
        @Nullable Duration hedgeAfter) {
    public RetrySettings {
        onStatuses = Set.copyOf(onStatuses);
        if (attempts < 1 || budget < 0) {
            throw new IllegalArgumentException("retrying needs at least one attempt and a budget of 0 or more");
        }
    }
}
