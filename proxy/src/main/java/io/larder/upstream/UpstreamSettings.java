package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.balance.SlowStart;
import io.larder.balance.SuccessRate;
import io.larder.http.HeadLimits;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that makes an upstream what it is, but for its servers, which come and go. Two that are equal may share one live
 * {@link Upstream}.
 *
 * @param name unique in the gateway
 * @param care how the health of servers is found out
 * @param access how servers are spoken with
 */
public record UpstreamSettings(
        String name, Balancing balancing, Pool pool, Timeouts timeouts, Care care, Responses responses, Access access) {

    /** An upstream whose servers speak HTTP/1.1 without more ado. */
    public UpstreamSettings(
            String name, Balancing balancing, Pool pool, Timeouts timeouts, Care care, Responses responses) {
        this(name, balancing, pool, timeouts, care, responses, Access.PLAIN);
    }

    /**
     * How a server is chosen, and how much it is given.
     *
     * @param hashBy what decides by {@link Policy#CONSISTENT_HASH}; null with others
     * @param slowStart what a server is given that comes, or comes back
     * @param adaptive whether its response times limit the requests that it gets at once
     */
    public record Balancing(Policy policy, @Nullable HashBy hashBy, SlowStart slowStart, boolean adaptive) {
        /** By {@code policy} and nothing else. */
        public static Balancing of(Policy policy) {
            return new Balancing(policy, null, SlowStart.OFF, false);
        }
    }

    /** By which rule a server is chosen. */
    public enum Policy {
        ROUND_ROBIN,
        LEAST_REQUESTS,
        EWMA,
        RANDOM,
        CONSISTENT_HASH
    }

    /**
     * One server.
     *
     * @param address an {@link java.net.InetSocketAddress}, resolved (connecting to an unresolved one fails), or a
     *     {@link java.net.UnixDomainSocketAddress}
     */
    public record ServerSettings(Endpoint endpoint, SocketAddress address) {}

    /**
     * How the health of servers is found out.
     *
     * @param breaker when one is left alone that cannot be reached, hangs up, is silent, or does not speak HTTP
     * @param outliers when one is left alone that does worse than it should; null: never
     * @param checks what it is asked when nobody else asks it; null: nothing
     */
    public record Care(
            OutlierDetector breaker,
            @Nullable Outliers outliers,
            @Nullable Checks checks) {
        /** With a circuit breaker alone. */
        public static Care of(OutlierDetector breaker) {
            return new Care(breaker, null, null);
        }

        /** The share of usable servers below which nobody's health is believed. */
        double panicBelow() {
            return checks == null ? 0 : checks.panicBelow();
        }
    }

    /**
     * When a server is left alone that can be reached, but answers 502, 503 or 504, or fails otherwise.
     *
     * @param maxEjected the share of servers, from 0 to 1, that may be left alone so at once, rounded down
     * @param successRate when it fails too often, if not in a row; null: that does not matter
     */
    public record Outliers(
            OutlierDetector detector,
            double maxEjected,
            @Nullable SuccessRate successRate) {}

    /**
     * What servers are asked to find out whether they are healthy.
     *
     * @param path of the GET
     * @param host that it names; null for the server's own address
     * @param interval from the end of one check to the beginning of the next
     * @param timeout for all of it
     * @param expect statuses of healthy servers; any of these ranges
     * @param panicBelow see {@link io.larder.balance.Choice#panicBelow}
     */
    public record Checks(
            String path,
            @Nullable String host,
            Duration interval,
            Duration timeout,
            List<Statuses> expect,
            HealthCount count,
            double panicBelow) {
        public Checks {
            expect = List.copyOf(expect);
        }

        boolean isHealthy(int status) {
            return expect.stream().anyMatch(range -> range.from <= status && status <= range.to);
        }
    }

    /** A range of statuses, both ends included. */
    public record Statuses(int from, int to) {}

    /**
     * Connections to one server. Each loop gets an equal share of {@code maxConnections} and {@code maxPending},
     * rounded down, but at least one: with fewer connections than loops the real limit is the number of loops.
     *
     * @param maxPending requests that may wait for a connection
     * @param pendingTimeout how long one waits before it is answered 503
     * @param idle how long an unused connection is kept; a shorter {@code Keep-Alive: timeout} of the server wins
     * @param maxAge a connection older than this is not used again
     */
    public record Pool(int maxConnections, int maxPending, Duration pendingTimeout, Duration idle, Duration maxAge) {
        public Pool {
            if (maxConnections < 1 || maxPending < 0) {
                throw new IllegalArgumentException("a pool needs at least one connection");
            }
        }

        /** These limits where no connection may be used twice. */
        Pool singleUse() {
            return new Pool(maxConnections, maxPending, pendingTimeout, Duration.ZERO, Duration.ZERO);
        }

        Pool shared(int loops) {
            int pending = maxPending == 0 ? 0 : Math.max(1, maxPending / loops);
            return new Pool(Math.max(1, maxConnections / loops), pending, pendingTimeout, idle, maxAge);
        }
    }

    /**
     * How long is waited for what.
     *
     * @param connect for a connection to be accepted
     * @param firstByte for the whole response head, from the moment that the request has been written to its end;
     *     neither single bytes nor interim responses prolong it
     * @param idle for the next bytes of a body, in either direction, while they are asked for
     * @param total for everything, from the first attempt to the last byte of the response; not for what follows a 101
     * @param tunnel for the next bytes in either direction, once the protocol has been switched
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration tunnel) {
        private static final Duration TUNNEL = Duration.ofHours(1);

        /** With an hour for those who say nothing over a WebSocket. */
        public Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
            this(connect, firstByte, idle, total, TUNNEL);
        }
    }

    /**
     * What is taken from servers.
     *
     * @param limits of a response head, and of the trailer section; past them the client is answered 502
     * @param unknownCodingToClose read a body with an unknown transfer coding to the close of the connection instead
     *     of answering 502
     */
    public record Responses(HeadLimits limits, boolean unknownCodingToClose) {
        /** What servers get when nothing else is said: 64 KiB a line, 256 KiB and 1000 lines in all; strict. */
        public static final Responses DEFAULT =
                new Responses(new HeadLimits(64 * 1024, 64 * 1024, 256 * 1024, 1000), false);
    }
}
