package io.larder.config;

import io.larder.config.source.Origin;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A value: a group of servers that hold the same application. */
public record UpstreamConfig(
        String name,
        List<Server> servers,
        Balance balance,
        Pool pool,
        Timeouts timeouts,
        Retry retry,
        HostHeader host,
        UnknownCoding unknownTransferCoding,
        Origin origin) {
    public UpstreamConfig {
        servers = List.copyOf(servers);
        Checks.require(!servers.isEmpty(), "an upstream has at least one server");
    }

    /**
     * One server.
     *
     * @param weight its share of the requests, from 1
     * @param backup used only while no other server is usable
     */
    public record Server(HostPort address, int weight, boolean backup, Origin origin) {
        public Server {
            Checks.require(weight >= 1, "a weight is at least 1");
        }
    }

    /** How the server of a request is picked. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_REQUESTS
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
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {}

    /**
     * When a request is tried again.
     *
     * @param attempts how often it is sent at most, the first time included
     * @param budget retries as a share of all requests, 0–1
     */
    public record Retry(int attempts, RetryOn on, double budget) {
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

    /** What to do with a response in a transfer coding that is not known (RFC 9112 §6.1). */
    public enum UnknownCoding {
        REFUSE,
        READ_TO_CLOSE
    }
}
