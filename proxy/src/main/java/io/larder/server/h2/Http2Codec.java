package io.larder.server.h2;

import io.larder.server.connection.Flood;
import io.larder.server.connection.ListenerSettings;
import io.larder.server.connection.StreamFields;
import io.larder.server.stream.StreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of one client's connection, between Netty's codec and our {@link Http2Connection}. Confined to its loop.
 *
 * <p>What is written in one read of the channel leaves in one flush. Memory for content is bounded by the windows that we open:
 * each stream's, and the connection's for all of them together.
 */
public final class Http2Codec extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Codec.class);

    private static final int STREAM_WINDOW = 128 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int CONNECTION_WINDOW_AT_FIRST = 65_535; // RFC 9113 §6.9.2
    private static final float HALF = 0.5f;
    private static final int SMALL_CONTINUATIONS = 16;
    private static final int TABLE_SLOTS = 64;
    private static final int NO_HUFFMAN = Integer.MAX_VALUE; // octets are cheaper than the time to save a few

    private final Http2Connection owner;
    private final FrameGate gate;
    private final ClosedStreams closed;
    private @Nullable ChannelHandlerContext ctx; // null while it is not in a pipeline
    private boolean ended;

    private Http2Codec(
            Http2Connection owner,
            FrameGate gate,
            ClosedStreams closed,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(decoder, encoder, settings, true, false);
        this.owner = owner;
        this.gate = gate;
        this.closed = closed;
    }

    /** A codec for {@code owner}. */
    static Http2Codec of(Http2Connection owner, ListenerSettings settings) {
        DefaultHttp2Connection connection = new DefaultHttp2Connection(true, 0);
        connection
                .remote()
                .flowController(new DefaultHttp2RemoteFlowController(
                        connection, new UniformStreamByteDistributor(connection))); // priorities are advice
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection, HALF, false));
        Http2ConnectionEncoder encoder = new DefaultHttp2ConnectionEncoder(
                connection,
                new DefaultHttp2FrameWriter(
                        new DefaultHttp2HeadersEncoder(StreamFields.UNINDEXED, true, TABLE_SLOTS, NO_HUFFMAN)));
        ClosedStreams closed = new ClosedStreams();
        FrameGate gate = new FrameGate(
                new DefaultHttp2FrameReader(new HeadDecoder(settings.head()), SMALL_CONTINUATIONS),
                connection,
                closed,
                owner);
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, gate, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false);
        decoder.frameListener(new StreamFrames(owner));
        Http2Codec codec = new Http2Codec(
                owner,
                gate,
                closed,
                decoder,
                encoder,
                new Http2Settings()
                        .connectProtocolEnabled(true) // RFC 8441 §3
                        .maxConcurrentStreams(Http2Connection.MOST_STREAMS)
                        .initialWindowSize(STREAM_WINDOW)
                        .maxHeaderListSize(StreamHead.most(settings.head())));
        connection.addListener(codec.new Streams());
        return codec;
    }

    public ChannelHandlerContext context() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return ctx;
    }

    FrameProgress progress() {
        return gate.progress();
    }

    /** The stream with that number; null where it has ended. */
    @Nullable
    Http2Stream stream(int id) {
        return connection().stream(id);
    }

    /** Whether the socket takes what is written. */
    boolean isWritable() {
        return context().channel().isWritable();
    }

    /** Whether {@code stream} may send more than {@code waiting} octets now, whatever others wait to send. */
    boolean hasRoom(Http2Stream stream, int waiting) {
        Http2RemoteFlowController flow = encoder().flowController();
        return isWritable()
                && flow.windowSize(stream) > waiting
                && flow.windowSize(connection().connectionStream()) > 0;
    }

    /**
     * Writes a field section.
     *
     * @param ends it is the last that the stream sends
     */
    void writeHead(int stream, Http2Headers head, boolean ends, ChannelPromise written) {
        encoder().writeHeaders(context(), stream, head, 0, ends, written);
    }

    /** Lets {@code frames} be written as the windows allow. */
    void enqueue(Http2Stream stream, Http2RemoteFlowController.FlowControlled frames) {
        encoder().flowController().addFlowControlled(stream, frames);
    }

    /** The client may send so much more on {@code stream}. */
    void consume(int stream, int octets) {
        Http2Stream known = connection().stream(stream);
        if (known == null || octets == 0) {
            return;
        }
        try {
            if (decoder().flowController().consumeBytes(known, octets)) {
                owner.touch();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    /** Ends {@code stream}; does nothing where it has ended. */
    void reset(int stream, Http2Error code) {
        if (connection().stream(stream) != null && !ended) {
            resetStream(context(), stream, code.code(), context().newPromise());
            owner.touch();
        }
    }

    void ping(long data) {
        encoder().writePing(context(), false, data, context().newPromise());
    }

    /** Says that no stream is read any more whose number is greater than {@code last}. */
    void goAway(int last, Http2Error code) {
        goAway(context(), last, code.code(), Unpooled.EMPTY_BUFFER, context().newPromise());
    }

    /** The number of the last stream that the client has opened. */
    int lastStream() {
        return Math.max(0, connection().remote().lastStreamCreated());
    }

    /** Says goodbye and nothing else any more, and reads nothing any more; {@code said} is told when that has left. */
    void end(Http2Error code, ChannelFutureListener said) {
        if (!ended) {
            ended = true;
            gate.shut();
            // not by goAway, which closes at once: what the client is still sending would make a reset of that
            ChannelPromise written = context().newPromise().addListener(said);
            if (code == Http2Error.NO_ERROR && connection().remote().lastStreamKnownByPeer() == lastStream()) {
                context().write(Unpooled.EMPTY_BUFFER, written); // it has been said
            } else {
                frameWriter().writeGoAway(context(), lastStream(), code.code(), Unpooled.EMPTY_BUFFER, written);
            }
            context().flush();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) throws Exception {
        ctx = added;
        super.handlerAdded(added);
        connection()
                .local()
                .flowController()
                .incrementWindowSize(connection().connectionStream(), CONNECTION_WINDOW - CONNECTION_WINDOW_AT_FIRST);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        owner.readBegan();
        super.channelRead(context, message);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (ended) {
            owner.dropped(in.readableBytes());
            in.skipBytes(in.readableBytes());
        } else {
            super.decode(context, in, out);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        owner.readEnds();
        super.channelReadComplete(context); // flushes
        owner.readEnded();
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        try {
            do {
                encoder().flowController().writePendingBytes();
            } while (owner.refill());
            context.flush();
            owner.flushed();
        } catch (Http2Exception e) {
            onError(context, true, e);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            flush(context);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        ended = true;
        gate.shut();
        owner.gone();
        super.channelInactive(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        super.userEventTriggered(context, event);
        if (event instanceof ChannelInputShutdownEvent) {
            context.channel().close(); // it could open no window any more
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        boolean fromAfar =
                cause instanceof IOException || cause.getCause() instanceof SSLException; // garbage in place of TLS
        if (!fromAfar) {
            LOG.error(
                    "a connection of {} is closed because of a bug",
                    owner.downstream().client().address(),
                    cause);
        }
        context.channel().close();
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, StreamException fault) {
        if (ended) {
            return;
        }
        if (fault instanceof Http2Exception.HeaderListSizeException tooLarge && tooLarge.duringDecode()) {
            owner.intake().tooLarge(fault.streamId());
            return;
        }
        int stream = fault.streamId();
        if (connection().stream(stream) == null) {
            closed.add(stream, true);
        }
        super.onStreamError(context, outbound, cause, fault);
        owner.intake().broken(stream);
    }

    /** Opens {@code stream}, whose head could not be taken, so that it can be answered; answers whether there is such a stream. */
    boolean openRefused(int stream) {
        try {
            if (connection().stream(stream) == null) {
                connection().remote().createStream(stream, false);
            }
            return true;
        } catch (Http2Exception fault) {
            onError(context(), false, fault);
            return false;
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception fault) {
        if (fault == null) {
            exceptionCaught(context, cause);
        } else {
            boolean flood = fault.error() == Http2Error.ENHANCE_YOUR_CALM || gate.isSectionTooLong();
            if (flood && !ended) {
                owner.flooded(Flood.FIELD_SECTIONS); // by the reader: what the gate counts it has told itself
            }
            owner.end(flood ? Http2Error.ENHANCE_YOUR_CALM : fault.error());
        }
    }

    /** What becomes of streams, whoever ends them. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            closed.add(stream.id(), stream.isResetSent());
            owner.streamClosed(stream.id());
        }
    }
}
