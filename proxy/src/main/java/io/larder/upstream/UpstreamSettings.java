package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.OutlierDetector;
import io.larder.http.HeadLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * All that makes an upstream what it is. Two that are equal may share one live {@link Upstream}.
 *
 * @param name unique in the gateway
 * @param servers at least one
 * @param outliers when a server is left alone
 */
public record UpstreamSettings(
        String name,
        List<ServerSettings> servers,
        Balancing balancing,
        Pool pool,
        Timeouts timeouts,
        OutlierDetector outliers,
        Responses responses) {
    public UpstreamSettings {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("upstream " + name + " has no server");
        }
    }

    /** How a server is chosen. */
    public enum Balancing {
        ROUND_ROBIN,
        LEAST_REQUESTS
    }

    /**
     * One server.
     *
     * @param address resolved; connecting to an unresolved one fails
     */
    public record ServerSettings(Endpoint endpoint, InetSocketAddress address) {}

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
     * @param total for everything, from the first attempt to the last byte of the response
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {}

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
