package io.larder.server.connection;

/** A client's connection, whatever is spoken on it. Confined to its loop. */
public interface ClientConnection {
    /** Takes no more requests, answers those that it has, and closes. */
    void drain();

    /** Ends at once, so that the client cannot mistake it for a proper close. */
    void reset();
}
