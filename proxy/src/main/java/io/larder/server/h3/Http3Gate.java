package io.larder.server.h3;

import io.larder.server.connection.Flood;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.quic.QuicException;
import io.netty.util.ReferenceCountUtil;

/** Sees all octets of one stream before the codec does, and counts what there can be too much of. Confined to its loop. */
final class Http3Gate extends ChannelInboundHandlerAdapter implements Http3Frames.Watch {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int LAST_KIND = 3; // RFC 9114 §6.2, RFC 9204 §4.2: control, push, encoder, decoder
    private static final int LAST_TYPE = 0xd; // RFC 9114 §7.2: MAX_PUSH_ID

    private final Http3Connection connection;
    private final boolean oneWay;
    private final Http3Frames frames;

    Http3Gate(Http3Connection connection, boolean oneWay) {
        this.connection = connection;
        this.oneWay = oneWay;
        this.frames = new Http3Frames(oneWay, this);
    }

    /** Whether a frame has begun that is not complete. */
    boolean isWithinFrame() {
        return frames.isWithin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (connection.isEnded()) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof ByteBuf octets) {
            frames.look(octets);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
        if (oneWay && event == ChannelInputShutdownReadComplete.INSTANCE) {
            over(ctx);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (oneWay && cause instanceof QuicException) {
            over(ctx); // the client has reset it
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    /** The client has ended a stream of its own, which Netty keeps until it is closed. The codec knows which it may not end. */
    private void over(ChannelHandlerContext ctx) {
        connection.count(Flood.UNKNOWN_FRAMES);
        connection.torn();
        ctx.channel().close();
    }

    @Override
    public void kind(long kind) {
        if (kind > LAST_KIND) {
            connection.count(Flood.UNKNOWN_FRAMES);
        }
    }

    @Override
    public void frame(long type, long length) {
        if (oneWay) {
            connection.count(type <= LAST_TYPE ? Flood.SETTINGS : Flood.UNKNOWN_FRAMES);
        } else if (type == DATA) {
            if (length == 0) {
                connection.count(Flood.EMPTY_DATA);
            }
        } else if (type != HEADERS) {
            connection.count(Flood.UNKNOWN_FRAMES);
        }
    }
}
