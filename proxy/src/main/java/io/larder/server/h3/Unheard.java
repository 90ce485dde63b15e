package io.larder.server.h3;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Ends the way of a fault that a client has made on a connection or a stream of HTTP/3, and that has been answered: past the last handler
 * Netty logs it, and anybody can make one.
 */
final class Unheard extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {}
}
