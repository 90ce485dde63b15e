package io.larder.server;

import io.larder.exchange.Client;
import io.larder.exchange.Loop;
import io.larder.server.connection.ClientConnection;
import io.larder.server.connection.LoopContext;
import io.larder.server.tls.HandshakeFault;
import io.larder.server.tls.Secured;
import io.larder.server.tls.Termination;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A connection until TLS stands on it: within the time that a request's head has, from the first byte to the last. Whatever
 * goes wrong is counted, and never logged: anybody can make it go wrong. Confined to its loop.
 */
final class Handshaking extends ChannelInboundHandlerAdapter implements ClientConnection {
    private static final String TEXT = "This port speaks TLS: ask it with https://.\n";
    private static final byte[] NOT_TLS =
            ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n" + "Content-Length: "
                            + TEXT.length() + "\r\n\r\n" + TEXT)
                    .getBytes(StandardCharsets.US_ASCII);

    private final Channel channel;
    private final LoopContext context;
    private final Client client;
    private final Termination tls;
    private @Nullable String name; // which the client asks for
    private Loop.@Nullable Timer limit;
    private boolean over;

    Handshaking(Channel channel, LoopContext context, Client client, Termination tls) {
        this.channel = channel;
        this.context = context;
        this.client = client;
        this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context.connections().add(this);
        if (context.connections().isDraining()) {
            reset();
            return;
        }
        limit = context.loop().schedule(context.settings().timeouts().header(), () -> fail(HandshakeFault.TIMEOUT));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SniCompletionEvent hello when hello.isSuccess() -> name = lowerCase(hello.hostname());
            case SslHandshakeCompletionEvent done when done.isSuccess() -> stands(ctx);
            case SslHandshakeCompletionEvent failed -> fail(HandshakeFault.of(failed.cause()));
            case Hello.NotTls garbage -> refused(garbage);
            case ChannelInputShutdownEvent left -> fail(HandshakeFault.CLOSED);
            default -> {}
        }
    }

    private static @Nullable String lowerCase(@Nullable String hostname) {
        return hostname == null ? null : hostname.toLowerCase(Locale.ROOT);
    }

    private void stands(ChannelHandlerContext ctx) {
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        if (over || handler == null) {
            return;
        }
        end();
        context.connections().remove(this);
        context.telemetry().shaken(client, handler.engine().getSession().getProtocol());
        String agreed = handler.applicationProtocol();
        Secured secured = new Secured(agreed == null ? Negotiation.HTTP_1_1 : agreed, name, tls.choice());
        Negotiation.begin(channel, context, client, secured, this);
    }

    private void refused(Hello.NotTls garbage) {
        if (over) {
            return; // more of it
        }
        count(HandshakeFault.NOT_TLS);
        if (garbage == Hello.NotTls.TEXT) {
            ByteBuf page = channel.alloc().directBuffer(NOT_TLS.length).writeBytes(NOT_TLS);
            channel.writeAndFlush(page).addListener(ChannelFutureListener.CLOSE);
        } else {
            channel.close();
        }
    }

    private void fail(HandshakeFault fault) {
        if (!over) {
            count(fault);
            channel.close();
        }
    }

    private void count(HandshakeFault fault) {
        end();
        context.telemetry().unshaken(client, fault.token());
    }

    private void end() {
        over = true;
        if (limit != null) {
            limit.cancel();
        }
    }

    /** Nothing is for us before TLS stands. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(HandshakeFault.CLOSED);
        context.connections().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(HandshakeFault.of(cause));
        channel.close();
    }

    @Override
    public void drain() {
        reset();
    }

    @Override
    public void reset() {
        end();
        channel.close();
    }
}
