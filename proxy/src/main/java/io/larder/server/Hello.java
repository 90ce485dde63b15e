package io.larder.server;

import io.larder.server.connection.LoopContext;
import io.larder.server.tls.Termination;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for a client's first words, which say whom it wants (RFC 6066 §3), and lets the handshake begin as whoever that is. */
final class Hello extends AbstractSniHandler<Boolean> {
    /** Octets of the longest hello: those of browsers, post-quantum keys included, have some two thousand. */
    static final int MOST = 16 * 1024;

    private static final byte HANDSHAKE = 22;

    /** What came in place of TLS; an event for the handlers behind. */
    enum NotTls {
        /** Probably HTTP. */
        TEXT,
        GARBAGE
    }

    private final LoopContext context;
    private final Termination tls;

    Hello(LoopContext context, Termination tls) {
        super(MOST, 0); // the whole handshake has one limit, which Handshaking holds
        this.context = context;
        this.tls = tls;
    }

    /** Every connection of TLS begins with a record of a handshake (RFC 8446 §5.1): what begins otherwise need not be waited for. */
    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (in.isReadable() && in.getByte(in.readerIndex()) != HANDSHAKE) {
            boolean letter = Character.isLetter(in.getByte(in.readerIndex()));
            in.skipBytes(in.readableBytes());
            ctx.fireUserEventTriggered(letter ? NotTls.TEXT : NotTls.GARBAGE);
        } else {
            super.decode(ctx, in, out);
        }
    }

    @Override
    protected Future<Boolean> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        return ctx.executor().newSucceededFuture(Boolean.TRUE);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<Boolean> known) {
        ctx.pipeline()
                .replace(
                        this,
                        null,
                        tls.handler(
                                name,
                                ctx.alloc(),
                                context.loop().nanos(),
                                context.loop().now()));
    }
}
