package io.larder.config;

import io.larder.config.source.Origin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value: an address on which clients are served.
 *
 * @param protocols what is spoken on it, most wanted first
 * @param proxyProtocol whether every connection begins with a PROXY header
 * @param tls what clients are shown; null: they speak in the clear
 */
public record ListenerConfig(
        String name,
        HostPort bind,
        List<Protocol> protocols,
        ProxyProtocol proxyProtocol,
        @Nullable Tls tls,
        Limits limits,
        Origin origin) {
    public ListenerConfig {
        protocols = List.copyOf(protocols);
        Checks.require(!protocols.isEmpty(), "a listener speaks at least one protocol");
    }

    /** A protocol spoken with clients. */
    public enum Protocol {
        HTTP_1_1,
        /** HTTP/2 without TLS, where a client begins with it. */
        H2C,
        /** HTTP/2 over TLS, where that is agreed on. */
        H2,
        /** HTTP/3 over QUIC, on the UDP port of the same number; beside others alone. */
        H3
    }

    /** Whether every connection begins with a PROXY header, which only trusted proxies may send. */
    public enum ProxyProtocol {
        OFF,
        REQUIRE
    }

    /**
     * What clients are shown, and have to show. Files are absolute and in PEM.
     *
     * @param certificates at least one; the first where a client asks for a name that no other bears
     * @param clientCa who vouches for clients; null: they need show nothing
     */
    public record Tls(
            List<Certificate> certificates,
            TlsVersion minVersion,
            @Nullable Path clientCa) {
        public Tls {
            certificates = List.copyOf(certificates);
            Checks.require(!certificates.isEmpty(), "TLS needs a certificate");
        }
    }

    /** A certificate with what its authority signed it by, and its key. */
    public record Certificate(Path cert, Path key) {}

    /** A version of TLS. */
    public enum TlsVersion {
        TLS_1_2,
        TLS_1_3
    }

    /**
     * What a client may ask of the gateway.
     *
     * @param connections how many at once
     * @param connectionsPerClient how many at once of one address; null: as many as there is room for
     * @param requestLine bytes of the request line; longer: 414
     * @param header bytes of one field; longer: 431
     * @param headers bytes of all fields; longer: 431
     * @param headerCount how many fields; more: 431
     * @param body bytes of a request body; longer: 413
     */
    public record Limits(
            int connections,
            @Nullable Integer connectionsPerClient,
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
