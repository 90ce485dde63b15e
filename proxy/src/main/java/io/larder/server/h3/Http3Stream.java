package io.larder.server.h3;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.netty.Buffers;
import io.larder.server.connection.DeadlineTimer;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.Flood;
import io.larder.server.connection.LoopContext;
import io.larder.server.stream.RequestStream;
import io.larder.server.stream.StreamDelivery;
import io.larder.server.stream.StreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request's stream of HTTP/3 (RFC 9114 §4.1), which is a channel of its own. It is read only as somebody asks for what comes on
 * it. Confined to its connection's loop.
 */
final class Http3Stream extends ChannelInboundHandlerAdapter implements RequestStream {
    /** quiche does not tell of an end that comes again with octets that have been read: after this, the head has to do. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Http3Stream.class);

    private final Http3Connection connection;
    private final QuicStreamChannel channel;
    private final Http3Gate gate;
    private final LoopContext context;
    private final Http3Sending sending;
    private final DeadlineTimer timer;
    private @Nullable StreamHead head; // that has come, and of which it is not known whether content follows
    private @Nullable StreamDelivery delivery;
    private @Nullable Http3Outflow outflow;
    private boolean begun; // the request has been judged
    private boolean inputOver; // all that the client sends has come
    private boolean trailed; // trailers have come
    private boolean asked; // somebody waits for content
    private boolean finishing; // all is written, and QUIC has not taken it
    private boolean ended; // nothing is to be read or written any more
    private long headBy; // on the loop's clock
    private long bareBy = RequestStream.NEVER; // when the end of what seems to be a head alone is waited for no longer
    private long takenBy = RequestStream.NEVER; // by when the client is to take something

    Http3Stream(Http3Connection connection, QuicStreamChannel channel, Http3Gate gate) {
        this.connection = connection;
        this.channel = channel;
        this.gate = gate;
        this.context = connection.context();
        this.sending = new Http3Sending(channel, context.loop(), this::left);
        this.timer = new DeadlineTimer(context.loop(), this::wake);
    }

    // What comes.

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        headBy = context.loop().nanos() + context.settings().timeouts().header().toNanos();
        channel.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (ended) {
                return;
            }
            if (message instanceof Http3HeadersFrame fields) {
                fields(Http3Section.of(fields.headers(), context.settings().head()));
            } else if (message instanceof Http3DataFrame data) {
                data(data.content());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void fields(StreamHead section) {
        if (begun || head != null) {
            trailed = true;
            begin(false);
            if (delivery != null) {
                delivery.trailers(section);
            }
        } else {
            head = section;
        }
    }

    private void data(ByteBuf content) {
        int length = content.readableBytes();
        if (length > 0) {
            asked = false;
            begin(false);
            if (delivery != null) {
                delivery.data(Bytes.of(Buffers.take(content, length)), false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (ended) {
            return;
        }
        StreamHead arrived = head;
        if (arrived != null && (channel.isInputShutdown() || !Http3Section.isUsuallyBare(arrived))) {
            begin(channel.isInputShutdown());
        }
        if (!begun) {
            bareBy = arrived == null ? RequestStream.NEVER : context.loop().nanos() + GRACE.toNanos();
            wakeBy(arrived == null ? headBy : bareBy);
        }
        if (!begun || trailed || asked) { // it may have been the head of a frame alone
            channel.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownReadComplete.INSTANCE || ended) {
            return;
        }
        if (gate.isWithinFrame()) {
            connection.end(Http3Code.FRAME_ERROR); // RFC 9114 §7.1
            return;
        }
        boolean first = !inputOver;
        inputOver = true;
        if (!begun && head == null) {
            refuse(Http3Code.REQUEST_INCOMPLETE);
        } else if (!begun) {
            begin(true);
        } else if (first && delivery != null && !trailed) {
            delivery.data(Bytes.EMPTY, true);
        }
    }

    private void begin(boolean ends) {
        StreamHead whole = head;
        if (begun || whole == null) {
            return;
        }
        begun = true;
        head = null;
        inputOver |= ends;
        if (connection.admits(this)) {
            StreamDelivery next = connection.intake().begin(this, whole, ends);
            if (next != null) {
                delivery = next;
                connection.enter(this);
                next.start();
                if (outflow == null) {
                    sending.watchOut();
                }
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        switch (Http3Fault.of(cause)) {
            case GONE -> left();
            case MALFORMED ->
                malformed("a stream broke the rules of HTTP/3"); // or the connection is: then the codec has ended it
            case BUG -> {
                LOG.error(
                        "a stream of {} is reset because of a bug",
                        connection.client().address(),
                        cause);
                tear(Http3Code.INTERNAL_ERROR);
                gone();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
    }

    /** The client has broken it off, in one direction at least. */
    private void left() {
        if (!ended) {
            lost();
            connection.count(Flood.RESETS);
        }
    }

    private void lost() {
        tear(Http3Code.REQUEST_CANCELLED);
        gone();
    }

    /** Nothing happens here any more. */
    void gone() {
        ended = true;
        timer.stop();
        if (delivery != null) {
            delivery.gone();
        }
    }

    /** Ends it before it has become a request. */
    void refuse(Http3Code code) {
        tear(code);
        connection.count(Flood.PROVOKED_RESETS);
    }

    private void tear(Http3Code code) {
        if (!ended) {
            ended = true;
            timer.stop();
            channel.shutdown(code.number());
            channel.close();
            connection.torn();
        }
    }

    // What goes.

    @Override
    public String protocol() {
        return "HTTP/3";
    }

    @Override
    public boolean isOpen() {
        return !ended && sending.isOpen();
    }

    @Override
    public boolean isRead() {
        return sending.isRead();
    }

    @Override
    public void interim(int status, Headers headers) {
        sending.write(context.fields().interim(status, headers), sending::watchOut);
    }

    @Override
    public void respond(Response response, Delimitation delimitation, End end) {
        sending.write(context.fields().response(response, delimitation, context.dateLine()), () -> {});
        finish(end::written);
    }

    /** All has been written; {@code written} is run when QUIC has it, which has to be in time. */
    void finish(Runnable written) {
        finishing = !sending.finish(() -> {
            finishing = false;
            written.run();
        });
        if (finishing) {
            awaitTaken();
        }
    }

    @Override
    public Outflow respond(Response response, Delimitation delimitation, Source content, End end) {
        sending.write(context.fields().response(response, delimitation, context.dateLine()), () -> {});
        Http3Outflow out = new Http3Outflow(this, sending, content, delimitation.declared(), end);
        outflow = out;
        out.resume();
        return out;
    }

    /** Trailers, which end the response. */
    void trailers(Headers trailers, Runnable written) {
        sending.write(context.fields().trailers(trailers), () -> {});
        finish(written);
    }

    void later(Runnable task) {
        context.loop().execute(task);
    }

    ByteBuf buffer(int octets) {
        return channel.alloc().directBuffer(octets, octets);
    }

    @Override
    public void taken(int octets) {
        if (!inputOver && !ended) {
            asked = true;
            channel.read();
        }
    }

    @Override
    public void malformed(String reason) {
        if (!ended) {
            context.telemetry().rejected(connection.client(), 400, reason);
            refuse(Http3Code.MESSAGE_ERROR);
            gone();
        }
    }

    @Override
    public void reset(Fault fault) {
        switch (fault) {
            case NONE -> {
                if (!inputOver && !ended) { // RFC 9114 §4.1: the rest is not needed
                    channel.shutdownInput(Http3Code.NO_ERROR.number());
                    channel.close();
                    ended = true;
                    connection.torn();
                }
            }
            case INTERNAL -> tear(Http3Code.INTERNAL_ERROR);
        }
    }

    @Override
    public void left(boolean answered) {
        timer.stop();
        connection.leave(this, answered);
    }

    @Override
    public void departed(int more) {
        connection.departed(more);
    }

    // What is due.

    @Override
    public void awaits(long deadline) {
        wakeBy(deadline);
    }

    /** QUIC has taken some content. */
    void moved() {
        takenBy = RequestStream.NEVER;
        if (finishing) {
            awaitTaken();
        }
        watch();
        if (outflow != null) {
            outflow.resume();
        }
    }

    /** Sees to it that what waits is taken in time. */
    void watch() {
        if (outflow != null && outflow.isStalled() && takenBy == RequestStream.NEVER) {
            awaitTaken();
        }
    }

    private void awaitTaken() {
        takenBy = context.loop().nanos() + context.settings().timeouts().write().toNanos();
        wakeBy(takenBy);
    }

    private void wakeBy(long deadline) {
        if (!ended) {
            timer.wakeBy(deadline);
        }
    }

    private void wake() {
        long now = context.loop().nanos();
        if (!begun && bareBy != RequestStream.NEVER && bareBy - now <= 0) {
            begin(false);
        }
        if (!begun) {
            if (headBy - now > 0) {
                wakeBy(headBy);
            } else {
                context.telemetry().rejected(connection.client(), 408, "the request's head did not come in time");
                refuse(Http3Code.REQUEST_INCOMPLETE);
            }
            return;
        }
        if (takenBy != RequestStream.NEVER) {
            if (takenBy - now > 0) {
                wakeBy(takenBy);
            } else {
                lost();
            }
        }
        long due = delivery == null ? RequestStream.NEVER : delivery.check(now);
        if (due != RequestStream.NEVER) {
            wakeBy(due);
        }
    }
}
