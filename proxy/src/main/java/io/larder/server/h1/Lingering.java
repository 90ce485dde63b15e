package io.larder.server.h1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;

/**
 * The last turn of a connection: what was written leaves, then the connection ends. What still comes in is dropped, so
 * that the client reads its answer instead of a reset (RFC 9112 §9.6).
 */
final class Lingering implements Turn, ChannelFutureListener {
    /** How it ends once everything is written. */
    enum Ending {
        /** Our side at once, the client's when it has noticed, for a short while. */
        LINGER,
        /** Both sides at once. */
        CLOSE,
        /** By a reset: the client must not take a close for the end of the content. */
        RESET
    }

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long MOST = 256L * 1024;

    private final Http1Connection connection;
    private final Ending ending;
    private boolean written;
    private long dropped;

    Lingering(Http1Connection connection, Ending ending) {
        this.connection = connection;
        this.ending = ending;
    }

    @Override
    public boolean take(ByteBuf in) {
        dropped += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (written && (dropped > MOST || connection.isInputEnded())) {
            connection.close();
        }
        return false;
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        written = true;
        boolean nothingToWaitFor = !future.isSuccess() || connection.isInputEnded() || dropped > MOST;
        switch (ending) {
            case LINGER -> {
                if (nothingToWaitFor) {
                    connection.close();
                } else {
                    connection.closeOutput();
                    connection.awaitClient(PATIENCE);
                }
            }
            case CLOSE -> connection.close();
            case RESET -> connection.reset();
        }
    }

    @Override
    public int window() {
        return dropped > MOST ? 0 : 1;
    }

    @Override
    public void expired() {
        connection.close();
    }

    @Override
    public void writable() {}

    @Override
    public void gone() {}
}
