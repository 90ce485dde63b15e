package io.larder.upstream;

import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.netty.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * A body on the wire of HTTP/1.1 (RFC 9112 §7.1): in chunks where its length is not declared, else as it is.
 *
 * @param chunked whether its length is not declared
 */
record BodyWire(Channel channel, boolean chunked) implements Upload.Wire {
    private static final int SMALL = 16 * 1024;
    private static final byte[] CRLF = {'\r', '\n'};

    @Override
    public void data(Bytes bytes, ChannelFutureListener written) {
        channel.write(chunked ? framed(bytes) : plain(channel, bytes)).addListener(written);
    }

    @Override
    public void end(Headers trailers, ChannelFutureListener written) {
        if (chunked) {
            channel.write(lastChunk(trailers)).addListener(written);
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** A buffer with {@code bytes}: a copy of few, many as they are. */
    static ByteBuf plain(Channel channel, Bytes bytes) {
        if (bytes.length() > SMALL) {
            return Buffers.wrap(bytes);
        }
        ByteBuf out = channel.alloc().ioBuffer((int) bytes.length());
        Buffers.copy(bytes, out);
        return out;
    }

    private ByteBuf framed(Bytes bytes) {
        boolean small = bytes.length() <= SMALL;
        ByteBuf out = channel.alloc().ioBuffer(20 + (small ? (int) bytes.length() : 0));
        ByteBufUtil.writeAscii(out, Long.toHexString(bytes.length()));
        out.writeBytes(CRLF);
        if (small) {
            Buffers.copy(bytes, out);
            return out.writeBytes(CRLF);
        }
        channel.write(out);
        channel.write(Buffers.wrap(bytes));
        return channel.alloc().ioBuffer(2).writeBytes(CRLF);
    }

    private ByteBuf lastChunk(Headers trailers) {
        ByteBuf out = channel.alloc().ioBuffer(5 + trailers.weight());
        out.writeByte('0').writeBytes(CRLF);
        Buffers.copy(trailers, out);
        return out.writeBytes(CRLF);
    }
}
