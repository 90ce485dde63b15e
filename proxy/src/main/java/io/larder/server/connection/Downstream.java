package io.larder.server.connection;

import io.larder.exchange.Client;
import io.larder.http.Authority;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.server.tls.Secured;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a connection, and how it got here. A value.
 *
 * @param secured what TLS has come to; null in the clear
 */
public record Downstream(Client client, @Nullable Secured secured) {
    /** How clients reach this connection. */
    String scheme() {
        return secured == null ? "http" : "https";
    }

    /**
     * Judges the head of a request that has come this way.
     *
     * @param hosts reads Host; of this connection
     * @param bodyLimit the longest content taken, in bytes
     * @throws Malformed as {@link Incoming#of} does; 421 for a name that the client was shown no certificate for (RFC 9110 §7.4)
     */
    public Incoming judge(RequestHead head, LastHost hosts, long bodyLimit) throws Malformed {
        Incoming incoming = Incoming.of(head, hosts, scheme(), bodyLimit);
        if (!answersFor(incoming.target().authority())) {
            throw new Malformed(421, Secured.MISDIRECTED);
        }
        return incoming;
    }

    /** As {@link Secured#answersFor}; in the clear it answers for all. */
    private boolean answersFor(Authority host) {
        return secured == null || secured.answersFor(host);
    }
}
