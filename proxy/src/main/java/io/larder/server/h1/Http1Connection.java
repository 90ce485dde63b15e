package io.larder.server.h1;

import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.netty.Buffers;
import io.larder.server.connection.ClientConnection;
import io.larder.server.connection.ConnectionTimers;
import io.larder.server.connection.Downstream;
import io.larder.server.connection.Incoming;
import io.larder.server.connection.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection (RFC 9112 §9): owns the socket and the bytes not yet taken, and knows whose turn it is.
 * Requests are answered strictly one after the other. Confined to its loop.
 */
public final class Http1Connection extends ChannelInboundHandlerAdapter
        implements ClientConnection, ConnectionTimers.Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

    private final Channel channel;
    private final LoopContext context;
    private final Successor successor;
    private final Downstream downstream;
    private final boolean admitted;
    private final ConnectionTimers timers;
    private final Outbox outbox;
    private final AwaitingRequest awaiting;
    private Turn turn;
    private ByteBuf in = Unpooled.EMPTY_BUFFER; // received and not taken yet
    private boolean driving;
    private boolean inputEnded;
    private boolean ended; // this side wants no more requests
    private boolean readsSocket = true;

    /**
     * A connection on {@code channel}.
     *
     * @param admitted false for one connection too many: it is told so and closed
     * @param successor of a connection that begins with HTTP/2's preface
     */
    public Http1Connection(
            Channel channel, LoopContext context, Downstream downstream, boolean admitted, Successor successor) {
        this.channel = channel;
        this.context = context;
        this.downstream = downstream;
        this.admitted = admitted;
        this.successor = successor;
        this.timers = new ConnectionTimers(
                context.loop(), context.settings().timeouts().write(), this);
        this.outbox = new Outbox(channel, context.loop(), timers);
        this.awaiting = new AwaitingRequest(this, context);
        this.turn = awaiting;
    }

    // What the turns need.

    Downstream downstream() {
        return downstream;
    }

    /** Whether it is encrypted. */
    boolean isSecured() {
        return downstream.secured() != null;
    }

    Outbox outbox() {
        return outbox;
    }

    /** Whether the client has ended its sending. */
    boolean isInputEnded() {
        return inputEnded;
    }

    /** The client owes the connection something within {@code time}. */
    void awaitClient(Duration time) {
        timers.await(context.loop().nanos() + time.toNanos());
    }

    /** The client owes the connection nothing. */
    void calm() {
        timers.calm();
    }

    /** A request has come. */
    void begin(Incoming incoming) {
        timers.calm();
        Delivery delivery = new Delivery(this, context, incoming);
        turn = delivery;
        delivery.start();
        drive();
    }

    /** Goes on where this connection ends. */
    public interface Successor {
        /**
         * Takes the place of {@code predecessor} in its pipeline.
         *
         * @param received what has come so far, the successor's from now on
         */
        void takeOver(Http1Connection predecessor, ByteBuf received);
    }

    /** The client has begun with HTTP/2's preface: the connection goes on as one of that, with all that has come. */
    void handOver() {
        ended = true;
        timers.stop();
        context.connections().remove(this);
        ByteBuf received = in;
        in = Unpooled.EMPTY_BUFFER;
        successor.takeOver(this, received);
    }

    /** The next request may come. */
    void awaitRequest(long now) {
        turn = awaiting;
        timers.await(now + context.idleNanos());
        drive();
    }

    /** The rest of {@code body} is read for nobody, then the next request may come. */
    void drop(RequestBody body) {
        turn = new Dropping(this, context, body);
        awaitClient(context.settings().timeouts().body());
        drive();
    }

    /** Nothing more is asked or answered; what is written still leaves. */
    void end(Lingering.Ending ending) {
        if (!ended) {
            ended = true;
            timers.calm();
            Lingering lingering = new Lingering(this, ending);
            turn = lingering;
            outbox.writeLast(Unpooled.EMPTY_BUFFER, lingering);
            drive();
        }
    }

    void closeOutput() {
        SslHandler tls = !isSecured() ? null : channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound(); // says so to the client; the socket's own end follows when it has heard it
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        } else {
            close();
        }
    }

    void close() {
        ended = true;
        timers.stop();
        channel.close();
    }

    @Override
    public void reset() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        if (isSecured()) {
            channel.unsafe().close(channel.newPromise()); // past TLS, which would say that all is said
        }
        close();
    }

    /** Lets whoever's turn it is take what there is, until nobody gets any further. */
    void drive() {
        if (driving) {
            return;
        }
        driving = true;
        try {
            while (turn.take(in)) {
                // the next turn may want the rest
            }
        } finally {
            driving = false;
        }
        settle();
    }

    private void settle() {
        if (!in.isReadable()) {
            in.release();
            in = Unpooled.EMPTY_BUFFER;
        }
        boolean wanted = in.readableBytes() < turn.window();
        if (wanted != readsSocket) {
            readsSocket = wanted;
            channel.config().setAutoRead(wanted);
        }
    }

    // What the listener needs.

    /** Closes the connection unless it is busy; a busy one closes after its response. */
    @Override
    public void drain() {
        if (turn == awaiting) {
            end(Lingering.Ending.CLOSE);
        }
    }

    // What the channel tells.

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        opened();
    }

    /** The connection begins; told by the channel, or by who has put this in the pipeline of one that was active before. */
    public void opened() {
        context.connections().add(this);
        if (!admitted) {
            awaiting.reject(new Malformed(503, "there are too many connections"), false, Headers.EMPTY);
        } else if (context.connections().isDraining()) {
            close();
        } else {
            timers.await(context.loop().nanos() + context.idleNanos());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        outbox.readBegan();
        ByteBuf fresh = (ByteBuf) message;
        in = in.isReadable() ? Buffers.append(ctx.alloc(), in, fresh) : fresh;
        drive();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        outbox.readEnded();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (outbox.isWritable()) {
            turn.writable();
            drive();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean ends = event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
        SslHandler tls = !isSecured() ? null : ctx.pipeline().get(SslHandler.class);
        if (ends && tls != null && tls.engine().isOutboundDone()) {
            close(); // up to TLS 1.2, and by OpenSSL in any version, nothing can be answered any more (RFC 5246 §7.2.1)
        } else if (ends && !inputEnded) {
            inputEnded = true;
            drive();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended = true;
        inputEnded = true;
        timers.stop();
        Turn last = turn;
        turn = new Lingering(this, Lingering.Ending.CLOSE);
        last.gone();
        in.release();
        in = Unpooled.EMPTY_BUFFER;
        context.connections().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        boolean clientsFault = cause instanceof IOException || cause.getCause() instanceof SSLException;
        if (!clientsFault) {
            LOG.error(
                    "a connection of {} is closed because of a bug",
                    downstream.client().address(),
                    cause);
        }
        close();
    }

    // What the timers tell.

    @Override
    public void readExpired() {
        turn.expired();
        drive();
    }

    @Override
    public void writeExpired() {
        reset();
    }

    @Override
    public long backlog() {
        return outbox.backlog();
    }

    @Override
    public long taken() {
        return outbox.taken();
    }
}
