package io.larder.server.proxyprotocol;

import io.larder.exchange.Loop;
import io.larder.exchange.Telemetry.Turned;
import io.larder.netty.Buffers;
import io.larder.server.connection.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the PROXY header off the beginning of a connection, before TLS and HTTP are there to see it. Stands first and leaves
 * when it is done. Confined to its loop.
 */
public final class ProxyPreface extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyPreface.class);
    private static final Loop.Timer NO_TIMER = () -> {};

    /** What goes on when it is known who the client is. */
    public interface Next {
        /**
         * Puts handlers behind this one, or closes the connection.
         *
         * @param source the client; null: the peer itself
         */
        void goOn(@Nullable InetSocketAddress source);
    }

    private final LoopContext context;
    private final Next next;
    private ByteBuf in = Unpooled.EMPTY_BUFFER;
    private Loop.Timer timer = NO_TIMER;
    private int atLeast = 1;

    public ProxyPreface(LoopContext context, Next next) {
        this.context = context;
        this.next = next;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timer = context.loop()
                .schedule(
                        context.settings().timeouts().header(),
                        () -> refuse(ctx, "its PROXY header did not come in time"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf fresh = (ByteBuf) message;
        in = in.isReadable() ? Buffers.append(ctx.alloc(), in, fresh) : fresh;
        if (in.readableBytes() < atLeast) {
            return;
        }
        int seen = Math.min(in.readableBytes(), ProxyHeader.LONGEST);
        switch (ProxyHeader.read(ByteBufUtil.getBytes(in, in.readerIndex(), seen))) {
            case ProxyHeader.Partial(int octets) -> atLeast = octets;
            case ProxyHeader.Bad(String why) -> refuse(ctx, why);
            case ProxyHeader.Whole(int length, InetSocketAddress source) -> leave(ctx, length, source);
        }
    }

    private void leave(ChannelHandlerContext ctx, int length, @Nullable InetSocketAddress source) {
        timer.cancel();
        ByteBuf rest = in.skipBytes(length);
        in = Unpooled.EMPTY_BUFFER;
        next.goOn(source);
        ctx.fireChannelActive();
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
        }
        if (ctx.channel().isOpen() && !ctx.isRemoved()) {
            ctx.pipeline().remove(this); // the end of this read reaches those behind by itself
        }
    }

    private void refuse(ChannelHandlerContext ctx, String why) {
        LOG.debug("a connection of {} is closed: {}", ctx.channel().remoteAddress(), why);
        context.telemetry().turnedAway(Turned.PROXY_HEADER);
        ctx.close();
    }

    /** A client that ends its sending inside the header sends no request. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        timer.cancel();
        in.release();
        in = Unpooled.EMPTY_BUFFER;
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("a connection is closed because of a bug", cause);
        }
        ctx.close();
    }
}
