package io.larder.server;

import io.larder.exchange.Problem;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.RequestHead;
import io.larder.http.Response;
import io.larder.http.Slices;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Makes requests of what comes on new streams of one connection, or refuses it: by a stream error what breaks the rules of HTTP/2
 * (RFC 9113 §8.1.1), by an answer what an HTTP/1.1 client would be answered. Confined to its loop.
 */
final class StreamIntake {
    /** Octets written that the client does not take: content waits for windows, so that these are heads, of 100 answers at most. */
    private static final long MOST_UNREAD = 4L << 20;

    private final Http2Connection connection;
    private final Http2Codec codec;
    private final LoopContext context;
    private final LastHost hosts = new LastHost();
    private int lastBegun; // the greatest number of a stream so far

    StreamIntake(Http2Connection connection, LoopContext context) {
        this.connection = connection;
        this.codec = connection.codec();
        this.context = context;
    }

    /** Whether the head of the request on {@code stream} was read before. */
    boolean isBegun(int stream) {
        return stream <= lastBegun; // RFC 9113 §5.1.1: each new one has a greater number
    }

    /** A request's head has come; {@code ends}: it is all of the request. */
    void begin(int stream, StreamHead head, boolean ends) {
        lastBegun = stream;
        if (hasRoom(stream)) {
            String fault = head.faultOfRequest();
            if (fault == null) {
                judge(stream, head, ends);
            } else {
                malformed(stream, fault);
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

    private void judge(int stream, StreamHead head, boolean ends) {
        RequestHead read;
        try {
            read = head.request();
        } catch (Malformed refused) {
            if (refused.status() == 400) {
                malformed(stream, refused.reason());
            } else {
                reject(stream, refused, head.isHead(), Headers.EMPTY);
            }
            return;
        }
        Incoming incoming;
        try {
            if (!head.isOfHttp()) {
                throw new Malformed(400, ":scheme is neither http nor https");
            }
            incoming = Incoming.of(
                    read, hosts, connection.scheme(), context.settings().body());
            if (!connection.answersFor(incoming.target().authority())) {
                throw new Malformed(421, Secured.MISDIRECTED);
            }
        } catch (Malformed refused) {
            reject(stream, refused, head.isHead(), read.headers());
            return;
        }
        StreamDelivery delivery = StreamDelivery.of(connection, stream, incoming, head.isLengthGiven(), ends);
        if (delivery == null) {
            malformed(stream, "content-length is not that of the content (RFC 9113 section 8.1.1)");
            return;
        }
        connection.enter(stream, delivery);
        delivery.start();
    }

    /** What came on {@code stream} is malformed: a stream error (RFC 9113 §8.1.1). */
    void malformed(int stream, String reason) {
        context.telemetry().rejected(connection.client(), 400, reason);
        codec.reset(stream, Http2Error.PROTOCOL_ERROR);
        provoked();
    }

    private void reject(int stream, Malformed refused, boolean headRequest, Headers asked) {
        Http2Stream known = codec.stream(stream);
        if (known == null) {
            return;
        }
        context.telemetry().rejected(connection.client(), refused.status(), refused.reason());
        Response page = Problem.response(refused.status(), refused.reason(), context.newId(), asked, Headers.EMPTY);
        Delimitation delimitation = Delimitation.of(page, headRequest, 1);
        boolean bare = delimitation instanceof Delimitation.Nothing || !(page.body() instanceof Body.Whole);
        Refusal refusal = new Refusal(codec, stream);
        codec.writeHead(
                stream,
                context.fields().response(page, delimitation, context.dateLine()),
                bare,
                bare
                        ? codec.context().newPromise().addListener(refusal)
                        : codec.context().newPromise());
        if (page.body() instanceof Body.Whole whole && !bare) {
            new StreamWriter(connection, known, new Slices(whole.bytes()), whole.length(), refusal).start();
        }
        connection.touch();
    }

    /** A field section on {@code stream} was larger than we said that we take; nothing is known of it. */
    void tooLarge(int stream) {
        if (codec.stream(stream) != null) {
            malformed(stream, "the trailers are too large");
        } else if (codec.openRefused(stream)) {
            lastBegun = stream;
            if (hasRoom(stream)) {
                int most = context.settings().head().total();
                reject(
                        stream,
                        new Malformed(431, "the fields are longer than " + most + " bytes"),
                        false,
                        Headers.EMPTY);
            }
        }
    }

    /** {@code stream} was reset for what the client sent on it. */
    void broken(int stream) {
        context.telemetry().rejected(connection.client(), 400, "a stream broke the rules of HTTP/2");
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
