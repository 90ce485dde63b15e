package io.larder.config;

import io.larder.config.source.Origin;
import java.time.Duration;
import java.util.List;

/**
 * A value: an address on which clients are served.
 *
 * @param protocols what is spoken on it, most wanted first
 */
public record ListenerConfig(String name, HostPort bind, List<Protocol> protocols, Limits limits, Origin origin) {
    public ListenerConfig {
        protocols = List.copyOf(protocols);
        Checks.require(!protocols.isEmpty(), "a listener speaks at least one protocol");
    }

    /** A protocol spoken with clients. */
    public enum Protocol {
        HTTP_1_1,
        /** HTTP/2 without TLS, where a client begins with it. */
        H2C
    }

    /**
     * What a client may ask of the gateway.
     *
     * @param connections how many at once
     * @param requestLine bytes of the request line; longer: 414
     * @param header bytes of one field; longer: 431
     * @param headers bytes of all fields; longer: 431
     * @param headerCount how many fields; more: 431
     * @param body bytes of a request body; longer: 413
     */
    public record Limits(
            int connections,
            long requestLine,
            long header,
            long headers,
            int headerCount,
            long body,
            ClientTimeouts timeouts) {
        public Limits {
            Checks.require(connections >= 1 && headerCount >= 1, "a limit is at least 1");
            Checks.require(header <= headers, "one field is not longer than all");
        }
    }

    /**
     * How long a client may take.
     *
     * @param header until the whole head has come
     * @param body the longest pause inside a body
     * @param idle between two requests of a connection
     * @param write the longest time in which a client reads nothing
     */
    public record ClientTimeouts(Duration header, Duration body, Duration idle, Duration write) {}
}
