package io.larder.server.h2;

import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;
import static io.netty.handler.codec.http2.Http2Error.PROTOCOL_ERROR;
import static io.netty.handler.codec.http2.Http2Error.STREAM_CLOSED;

import io.larder.server.connection.Flood;
import io.larder.server.connection.FloodWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Sees every frame of a client between the reader and Netty's state of the connection: counts what there can be too much of,
 * and judges frames on streams that have ended as strictly as RFC 9113 §5.1 does. Confined to one connection.
 */
final class FrameGate implements Http2FrameReader, Http2FrameListener {
    /** The encoder's table is ours to keep small, whatever the client has room for. */
    private static final long MOST_TABLE = 4096;

    private static final int PRIORITIES_A_STREAM = 4;

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final ClosedStreams closed;
    private final FloodWatch watch;
    private final FrameProgress progress = new FrameProgress();
    private Http2FrameListener next = this; // until the first read
    private boolean shut;

    FrameGate(Http2FrameReader reader, Http2Connection connection, ClosedStreams closed, FloodWatch watch) {
        this.reader = reader;
        this.connection = connection;
        this.closed = closed;
        this.watch = watch;
    }

    FrameProgress progress() {
        return progress;
    }

    /** Whether the last field section is longer, compressed, than any may be that is not. */
    boolean isSectionTooLong() {
        return progress.blockOctets()
                > reader.configuration().headersConfiguration().maxHeaderListSize();
    }

    /** Nothing more is passed on. */
    void shut() {
        shut = true;
    }

    @Override
    public void readFrame(ChannelHandlerContext context, ByteBuf in, Http2FrameListener listener)
            throws Http2Exception {
        next = listener;
        int from = in.readerIndex();
        try {
            reader.readFrame(context, in, this);
        } finally {
            progress.taken(in, from);
        }
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void count(Flood kind) throws Http2Exception {
        if (!watch.allow(kind)) {
            watch.flooded(kind);
            throw Http2Exception.connectionError(ENHANCE_YOUR_CALM, "too much: %s", kind.code());
        }
    }

    /** Whether {@code stream} is none of ours any more: we reset it, or said that we do not read it (RFC 9113 §5.1, §6.8). */
    private boolean isLeft(int stream) {
        if (shut) {
            return true;
        }
        Http2Stream known = connection.stream(stream);
        if (known != null) {
            return known.isResetSent();
        }
        boolean unread = connection.goAwaySent()
                && connection.remote().isValidStreamId(stream)
                && stream > connection.remote().lastStreamKnownByPeer();
        return unread || closed.wasReset(stream);
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean ends)
            throws Http2Exception {
        if (!data.isReadable() && !ends) {
            count(Flood.EMPTY_DATA);
        }
        watch.earn(Flood.PINGS, 1);
        if (!isLeft(stream)) {
            return next.onDataRead(context, stream, data, padding, ends);
        }
        int length = data.readableBytes() + padding;
        if (!shut) { // it counts for the connection's window all the same
            Http2Stream known = connection.stream(stream);
            connection.local().flowController().receiveFlowControlledFrame(known, data, padding, ends);
            connection.local().flowController().consumeBytes(known, length);
        }
        return length;
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers head, int padding, boolean ends)
            throws Http2Exception {
        if (takesHeaders(stream)) {
            next.onHeadersRead(context, stream, head, padding, ends);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int stream,
            Http2Headers head,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean ends)
            throws Http2Exception {
        if (takesHeaders(stream)) {
            next.onHeadersRead(context, stream, head, dependency, weight, exclusive, padding, ends);
        }
    }

    private boolean takesHeaders(int stream) throws Http2Exception {
        if (isLeft(stream)) {
            count(Flood.UNKNOWN_FRAMES); // trailers may have been on their way: few
            return false;
        }
        Http2Stream known = connection.stream(stream);
        if (known != null) {
            if (!known.state().remoteSideOpen()) {
                throw Http2Exception.streamError(stream, STREAM_CLOSED, "the client has ended this stream");
            }
        } else if (connection.streamMayHaveExisted(stream)) {
            throw closed.hasEnded(stream)
                    ? Http2Exception.connectionError(STREAM_CLOSED, "HEADERS on a stream that has ended")
                    : Http2Exception.connectionError(PROTOCOL_ERROR, "a stream's number is smaller than one before");
        } else {
            watch.earn(Flood.PRIORITIES, PRIORITIES_A_STREAM);
        }
        return true;
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        count(Flood.PRIORITIES); // and is no more than that (RFC 9113 §5.3.2)
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) throws Http2Exception {
        count(Flood.RESETS);
        if (!isLeft(stream)) {
            next.onRstStreamRead(context, stream, code);
        }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext context) throws Http2Exception {
        if (!shut) {
            next.onSettingsAckRead(context);
            // ours to count: a stream that is one too many must be known, or what follows on it would seem a fault
            connection.remote().maxActiveStreams(Integer.MAX_VALUE);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        count(Flood.SETTINGS);
        answerable();
        Long table = settings.headerTableSize();
        if (table != null && table > MOST_TABLE) {
            settings.headerTableSize(MOST_TABLE);
        }
        if (!shut) {
            next.onSettingsRead(context, settings);
        }
    }

    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        count(Flood.PINGS);
        answerable();
        if (!shut) {
            next.onPingRead(context, data);
        }
    }

    private void answerable() throws Http2Exception {
        if (!watch.isRead()) {
            count(Flood.UNREAD_ANSWERS);
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) throws Http2Exception {
        count(Flood.PINGS);
        if (!shut) {
            next.onPingAckRead(context, data);
        }
    }

    @Override
    public void onPushPromiseRead(
            ChannelHandlerContext context, int stream, int promised, Http2Headers head, int padding)
            throws Http2Exception {
        next.onPushPromiseRead(context, stream, promised, head, padding);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debugData)
            throws Http2Exception {
        count(Flood.SETTINGS);
        if (!shut) {
            next.onGoAwayRead(context, last, code, debugData);
        }
    }

    @Override
    public void onWindowUpdateRead(ChannelHandlerContext context, int stream, int increment) throws Http2Exception {
        count(Flood.WINDOW_UPDATES);
        if (!isLeft(stream)) {
            next.onWindowUpdateRead(context, stream, increment);
        }
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext context, byte type, int stream, Http2Flags flags, ByteBuf payload)
            throws Http2Exception {
        count(Flood.UNKNOWN_FRAMES); // and is no more than that (RFC 9113 §5.5)
    }
}
