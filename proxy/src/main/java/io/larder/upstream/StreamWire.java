package io.larder.upstream;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;

/** A request's content on a stream of HTTP/2. */
record StreamWire(Multiplex connection, int stream) implements Upload.Wire {
    /** Writes content of which all is here. */
    void whole(Bytes bytes) {
        connection.write(stream, BodyWire.plain(connection.channel(), bytes), true);
    }

    @Override
    public void data(Bytes bytes, ChannelFutureListener written) {
        connection
                .write(stream, BodyWire.plain(connection.channel(), bytes), false)
                .addListener(written);
    }

    @Override
    public void end(Headers trailers, ChannelFutureListener written) {
        if (trailers.isEmpty()) {
            connection.write(stream, Unpooled.EMPTY_BUFFER, true).addListener(written);
        } else {
            connection.writeTrailers(stream, StreamFields.trailers(trailers)).addListener(written);
        }
    }

    @Override
    public void flush() {
        connection.flush();
    }

    @Override
    public boolean isWritable() {
        return connection.isWritable(stream);
    }
}
