package io.larder.server.connection;

/** Is asked, and told, of what a client does too much of. Confined to its connection. */
public interface FloodWatch {
    /** One more of {@code kind}; answers whether that is allowed. */
    boolean allow(Flood kind);

    /** See {@link Floods#earn}. */
    void earn(Flood kind, int more);

    /** Whether the client takes what we send. */
    boolean isRead();

    /** It was too much: the connection is about to end. */
    void flooded(Flood kind);
}
