package io.larder.server.h2;

import io.larder.http.Bytes;
import io.larder.netty.Buffers;
import io.larder.server.stream.StreamDelivery;
import io.larder.server.stream.StreamHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;

/** Hands what a client sends to the deliveries that it is for. Confined to one connection. */
final class StreamFrames extends Http2FrameAdapter {
    private final Http2Connection owner;

    StreamFrames(Http2Connection owner) {
        this.owner = owner;
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean ends) {
        int length = data.readableBytes();
        StreamDelivery delivery = owner.on(stream);
        if (delivery == null) {
            return length + padding;
        }
        delivery.data(length == 0 ? Bytes.EMPTY : Bytes.of(Buffers.take(data, length)), ends);
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
        onHeadersRead(context, stream, head, padding, ends);
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers head, int padding, boolean ends) {
        StreamHead fields = (StreamHead) head;
        if (owner.intake().isBegun(stream)) {
            StreamDelivery delivery = owner.on(stream);
            if (delivery != null) {
                delivery.trailers(fields);
            }
        } else {
            owner.intake().begin(stream, fields, ends);
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext context, int stream, long code) {
        StreamDelivery delivery = owner.on(stream);
        if (delivery != null) {
            delivery.gone();
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext context, long data) {
        owner.pinged(data);
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext context, int last, long code, ByteBuf debugData) {
        owner.clientGoesAway();
    }
}
