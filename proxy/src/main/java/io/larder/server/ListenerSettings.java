package io.larder.server;

import io.larder.http.HeadLimits;
import java.time.Duration;

/**
 * What one listener allows its clients.
 *
 * @param name of the listener, for logs and metrics
 * @param head limits of a request's head
 * @param connections open at once; one more is answered 503 and closed
 * @param body the longest request content in bytes (413 past it)
 * @param timeouts how long a client may take
 * @param protocols what clients may speak
 */
public record ListenerSettings(
        String name, HeadLimits head, int connections, long body, Timeouts timeouts, Protocols protocols) {
    public ListenerSettings {
        if (connections < 1 || body < 0) {
            throw new IllegalArgumentException("a listener needs room for a connection and a body limit of 0 or more");
        }
    }

    /** A listener on which clients may speak whatever we do. */
    public ListenerSettings(String name, HeadLimits head, int connections, long body, Timeouts timeouts) {
        this(name, head, connections, body, timeouts, Protocols.ALL);
    }

    /**
     * What clients may speak.
     *
     * @param http1 HTTP/1.1 and 1.0
     * @param http2 HTTP/2: without TLS, where a client begins with it (RFC 9113 §3.3)
     */
    public record Protocols(boolean http1, boolean http2) {
        public static final Protocols ALL = new Protocols(true, true);

        public Protocols {
            if (!http1 && !http2) {
                throw new IllegalArgumentException("a listener speaks at least one protocol");
            }
        }
    }

    /**
     * How long a client may take.
     *
     * @param header from the first byte of a request to the end of its head (408)
     * @param body the longest pause inside a body that is being read (408)
     * @param idle between requests
     * @param write the longest time in which a client that has bytes to take takes none
     * @param halfClosed how long a client that has ended its sending waits for the next byte of an answer: a closed and
     *     a half-closed connection look the same from here, so past it the client counts as gone
     */
    public record Timeouts(Duration header, Duration body, Duration idle, Duration write, Duration halfClosed) {}
}
