package io.larder.server.h1;

import io.netty.buffer.ByteBuf;

/** Whose turn it is on a connection: who takes what arrives, and what the connection waits for. */
sealed interface Turn permits AwaitingRequest, Delivery, Dropping, Lingering {
    /**
     * Takes what it can use of {@code in}.
     *
     * @return whether it got anywhere: then whoever's turn it is now is asked again
     */
    boolean take(ByteBuf in);

    /** How many unread bytes may wait on the connection before the socket is left alone. */
    int window();

    /** The time for what it awaited is up. */
    void expired();

    /** The channel takes bytes again. */
    void writable();

    /** The connection is gone. */
    void gone();
}
