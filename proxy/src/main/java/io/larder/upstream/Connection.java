package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Request;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to a server, used by one {@link Transaction} after the other. Confined to its loop.
 *
 * <p>Nothing is read from the socket unless somebody wants it. While it is idle one read is outstanding, so that bytes
 * nobody asked for, or the server's close, end it at once: an unasked response is never taken for the next one's.
 */
final class Connection extends ChannelInboundHandlerAdapter implements Passage {
    /** Whom a connection belongs to. */
    interface Owner {
        /** Its response is complete, and the next request may be sent on it. */
        void released(Connection connection);

        /** It is closed, or about to be, whoever wanted that. Comes once. */
        void closed(Connection connection);
    }

    /** Who has the use of a connection. */
    interface Occupant {
        /** Bytes have come; the connection releases the buffer. */
        void bytes(ByteBuf in);

        /**
         * The connection has ended: {@code orderly} means that the server closed it rather than reset it, and, where
         * there is TLS, said so (RFC 9112 §9.8).
         */
        void closed(boolean orderly);

        /** The connection has ended, and {@code why} says more of it. */
        void broken(Failure why);

        /** The time that was set on the connection's alarm has come. */
        void due();

        /** More may be written. */
        void writable();

        /** Whether reading is to go on by itself. */
        boolean wantsBytes();
    }

    private final class Idle implements Occupant {
        @Override
        public void bytes(ByteBuf in) {
            close();
        }

        @Override
        public void closed(boolean orderly) {}

        @Override
        public void broken(Failure why) {}

        @Override
        public void due() {
            close();
        }

        @Override
        public void writable() {}

        @Override
        public boolean wantsBytes() {
            return true;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Channel channel;
    private final Loop loop;
    private final Owner owner;
    private final Alarm alarm;
    private final Idle unused = new Idle();
    private final long born;
    private long idleLimit;
    private long idleSince;
    private boolean used;
    private boolean closed;
    private Occupant occupant = unused;

    /** @param idle how long it may be kept unused */
    Connection(Channel channel, Loop loop, Owner owner, Duration idle) {
        this.channel = channel;
        this.loop = loop;
        this.owner = owner;
        this.alarm = new Alarm(loop, () -> occupant.due());
        this.born = loop.nanos();
        this.idleSince = born;
        this.idleLimit = idle.toNanos();
    }

    Channel channel() {
        return channel;
    }

    Alarm alarm() {
        return alarm;
    }

    /** When it was made, on the loop's clock. */
    long born() {
        return born;
    }

    /** Since when it has been unused; meaningless while it is in use. */
    long idleSince() {
        return idleSince;
    }

    @Override
    public boolean isReused() {
        return used;
    }

    @Override
    public Call call(Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome) {
        return new Transaction(this, request, exchange, settings, outcome);
    }

    boolean isOpen() {
        return !closed && channel.isActive();
    }

    /** The server says that it closes the connection when unused for so long. */
    void limitIdle(Duration limit) {
        idleLimit = Math.min(idleLimit, limit.toNanos());
    }

    /** Gives the use of it to {@code next}. */
    void occupy(Occupant next) {
        occupant = next;
    }

    /** Ends the use of it; unless it is reusable, it is closed. */
    void vacate(boolean reusable) {
        occupant = unused;
        used = true;
        idleSince = loop.nanos();
        if (!reusable || idleLimit <= 0) {
            close();
        } else if (!closed) {
            alarm.set(Alarm.NEVER);
            owner.released(this);
        }
    }

    /** Puts it aside until somebody needs it. */
    void rest() {
        alarm.set(loop.nanos() + idleLimit);
        want();
    }

    /** Asks for bytes. */
    void want() {
        if (!closed) {
            channel.read();
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            alarm.cancel();
            owner.closed(this);
            channel.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!closed && message instanceof ByteBuf in) {
                occupant.bytes(in);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (occupant.wantsBytes()) {
            want();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!closed && channel.isWritable()) {
            occupant.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost(ctx.pipeline().get(SslHandler.class) == null); // with TLS, an orderly close has been told already
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closing && closing.isSuccess()) {
            lost(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Failure ofTls = TlsFaults.later(cause);
        if (ofTls != null && !closed) {
            close();
            occupant.broken(ofTls);
            return;
        }
        if (ofTls == null && !(cause instanceof IOException)) {
            LOG.error("a bug ended a connection to {}", channel.remoteAddress(), cause);
        }
        lost(false);
    }

    private void lost(boolean orderly) {
        if (!closed) {
            close();
            occupant.closed(orderly);
        }
    }
}
