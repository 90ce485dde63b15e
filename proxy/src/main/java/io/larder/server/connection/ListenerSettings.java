package io.larder.server.connection;

import io.larder.http.HeadLimits;
import io.larder.server.tls.Termination;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one listener allows its clients.
 *
 * @param name of the listener, for logs and metrics
 * @param head limits of a request's head
 * @param connections open at once; one more is answered 503 and closed
 * @param body the longest request content in bytes (413 past it)
 * @param timeouts how long a client may take
 * @param entrance how connections come in
 * @param protocols what clients may speak
 * @param tls what decrypts; null where clients speak in the clear
 */
public record ListenerSettings(
        String name,
        HeadLimits head,
        int connections,
        long body,
        Timeouts timeouts,
        Entrance entrance,
        Protocols protocols,
        @Nullable Termination tls) {
    public ListenerSettings {
        if (protocols.http3() && (tls == null || tls.quic() == null)) {
            throw new IllegalArgumentException("HTTP/3 needs TLS for QUIC");
        }
        if (connections < 1 || body < 0) {
            throw new IllegalArgumentException("a listener needs room for a connection and a body limit of 0 or more");
        }
    }

    /** One that anybody connects to directly, as often as there is room, in the clear, to speak whatever we do. */
    public ListenerSettings(String name, HeadLimits head, int connections, long body, Timeouts timeouts) {
        this(name, head, connections, body, timeouts, Entrance.OPEN, Protocols.ALL, null);
    }

    /**
     * How connections come in.
     *
     * @param proxied whether each must begin with a PROXY header, from a proxy that is believed
     * @param perClient how many one client may have open at once; one more is closed
     */
    public record Entrance(boolean proxied, int perClient) {
        /** Directly, as often as there is room. */
        public static final Entrance OPEN = new Entrance(false, Integer.MAX_VALUE);

        public boolean countsClients() {
            return perClient != Integer.MAX_VALUE;
        }
    }

    /**
     * What clients may speak.
     *
     * @param http1 HTTP/1.1 and 1.0
     * @param http2 HTTP/2: with TLS where that is agreed on, without where a client begins with it (RFC 9113 §3.2, §3.3)
     * @param http3 HTTP/3 beside them, on the UDP port of the same number (RFC 9114); clients are told of it
     */
    public record Protocols(boolean http1, boolean http2, boolean http3) {
        /** What needs no UDP. */
        public static final Protocols ALL = new Protocols(true, true);

        /** Without HTTP/3. */
        public Protocols(boolean http1, boolean http2) {
            this(http1, http2, false);
        }

        public Protocols {
            if (!http1 && !http2) {
                throw new IllegalArgumentException("a listener speaks at least one protocol");
            }
        }
    }

    /**
     * How long a client may take.
     *
     * @param header from the first byte of a request to the end of its head (408); for a TLS handshake as well
     * @param body the longest pause inside a body that is being read (408)
     * @param idle between requests
     * @param write the longest time in which a client that has bytes to take takes none
     * @param halfClosed how long a client that has ended its sending waits for the next byte of an answer: a closed and
     *     a half-closed connection look the same from here, so past it the client counts as gone
     */
    public record Timeouts(Duration header, Duration body, Duration idle, Duration write, Duration halfClosed) {}
}
