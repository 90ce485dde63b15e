package io.larder.server.h2;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import io.larder.http.Trailers;
import io.larder.server.connection.Flood;
import io.larder.server.stream.RequestStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2RemoteFlowController.FlowControlled;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response's content to its stream, as its windows allow, asking for more only as it leaves. It is the one thing of
 * its stream that waits for a window, with all octets that have come. One a response; confined to its loop.
 */
final class StreamWriter implements RequestStream.Outflow, Pump.Taker, FlowControlled, ChannelFutureListener {
    /** Octets that may wait here. */
    private static final int MOST = 64 * 1024;

    private static final int FRAME_HEAD = 9;
    private static final int FRAME = 16 * 1024; // RFC 9113 §6.5.2: what any client takes
    private static final int END_STREAM = 1;
    private static final int UPDATES_A_FRAME = 8;

    private final Http2Connection connection;
    private final Http2Codec codec;
    private final Http2Stream stream;
    private final long declared;
    private final RequestStream.End end;
    private final Pump pump;
    private final ArrayDeque<Bytes.Segment> waiting = new ArrayDeque<>(4);
    private int offset; // in the first of those
    private int pending; // octets that wait
    private long sent;
    private Bytes arrived = Bytes.EMPTY; // on its way to those that wait
    private boolean queued; // with the flow controller
    private boolean complete; // all has come
    private boolean over; // nothing is to be written any more
    private boolean moved; // something has left since that was last looked at
    private @Nullable ChannelPromise last;
    private long due = RequestStream.NEVER;

    /** @param declared octets, or {@link Body#UNKNOWN} */
    StreamWriter(Http2Connection connection, Http2Stream stream, Source source, long declared, RequestStream.End end) {
        this.connection = connection;
        this.codec = connection.codec();
        this.stream = stream;
        this.declared = declared;
        this.end = end;
        this.pump = new Pump(source, this);
    }

    /** Begins. */
    void start() {
        connection.writers().add(this);
        if (mayAsk()) {
            pump.resume();
        }
        connection.touch();
    }

    @Override
    public void cancel() {
        over = true;
        pump.cancel();
    }

    @Override
    public long sent() {
        return sent;
    }

    /** Asks for more where there is room; answers whether there is more to write now. */
    boolean refill() {
        if (over || complete || !mayAsk()) {
            return false;
        }
        int before = pending;
        pump.resume();
        return pending > before || complete;
    }

    private boolean mayAsk() {
        // the first piece is asked for whatever the windows: who has none to send waits for nobody
        return pending == 0 ? codec.isWritable() : pending < MOST && codec.hasRoom(stream, pending);
    }

    /** Whether it waits for the client to take octets. Where there are none, the client owes nothing. */
    boolean isStalled() {
        return !over && queued;
    }

    /** Whether anything has left since that was last asked. */
    boolean hasMoved() {
        boolean so = moved;
        moved = false;
        return so;
    }

    /** Whether it needs to be looked at after each write: it does until all is written. */
    boolean isOver() {
        return over || (complete && !queued);
    }

    int stream() {
        return stream.id();
    }

    /** By when the client is to take something, on the loop's clock; {@link RequestStream#NEVER}: it owes nothing. */
    long due() {
        return due;
    }

    void due(long by) {
        due = by;
    }

    // What the source gives.

    @Override
    public boolean chunk(Bytes bytes) {
        if (declared != Body.UNKNOWN && sent + pending + bytes.length() > declared) {
            breakOff(new Failure(Failure.Kind.PROTOCOL_ERROR, "the content is longer than its declared length"));
            return false;
        }
        arrived = bytes;
        if (queued) {
            codec.enqueue(stream, this); // comes back as a merge
        } else {
            absorb();
            queued = true;
            codec.enqueue(stream, this);
        }
        connection.touch();
        return !over && mayAsk();
    }

    private void breakOff(Failure why) {
        pump.cancel();
        over = true;
        end.broken(why);
    }

    private void absorb() {
        for (Bytes.Segment each : arrived.segments()) {
            waiting.add(each);
        }
        pending += (int) arrived.length();
        arrived = Bytes.EMPTY;
    }

    @Override
    public void end(Headers trailers) {
        if (declared != Body.UNKNOWN && sent + pending < declared) {
            breakOff(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the content is shorter than its declared length"));
            return;
        }
        complete = true;
        Headers passed = Trailers.allowed(trailers);
        if (!passed.isEmpty()) {
            over = !queued;
            codec.writeHead(
                    stream.id(),
                    connection.context().fields().trailers(passed),
                    true,
                    codec.context().newPromise().addListener(this));
        } else {
            last = codec.context().newPromise().addListener(this);
            if (!queued) {
                queued = true;
                codec.enqueue(stream, this);
            }
        }
        connection.touch();
    }

    @Override
    public void failed(Throwable cause) {
        over = true;
        end.broken(cause);
    }

    // What the flow controller asks.

    @Override
    public int size() {
        return pending;
    }

    @Override
    public boolean merge(ChannelHandlerContext context, FlowControlled next) {
        if (next != this) {
            return false;
        }
        absorb();
        return true;
    }

    @Override
    public void write(ChannelHandlerContext context, int allowed) {
        int length = Math.min(allowed, pending);
        ChannelPromise ending = length == pending ? last : null;
        if (length == 0 && ending == null) {
            return;
        }
        int frames = Math.max(1, (length + FRAME - 1) / FRAME);
        ByteBuf out = context.alloc().directBuffer(length + frames * FRAME_HEAD);
        pending -= length;
        sent += length;
        moved = true;
        for (int left = length; frames > 0; frames--) {
            int frame = Math.min(left, FRAME);
            left -= frame;
            frameHead(out, frame, ending != null && frames == 1);
            content(out, frame);
        }
        connection.earn(Flood.WINDOW_UPDATES, UPDATES_A_FRAME * (1 + length / FRAME));
        connection.earn(Flood.PINGS, 1);
        context.write(out, ending != null ? ending : context.voidPromise());
    }

    private void frameHead(ByteBuf out, int length, boolean ends) {
        out.writeMedium(length).writeByte(0).writeByte(ends ? END_STREAM : 0).writeInt(stream.id());
    }

    private void content(ByteBuf out, int length) {
        for (int left = length; left > 0; ) {
            Bytes.Segment first = waiting.element();
            int part = Math.min(left, first.length() - offset);
            out.writeBytes(first.array(), first.offset() + offset, part);
            left -= part;
            offset += part;
            if (offset == first.length()) {
                waiting.remove();
                offset = 0;
            }
        }
    }

    @Override
    public void writeComplete() {
        queued = false;
        if (last != null) {
            codec.closeStreamLocal(stream, last);
        }
    }

    @Override
    public void error(ChannelHandlerContext context, Throwable cause) {
        queued = false;
        over = true;
        waiting.clear(); // the stream has ended, which is told otherwise
    }

    // What the channel tells.

    @Override
    public void operationComplete(ChannelFuture future) {
        if (future.isSuccess()) {
            end.written();
        }
    }
}
