package io.larder.server.h3;

import io.larder.exchange.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3Frame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is written on one stream of HTTP/3, in its order. Confined to its connection's loop. */
final class Http3Sending {
    private static final byte[] RESERVED = {0x21, 0}; // RFC 9114 §7.2.8: may stand anywhere, and is ignored

    private final QuicStreamChannel channel;
    private final Loop loop;
    private final Runnable refused;
    private @Nullable Http3Sentry sentry; // while there is nothing to write
    private boolean finishing; // nothing more is to be written

    /** @param refused is run when the client does not take what is written, or wants to hear no more */
    Http3Sending(QuicStreamChannel channel, Loop loop, Runnable refused) {
        this.channel = channel;
        this.loop = loop;
        this.refused = refused;
    }

    boolean isOpen() {
        return channel.isActive() && !channel.isOutputShutdown();
    }

    /** Whether what is written now leaves at once. */
    boolean isRead() {
        return sentry != null || channel.isWritable();
    }

    /** There is nothing to write for now: sees to it that it is noticed when the client wants to hear no more. */
    void watchOut() {
        if (sentry == null && !finishing && isOpen()) {
            Http3Sentry posted = new Http3Sentry();
            sentry = posted;
            pass(posted, () -> {});
        }
    }

    private void relieve() {
        if (sentry != null) {
            sentry.dismiss();
            sentry = null;
        }
    }

    /** Writes a field section; {@code sent} is run once QUIC has it. */
    void write(Http2Headers fields, Runnable sent) {
        Http3Headers section = new DefaultHttp3Headers(false, Math.max(2, fields.size()));
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            section.add(field.getKey(), field.getValue());
        }
        write(new DefaultHttp3HeadersFrame(section), sent);
    }

    /** Writes a frame; {@code sent} is run once QUIC has it. */
    void write(Http3Frame frame, Runnable sent) {
        relieve();
        channel.writeAndFlush(frame, channel.newPromise().addListener(told(sent)));
    }

    /**
     * All has been written; {@code written} is run, later, when QUIC has it.
     *
     * <p>The end goes with a frame of no meaning: quiche forgets a stream whose octets have all arrived, and with it an end that was
     * sent alone and lost. (shutdownOutput would pass by what waits.)
     *
     * @return whether QUIC has it already
     */
    boolean finish(Runnable written) {
        relieve();
        finishing = true;
        ByteBuf reserved = channel.alloc().directBuffer(RESERVED.length).writeBytes(RESERVED);
        return pass(new DefaultQuicStreamFrame(reserved, true), () -> loop.execute(written));
    }

    /** Past the codec; {@code sent} is run once QUIC has it. Answers whether it has. */
    private boolean pass(Object message, Runnable sent) {
        ChannelHandlerContext first = channel.pipeline().firstContext();
        if (first == null) {
            ReferenceCountUtil.release(message);
            return true;
        }
        return first.writeAndFlush(message, first.newPromise().addListener(told(sent)))
                .isDone();
    }

    private ChannelFutureListener told(Runnable sent) {
        return future -> {
            if (future.isSuccess()) {
                sent.run();
            } else {
                refused.run();
            }
        };
    }
}
