package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Trailers;
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

    /** How a body that is still coming is put on the wire. */
    interface Wire {
        /** Writes the next octets; tells {@code written} what became of that. */
        void data(Bytes bytes, ChannelFutureListener written);

        /** Writes what comes behind the last octet; as {@link #data}. */
        void end(Headers trailers, ChannelFutureListener written);

        /** Sends what has been written. */
        void flush();

        /** Whether more may be written now. */
        boolean isWritable();
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
        private final Wire wire;
        private final Progress progress;
        private final Pump pump;
        private final ChannelFutureListener written;
        private final boolean measured;
        private long remaining;
        private boolean starting;
        private boolean done;

        Streaming(Wire wire, Body.Live body, Progress progress) {
            this.wire = wire;
            this.progress = progress;
            this.pump = new Pump(body.source(), this);
            this.measured = body.length() != Body.UNKNOWN;
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
            if (measured && bytes.length() > remaining) {
                breakOff(new Failure(Failure.Kind.REQUEST_ERROR, "the request body is longer than declared"));
                return false;
            }
            remaining -= bytes.length();
            wire.data(bytes, written);
            flush();
            if (wire.isWritable()) {
                progress.awaitingClient();
                return true;
            }
            progress.awaitingServer();
            return false;
        }

        @Override
        public void end(Headers trailers) {
            if (measured && remaining > 0) {
                breakOff(new Failure(Failure.Kind.REQUEST_ERROR, "the request body is shorter than declared"));
                return;
            }
            done = true;
            wire.end(Trailers.allowed(trailers), written);
            flush();
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

        /** What there is at the start leaves with the head. */
        private void flush() {
            if (!starting) {
                wire.flush();
            }
        }
    }
}
