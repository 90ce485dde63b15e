package io.larder.upstream;

import io.larder.exchange.Failure;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

/** Waits until TLS stands, makes room then, and tells. Confined to one channel. */
final class Handshake extends ChannelInboundHandlerAdapter {
    private final SslHandler tls;
    private final @Nullable String protocol;
    private final Dialer.Receiver receiver;
    private boolean told;

    /** @param protocol that the server has to agree to; null where none is proposed */
    Handshake(SslHandler tls, @Nullable String protocol, Dialer.Receiver receiver) {
        this.tls = tls;
        this.protocol = protocol;
        this.receiver = receiver;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (!completion.isSuccess()) {
                fail(ctx, TlsFaults.inHandshake(completion.cause()));
            } else if (protocol != null && !protocol.equals(tls.applicationProtocol())) {
                fail(ctx, TlsFaults.noHttp2());
            } else {
                ctx.pipeline().remove(this);
                receiver.connected(ctx.channel());
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(
                ctx,
                new Failure(
                        Failure.Kind.CONNECTION_TERMINATED, "the server closed the connection before TLS stood", true));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, TlsFaults.inHandshake(cause));
    }

    private void fail(ChannelHandlerContext ctx, Failure why) {
        if (!told) {
            told = true;
            ctx.close();
            receiver.failed(why);
        }
    }
}
