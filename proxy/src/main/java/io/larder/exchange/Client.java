package io.larder.exchange;

import java.net.InetSocketAddress;

/**
 * Who asked, and where.
 *
 * @param peer the other end of the connection, or whom a trusted proxy's PROXY header puts there
 * @param literal the address of {@code peer} as text
 * @param address the client as far as it can be trusted: the peer, or what a trusted proxy says; an IP literal
 * @param listener the name of the listener it came in on
 * @param localPort the port it came in on
 */
public record Client(InetSocketAddress peer, String literal, String address, String listener, int localPort) {
    /** A client who is the other end of the connection. */
    public Client(InetSocketAddress peer, String literal, String listener, int localPort) {
        this(peer, literal, literal, listener, localPort);
    }

    public Client withAddress(String other) {
        return new Client(peer, literal, other, listener, localPort);
    }
}
