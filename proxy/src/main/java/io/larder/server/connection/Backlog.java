package io.larder.server.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Stands before a channel's socket, behind TLS where there is any, and knows how much of what was written has left: more that
 * waits is not to be taken for less. Confined to its channel's loop.
 */
public final class Backlog extends ChannelOutboundHandlerAdapter {
    private final Channel channel;
    private long written; // as the channel counts what waits

    private Backlog(Channel channel) {
        this.channel = channel;
    }

    /** The one of {@code channel}. */
    public static Backlog of(Channel channel) {
        Backlog known = channel.pipeline().get(Backlog.class);
        if (known != null) {
            return known;
        }
        Backlog fresh = new Backlog(channel);
        channel.pipeline().addFirst(fresh);
        return fresh;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        long before = waiting();
        context.write(message, promise);
        written += waiting() - before;
    }

    /** Octets written that the kernel has not got. */
    public long backlog() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes() - pending.currentProgress();
    }

    /** Grows with every octet that the kernel gets, and with nothing else. */
    public long taken() {
        return written - backlog();
    }

    private long waiting() {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending == null ? 0 : pending.totalPendingWriteBytes();
    }
}
