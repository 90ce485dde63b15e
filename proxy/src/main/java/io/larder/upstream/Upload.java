package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Trailers;
import io.larder.netty.Buffers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/** A request's body on its way to the server, no faster than the server takes it. Confined to one connection. */
sealed interface Upload {
    /** Is told how it goes. */
    interface Progress {
        /** The client has to send more. */
        void awaitingClient();

        /** The server has to take more. */
        void awaitingServer();

        /** All of it has been written. */
        void sent();

        /** The client's body has broken off: the request must not seem complete. */
        void broken(Failure why);
    }

    /** Everything has been written with the head. */
    Upload NONE = new Done();

    void start();

    /** The server may take more again. */
    void resume();

    /** Stops for good, and lets the client's body go. */
    void cancel();

    /** Whether the whole request has been handed to the connection. */
    boolean isDone();

    /** See {@link #NONE}. */
    record Done() implements Upload {
        @Override
        public void start() {}

        @Override
        public void resume() {}

        @Override
        public void cancel() {}

        @Override
        public boolean isDone() {
            return true;
        }
    }

    /** A body that is still coming from the client. */
    final class Streaming implements Upload, Pump.Taker {
        private static final int SMALL = 16 * 1024;
        private static final byte[] CRLF = {'\r', '\n'};

        private final Channel channel;
        private final Progress progress;
        private final Pump pump;
        private final ChannelFutureListener written;
        private final boolean chunked;
        private long remaining;
        private boolean starting;
        private boolean done;

        Streaming(Channel channel, Body.Live body, Progress progress) {
            this.channel = channel;
            this.progress = progress;
            this.pump = new Pump(body.source(), this);
            this.chunked = body.length() == Body.UNKNOWN;
            this.remaining = body.length();
            // A server that takes no more may still answer: the reading side tells what became of it.
            this.written = write -> {
                if (!write.isSuccess()) {
                    pump.cancel();
                }
            };
        }

        @Override
        public void start() {
            starting = true;
            progress.awaitingClient();
            pump.resume();
            starting = false;
        }

        @Override
        public void resume() {
            if (!done) {
                progress.awaitingClient();
                pump.resume();
            }
        }

        @Override
        public void cancel() {
            pump.cancel();
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public boolean chunk(Bytes bytes) {
            if (!chunked && bytes.length() > remaining) {
                breakOff(new Failure(Failure.Kind.REQUEST_ERROR, "the request body is longer than declared"));
                return false;
            }
            remaining -= bytes.length();
            write(chunked ? framed(bytes) : plain(bytes));
            if (channel.isWritable()) {
                progress.awaitingClient();
                return true;
            }
            progress.awaitingServer();
            return false;
        }

        @Override
        public void end(Headers trailers) {
            if (!chunked && remaining > 0) {
                breakOff(new Failure(Failure.Kind.REQUEST_ERROR, "the request body is shorter than declared"));
                return;
            }
            done = true;
            if (chunked) {
                write(lastChunk(Trailers.allowed(trailers)));
            }
            progress.sent();
        }

        @Override
        public void failed(Throwable cause) {
            progress.broken(Failure.of(cause));
        }

        private void breakOff(Failure why) {
            pump.cancel();
            progress.broken(why);
        }

        private void write(ByteBuf out) {
            channel.write(out).addListener(written);
            if (!starting) {
                channel.flush();
            }
        }

        private ByteBuf plain(Bytes bytes) {
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
}
