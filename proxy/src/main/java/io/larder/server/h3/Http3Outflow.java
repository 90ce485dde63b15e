package io.larder.server.h3;

import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Source;
import io.larder.http.Trailers;
import io.larder.server.stream.RequestStream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;

/**
 * Writes a response's content to its stream, asking for more only as QUIC takes it, which it does as the client's windows and the
 * network allow. One a response; confined to its loop.
 */
final class Http3Outflow implements Pump.Taker, RequestStream.Outflow {
    private static final int FRAME = 16 * 1024;

    /** Octets that may wait for QUIC before no more are asked for: its own word on whether it takes more is not to be relied on. */
    private static final int MOST = 32 * 1024;

    private final Http3Stream stream;
    private final Http3Sending sending;
    private final long declared;
    private final RequestStream.End end;
    private final Pump pump;
    private long given; // octets that have come
    private long sent;
    private boolean complete; // all has come
    private boolean over; // nothing is to be written any more

    /** @param declared octets, or {@link Body#UNKNOWN} */
    Http3Outflow(Http3Stream stream, Http3Sending sending, Source source, long declared, RequestStream.End end) {
        this.stream = stream;
        this.sending = sending;
        this.declared = declared;
        this.end = end;
        this.pump = new Pump(source, this);
    }

    /** Goes on where there is room. */
    void resume() {
        if (!over && !complete && hasRoom()) {
            pump.resume();
            if (!over && !complete && !isStalled()) {
                sending.watchOut();
            }
        }
    }

    @Override
    public void cancel() {
        over = true;
        pump.cancel();
    }

    @Override
    public long sent() {
        return sent;
    }

    private boolean hasRoom() {
        return given - sent < MOST;
    }

    /** Whether it has octets that QUIC has not taken. */
    boolean isStalled() {
        return !over && sent < given;
    }

    @Override
    public boolean chunk(Bytes bytes) {
        given += bytes.length();
        if (declared != Body.UNKNOWN && given > declared) {
            breakOff(new Failure(Failure.Kind.PROTOCOL_ERROR, "the content is longer than its declared length"));
            return false;
        }
        ByteBuf frame = null;
        for (Bytes.Segment each : bytes.segments()) {
            for (int at = 0; at < each.length(); ) {
                if (frame == null) {
                    frame = stream.buffer(FRAME);
                }
                int part = Math.min(each.length() - at, frame.writableBytes());
                frame.writeBytes(each.array(), each.offset() + at, part);
                at += part;
                if (!frame.isWritable()) {
                    write(frame);
                    frame = null;
                }
            }
        }
        if (frame != null) {
            write(frame);
        }
        return !over && hasRoom();
    }

    private void write(ByteBuf content) {
        int octets = content.readableBytes();
        sending.write(new DefaultHttp3DataFrame(content), () -> {
            sent += octets;
            stream.moved();
        });
        stream.watch();
    }

    private void breakOff(Failure why) {
        cancel();
        stream.later(() -> end.broken(why));
    }

    @Override
    public void end(Headers trailers) {
        if (declared != Body.UNKNOWN && given < declared) {
            breakOff(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the content is shorter than its declared length"));
            return;
        }
        complete = true;
        Headers passed = Trailers.allowed(trailers);
        if (passed.isEmpty()) {
            stream.finish(this::written);
        } else {
            stream.trailers(passed, this::written);
        }
    }

    private void written() {
        if (!over) {
            over = true;
            end.written();
        }
    }

    @Override
    public void failed(Throwable cause) {
        over = true;
        stream.later(() -> end.broken(cause));
    }
}
