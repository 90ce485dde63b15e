package io.larder.server.h3;

import io.netty.buffer.SwappedByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Waits in the queue of a stream on which there is nothing to write yet. That a client wants to hear no more (STOP_SENDING, RFC 9000
 * §3.5) is told by Netty to whatever waits to be written, and to nobody where nothing does. It claims to have octets, and has none,
 * so that it cannot leave.
 */
@SuppressWarnings("deprecation") // of its reading as little endian, which nobody does
final class Http3Sentry extends SwappedByteBuf {
    private boolean standing = true;

    Http3Sentry() {
        super(Unpooled.EMPTY_BUFFER);
    }

    @Override
    public boolean isReadable() {
        return standing;
    }

    /** It leaves with what is written next. */
    void dismiss() {
        standing = false;
    }
}
