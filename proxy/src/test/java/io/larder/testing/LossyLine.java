package io.larder.testing;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.atomic.AtomicInteger;

/** A line on which the datagrams get lost that a test names, in either direction. */
public final class LossyLine extends ChannelDuplexHandler {
    private final AtomicInteger passing = new AtomicInteger();
    private final AtomicInteger losingIn = new AtomicInteger();
    private final AtomicInteger losingOut = new AtomicInteger();

    /** Of what comes from now on, {@code first} datagrams arrive, and then {@code count} do not. */
    public void loseIncoming(int first, int count) {
        passing.set(first);
        losingIn.set(count);
    }

    /** The next {@code count} datagrams that are sent do not arrive. */
    public void loseOutgoing(int count) {
        losingOut.set(count);
    }

    private static boolean takes(AtomicInteger count) {
        return count.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!takes(passing) && takes(losingIn)) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (takes(losingOut)) {
            ReferenceCountUtil.release(message);
            promise.setSuccess();
        } else {
            ctx.write(message, promise);
        }
    }
}
