package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frames of one connection, between Netty's codec and our {@link Multiplex}. Confined to its loop.
 *
 * <p>What a peer can make us hold or do is bounded by the codec: queued control frames, continuation frames, empty frames,
 * the size of field sections. Memory for content is bounded by the streams' windows, at most {@link Multiplex#MOST_STREAMS} of
 * them; the connection's own window opens again at once, so that one slow reader holds up nobody else.
 */
final class MultiplexCodec extends Http2ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MultiplexCodec.class);

    private static final int STREAM_WINDOW = 128 * 1024;
    private static final int CONNECTION_WINDOW = 1024 * 1024;
    private static final int CONNECTION_WINDOW_AT_FIRST = 65_535; // RFC 9113 §6.9.2
    private static final float HALF = 0.5f;
    private static final long CLOSING_MILLIS = 1_000;

    /** Never in the compression table, which all clients of this connection share (RFC 7541 §7.1.3). */
    private static final Set<AsciiString> SECRET = Set.of(
            AsciiString.cached("authorization"),
            AsciiString.cached("proxy-authorization"),
            AsciiString.cached("cookie"));

    private final Multiplex owner;
    private @Nullable ChannelHandlerContext ctx; // null while it is not in a pipeline

    private MultiplexCodec(
            Multiplex owner,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings initialSettings) {
        super(decoder, encoder, initialSettings);
        this.owner = owner;
    }

    /** @param mostFields octets that a field section may have */
    static MultiplexCodec of(Multiplex owner, int mostFields) {
        MultiplexCodec codec = new Builder(owner, mostFields).build();
        codec.connection().addListener(codec.new Streams());
        codec.encoder().flowController().listener(codec::writabilityChanged);
        return codec;
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<MultiplexCodec, Builder> {
        private final Multiplex owner;

        Builder(Multiplex owner, int mostFields) {
            this.owner = owner;
            Http2Connection connection = new DefaultHttp2Connection(false);
            connection.local().flowController(new DefaultHttp2LocalFlowController(connection, HALF, true));
            connection(connection);
            frameListener(new ServerFrames(owner));
            initialSettings(new Http2Settings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(mostFields));
            headerSensitivityDetector((name, value) -> SECRET.contains(AsciiString.of(name)));
            gracefulShutdownTimeoutMillis(CLOSING_MILLIS);
        }

        @Override
        public MultiplexCodec build() {
            return super.build();
        }

        @Override
        protected MultiplexCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initialSettings) {
            return new MultiplexCodec(owner, decoder, encoder, initialSettings);
        }
    }

    private ChannelHandlerContext context() {
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return ctx;
    }

    boolean hasRoom(int most) {
        Http2Connection.Endpoint<?> ours = connection().local();
        return ours.canOpenStream()
                && ours.numActiveStreams() < most
                && ours.lastStreamCreated() < Integer.MAX_VALUE - 2;
    }

    /** See {@link Multiplex#open}. */
    int open(Http2Headers head, boolean ends) {
        int stream = connection().local().incrementAndGetNextStreamId();
        ChannelFuture written = encoder()
                .writeHeaders(context(), stream, head, 0, ends, context().newPromise());
        if (written.cause() != null) {
            throw new Failure(Kind.REQUEST_TOO_LARGE, "the server does not take such a head", true);
        }
        return stream;
    }

    ChannelFuture write(int stream, ByteBuf data, boolean ends) {
        return encoder().writeData(context(), stream, data, 0, ends, context().newPromise());
    }

    ChannelFuture writeTrailers(int stream, Http2Headers trailers) {
        return encoder()
                .writeHeaders(context(), stream, trailers, 0, true, context().newPromise());
    }

    boolean isWritable(int stream) {
        Http2Stream known = connection().stream(stream);
        return known != null && encoder().flowController().isWritable(known);
    }

    void consume(int stream, int octets) {
        Http2Stream known = connection().stream(stream);
        if (known == null || octets == 0) {
            return;
        }
        try {
            if (decoder().flowController().consumeBytes(known, octets)) {
                context().flush();
            }
        } catch (Http2Exception e) {
            onError(context(), true, e);
        }
    }

    /** See {@link Multiplex#leave}. */
    void leave(int stream, Http2Error code) {
        Http2Stream known = connection().stream(stream);
        if (known != null && (code != Http2Error.NO_ERROR || mayStillSend(known))) {
            Http2Error said = code == Http2Error.NO_ERROR ? Http2Error.CANCEL : code;
            resetStream(context(), stream, said.code(), context().newPromise());
            context().flush();
        }
    }

    private static boolean mayStillSend(Http2Stream stream) {
        return stream.state() == Http2Stream.State.OPEN || stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE;
    }

    /** Says goodbye, and closes. */
    void close() {
        if (ctx == null) {
            return;
        }
        if (ctx.channel().isActive()) {
            if (!connection().goAwaySent()) {
                goAway(ctx, 0, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
            }
            ctx.flush();
        }
        ctx.close();
    }

    private void writabilityChanged(Http2Stream stream) {
        StreamCall call = owner.on(stream.id());
        if (call != null && encoder().flowController().isWritable(stream)) {
            call.writable();
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
        owner.hear();
        super.channelRead(context, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        owner.lost(new Failure(Kind.CONNECTION_TERMINATED, "the server closed the connection"));
        super.channelInactive(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslCloseCompletionEvent) {
            owner.lost(new Failure(Kind.CONNECTION_TERMINATED, "the server closed the connection"));
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failure ofTls = TlsFaults.later(cause);
        if (ofTls == null && !(cause instanceof IOException)) {
            LOG.error("a bug ended a connection to {}", context.channel().remoteAddress(), cause);
        }
        owner.lost(ofTls != null ? ofTls : new Failure(Kind.CONNECTION_TERMINATED, "the connection broke"));
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, StreamException fault) {
        StreamCall call = owner.on(fault.streamId());
        if (call != null && !outbound) {
            call.malformed("the server breaks HTTP/2: " + fault.error());
        }
        super.onStreamError(context, outbound, cause, fault);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext context, boolean outbound, Throwable cause, @Nullable Http2Exception fault) {
        super.onConnectionError(context, outbound, cause, fault);
        if (fault != null) {
            String what = owner.isGreeted() ? "the server breaks HTTP/2" : "the server does not speak HTTP/2";
            owner.lost(new Failure(Kind.PROTOCOL_ERROR, what, !owner.isGreeted()));
        } else {
            exceptionCaught(context, cause);
        }
    }

    /** What becomes of streams, whoever ends them. */
    private final class Streams extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            owner.streamClosed(stream.id());
        }
    }
}
