package io.larder.config;

import io.larder.config.source.Origin;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value: a group of servers that hold the same application.
 *
 * @param members which servers these are
 * @param wire how they are spoken with
 * @param watch how those that fail are found out
 * @param fallback the name of the upstream that answers while no server of this one is usable; null: none does
 */
public record UpstreamConfig(
        String name,
        Members members,
        Wire wire,
        Balancing balancing,
        Watch watch,
        Limits limits,
        Retry retry,
        @Nullable String fallback,
        Origin origin) {

    /** What is asked of each server at most. */
    public record Limits(Pool pool, Timeouts timeouts, Concurrency concurrency) {}

    /** How many requests a server is given at once, within what the pool allows. */
    public enum Concurrency {
        OFF,
        /** As many as its response times show that it can take. */
        ADAPTIVE
    }

    /**
     * Kept connections, per server.
     *
     * @param maxConnections how many at once
     * @param maxPending how many requests may wait for one
     * @param pendingTimeout how long a request may wait for one
     * @param idle how long an unused connection is kept
     * @param maxAge how long any connection is used
     */
    public record Pool(int maxConnections, int maxPending, Duration pendingTimeout, Duration idle, Duration maxAge) {
        public Pool {
            Checks.require(maxConnections >= 1, "a pool holds at least one connection");
            Checks.require(maxPending >= 0, "a queue's length is not negative");
        }
    }

    /**
     * How long a server may take.
     *
     * @param connect until the connection stands
     * @param firstByte from the request sent to the first byte of the response
     * @param idle the longest pause inside a response
     * @param total for the whole exchange, retries included
     * @param tunnel the longest silence of both sides of a WebSocket
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration tunnel) {}

    /**
     * When a request is tried again.
     *
     * @param attempts how often it is sent at most, the first time included
     * @param budget retries as a share of all requests, 0–1
     * @param hedgeAfter how long a response is waited for until another server is asked as well; null: for good
     */
    public record Retry(
            int attempts,
            RetryOn on,
            double budget,
            @Nullable Duration hedgeAfter) {
        public Retry {
            Checks.require(attempts >= 1, "a request is sent at least once");
            Checks.requireRatio(budget);
        }
    }

    /**
     * What makes a request worth another attempt.
     *
     * @param connect no connection came to be
     * @param reset the connection ended before a response
     * @param statuses these responses
     */
    public record RetryOn(boolean connect, boolean reset, Set<Integer> statuses) {
        public RetryOn {
            statuses = Set.copyOf(statuses);
        }
    }
}
