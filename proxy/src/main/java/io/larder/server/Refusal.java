package io.larder.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;

/** The end of an answer to what never became a request: nobody reads the rest of that (RFC 9113 §8.1). */
record Refusal(Http2Codec codec, int stream) implements StreamWriter.End, ChannelFutureListener {
    @Override
    public void written() {
        codec.reset(stream, Http2Error.NO_ERROR);
    }

    @Override
    public void broken(Throwable cause) {
        codec.reset(stream, Http2Error.INTERNAL_ERROR);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        if (future.isSuccess()) {
            written();
        }
    }
}
