package io.larder.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses a listening socket that cannot accept, such as when file descriptors run out, instead of spinning on it. */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
    private static final long PAUSE_MILLIS = 500;

    private final String listener;

    Acceptor(String listener) {
        this.listener = listener;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Channel socket = ctx.channel();
        if (socket.config().isAutoRead()) {
            LOG.warn("listener {} accepts no connections for {} ms: {}", listener, PAUSE_MILLIS, cause.getMessage());
            socket.config().setAutoRead(false);
            socket.eventLoop().schedule(() -> socket.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
