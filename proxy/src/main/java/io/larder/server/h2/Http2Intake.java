package io.larder.server.h2;

import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.server.connection.Flood;
import io.larder.server.connection.LoopContext;
import io.larder.server.stream.StreamDelivery;
import io.larder.server.stream.StreamHead;
import io.larder.server.stream.StreamIntake;
import io.netty.handler.codec.http2.Http2Error;

/** Takes new streams of one connection of HTTP/2 in, as long as there is room for one more. Confined to its loop. */
final class Http2Intake {
    /** Octets written that the client does not take: content waits for windows, so that these are heads, of 100 answers at most. */
    private static final long MOST_UNREAD = 4L << 20;

    private final Http2Connection connection;
    private final Http2Codec codec;
    private final LoopContext context;
    private final StreamIntake intake;
    private int lastBegun; // the greatest number of a stream so far

    Http2Intake(Http2Connection connection, LoopContext context) {
        this.connection = connection;
        this.codec = connection.codec();
        this.context = context;
        this.intake = new StreamIntake(connection.downstream(), context);
    }

    /** Whether the head of the request on {@code stream} was read before. */
    boolean isBegun(int stream) {
        return stream <= lastBegun; // RFC 9113 §5.1.1: each new one has a greater number
    }

    /** A request's head has come; {@code ends}: it is all of the request. */
    void begin(int stream, StreamHead head, boolean ends) {
        lastBegun = stream;
        if (hasRoom(stream)) {
            StreamDelivery delivery = intake.begin(new Http2RequestStream(connection, stream), head, ends);
            if (delivery != null) {
                connection.enter(stream, delivery);
                delivery.start();
            }
        }
    }

    /** Whether one more may be answered on {@code stream}; if not, it is refused, or all of them are. */
    private boolean hasRoom(int stream) {
        if (connection.backlog() > MOST_UNREAD) {
            connection.flooded(Flood.UNREAD_OCTETS);
            connection.end(Http2Error.ENHANCE_YOUR_CALM);
            return false;
        }
        if (isFull()) {
            codec.reset(stream, Http2Error.REFUSED_STREAM);
            provoked();
            return false;
        }
        return true;
    }

    private boolean isFull() {
        return connection.underWay() >= Http2Connection.MOST_STREAMS
                || codec.connection().remote().numActiveStreams() > Http2Connection.MOST_STREAMS;
    }

    /** What came on {@code stream} is malformed: a stream error (RFC 9113 §8.1.1). */
    void malformed(int stream, String reason) {
        context.telemetry().rejected(connection.downstream().client(), 400, reason);
        codec.reset(stream, Http2Error.PROTOCOL_ERROR);
        provoked();
    }

    /** A field section on {@code stream} was larger than we said that we take; nothing is known of it. */
    void tooLarge(int stream) {
        if (codec.stream(stream) != null) {
            malformed(stream, "the trailers are too large");
        } else if (codec.openRefused(stream)) {
            lastBegun = stream;
            if (hasRoom(stream)) {
                int most = context.settings().head().total();
                intake.reject(
                        new Http2RequestStream(connection, stream),
                        new Malformed(431, "the fields are longer than " + most + " bytes"),
                        false,
                        Headers.EMPTY);
            }
        }
    }

    /** {@code stream} was reset for what the client sent on it. */
    void broken(int stream) {
        context.telemetry().rejected(connection.downstream().client(), 400, "a stream broke the rules of HTTP/2");
        connection.streamClosed(stream);
        provoked();
    }

    private void provoked() {
        if (!connection.allow(Flood.PROVOKED_RESETS)) {
            connection.flooded(Flood.PROVOKED_RESETS);
            connection.end(Http2Error.ENHANCE_YOUR_CALM);
        }
    }
}
