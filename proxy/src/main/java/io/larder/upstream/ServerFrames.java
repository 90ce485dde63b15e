package io.larder.upstream;

import io.larder.http.Bytes;
import io.larder.netty.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/** Hands what a server sends to the calls that it is for. Confined to one connection. */
final class ServerFrames extends Http2FrameAdapter {
    private final Multiplex owner;

    ServerFrames(Multiplex owner) {
        this.owner = owner;
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean ends) {
        StreamCall call = owner.on(stream);
        int length = data.readableBytes();
        if (call == null) {
            return length + padding;
        }
        call.data(length == 0 ? Bytes.EMPTY : Bytes.of(Buffers.take(data, length)), ends);
        return padding; // the window for the rest opens when it is read
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
            boolean ends) {
        StreamCall call = owner.on(stream);
        if (call != null) {
            call.head(head, ends);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
        StreamCall call = owner.on(stream);
        if (call != null) {
            call.reset(code);
        }
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
        owner.settled(settings);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debugData) {
        owner.goingAway(last);
    }
}
