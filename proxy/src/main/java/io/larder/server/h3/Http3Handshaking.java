package io.larder.server.h3;

import io.larder.exchange.Client;
import io.larder.exchange.Loop;
import io.larder.server.connection.ClientConnection;
import io.larder.server.connection.LoopContext;
import io.larder.server.tls.HandshakeFault;
import io.larder.server.tls.ListenerTls;
import io.larder.server.tls.Secured;
import io.larder.server.tls.Termination;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A connection of QUIC until its handshake is complete: within the time that a request's head has. What goes wrong is counted as
 * over TCP, and never logged. Confined to its loop.
 */
public final class Http3Handshaking extends ChannelInboundHandlerAdapter implements ClientConnection {
    private final QuicChannel channel;
    private final LoopContext context;
    private final Client client;
    private final Termination tls;
    private final Runnable done;
    private @Nullable String name; // which the client asks for
    private Loop.@Nullable Timer limit;
    private boolean over;

    /** @param done is run once, when it is over, however it ended */
    public Http3Handshaking(QuicChannel channel, LoopContext context, Client client, Termination tls, Runnable done) {
        this.channel = channel;
        this.context = context;
        this.client = client;
        this.tls = tls;
        this.done = done;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context.connections().add(this);
        limit = context.loop().schedule(context.settings().timeouts().header(), () -> fail(HandshakeFault.TIMEOUT));
        if (context.connections().isDraining()) {
            reset();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SniCompletionEvent hello when hello.isSuccess() -> name = lowerCase(hello.hostname());
            case SslHandshakeCompletionEvent complete when complete.isSuccess() -> stands();
            case SslHandshakeCompletionEvent failed -> fail(HandshakeFault.of(failed.cause()));
            case QuicConnectionCloseEvent left ->
                fail(left.isTlsError() ? HandshakeFault.CLIENT_REFUSED : HandshakeFault.CLOSED);
            default -> {}
        }
    }

    private static @Nullable String lowerCase(@Nullable String hostname) {
        return hostname == null || hostname.isEmpty() ? null : hostname.toLowerCase(Locale.ROOT);
    }

    private void stands() {
        SSLEngine engine = channel.sslEngine();
        if (over || engine == null) {
            return;
        }
        end();
        context.connections().remove(this);
        context.telemetry().shaken(client, engine.getSession().getProtocol());
        Secured secured = new Secured(ListenerTls.HTTP_3, name, tls.choice());
        Http3Connection.begin(channel, this, context, client, secured);
    }

    private void fail(HandshakeFault fault) {
        if (!over) {
            end();
            context.telemetry().unshaken(client, fault.token());
            channel.close();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            done.run();
            if (limit != null) {
                limit.cancel();
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
        context.connections().remove(this);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(HandshakeFault.CLOSED);
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
