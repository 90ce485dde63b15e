package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.Inflow;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.ResponseHead;
import io.larder.http.Status;
import io.larder.http.Trailers;
import io.larder.http.WebSocket;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response on one stream of an HTTP/2 connection. Confined to the exchange's loop.
 *
 * <p>What the server may send is no more than what the body's reader has taken: its window opens only as he asks. However
 * it ends, it ends once, and with it the stream alone.
 */
final class StreamCall implements Call, Upload.Progress, Inflow.Origin {
    private final Multiplex connection;
    private final Request request;
    private final Exchange exchange;
    private final UpstreamSettings settings;
    private final Outcome outcome;
    private final Alarm alarm;
    private final Patience patience;
    private final InterimRelay interims;
    private final Inflow body = new Inflow(this);
    private Upload upload = Upload.NONE;
    private int stream;
    private long began;
    private long remaining = Body.UNKNOWN; // of the response's content
    private int unread; // octets for which the window has not been opened again
    private boolean begun;
    private boolean answered;
    private boolean switched; // to a protocol that is not ours to understand
    private boolean hollow; // its response was complete with the head, but for the end of the stream
    private boolean over;

    StreamCall(Multiplex connection, Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome) {
        this.connection = connection;
        this.request = connection.takesTunnels() ? request : request.withoutProtocol();
        this.exchange = exchange;
        this.settings = settings;
        this.outcome = outcome;
        this.alarm = new Alarm(exchange.loop(), this::due);
        this.patience = new Patience(alarm, exchange);
        this.interims = new InterimRelay(exchange);
    }

    @Override
    public void start() {
        began = exchange.loop().nanos();
        try {
            boolean bare = request.body().isEmpty() && !request.isUpgrade();
            stream = connection.open(this, StreamFields.request(request, connection.scheme()), bare);
        } catch (Failure unsendable) {
            fail(unsendable, Http2Error.CANCEL);
            return;
        }
        StreamWire wire = new StreamWire(connection, stream);
        switch (request.body()) {
            case Body.Whole whole -> {
                if (!whole.isEmpty()) {
                    wire.whole(whole.bytes());
                }
                sent();
            }
            case Body.Live live -> {
                upload = new Upload.Streaming(wire, live, this);
                if (request.isUpgrade()) {
                    sent(); // the rest is said when the server has agreed
                } else {
                    upload.start();
                }
            }
        }
        connection.flush();
    }

    @Override
    public void abort(Failure why) {
        fail(why, Http2Error.CANCEL);
    }

    /** A head has come, or, behind the content, trailers. */
    void head(Http2Headers received, boolean ends) {
        begun = true;
        try {
            if (answered) {
                trailers(StreamFields.fields(received, settings.responses().limits()));
                return;
            }
            ResponseHead head =
                    StreamFields.response(received, settings.responses().limits());
            if (request.isUpgrade() && Status.isSuccessful(head.status())) {
                switchProtocol(head, ends);
            } else if (head.status() >= 200) {
                answer(head, Framing.ofResponse(request.method(), head, false), ends);
            } else if (ends) {
                throw new Malformed(502, "an interim response ends the stream (RFC 9113 section 8.1)");
            } else {
                interims.interim(head);
            }
        } catch (Malformed malformed) {
            malformed(malformed.reason());
        }
    }

    /** What a 101 is to a server of HTTP/1.1, success is to this one (RFC 8441 §5). Lengths have no meaning (RFC 9110 §9.3.6). */
    private void switchProtocol(ResponseHead head, boolean ends) {
        answered = true;
        switched = true;
        connection.tunnelled(1);
        Headers fields =
                ResponseFields.endToEnd(head, request.method(), exchange.loop().now());
        Headers accepted = WebSocket.withAccept(request.headers(), fields);
        patience.expectAnything(settings.timeouts().tunnel());
        if (ends) {
            finish();
        }
        Body content = ends ? Body.none() : new Body.Live(body, Body.UNKNOWN);
        exchange.journal().answeredIn("2.0");
        outcome.answered(new Response(101, Status.reason(101), accepted, content));
        if (!over) {
            upload.start();
            connection.flush();
        }
    }

    private void answer(ResponseHead head, Framing framing, boolean ends) throws Malformed {
        remaining = switch (framing) {
            case Framing.None none -> 0;
            case Framing.Exactly exactly -> exactly.length();
            case Framing.Chunked chunked -> Body.UNKNOWN;
            case Framing.UntilClose untilClose -> Body.UNKNOWN;
        };
        if (ends && remaining > 0) {
            throw new Malformed(502, "the response ends before the content that it declares (RFC 9113 section 8.1.1)");
        }
        answered = true;
        Headers fields =
                ResponseFields.endToEnd(head, request.method(), exchange.loop().now());
        hollow = !ends && remaining == 0;
        Body content = ends || hollow ? Body.none() : new Body.Live(body, remaining);
        if (ends) {
            finish();
        } else if (hollow) {
            patience.expect(Kind.READ_TIMEOUT, settings.timeouts().idle());
        } else {
            expectNothing();
        }
        exchange.journal().answeredIn("2.0");
        outcome.answered(new Response(head.status(), head.reason(), fields, content));
    }

    private void trailers(Headers received) {
        if (switched) {
            malformed("there are no trailers in a tunnel (RFC 9113 section 8.5)");
            return;
        }
        if (remaining > 0) {
            malformed("the response ends before the content that it declares (RFC 9113 section 8.1.1)");
            return;
        }
        finish();
        body.end(Trailers.allowed(received));
    }

    /** Content has come. */
    void data(Bytes data, boolean ends) {
        begun = true;
        unread += (int) data.length();
        if (!answered) {
            malformed("content without a head (RFC 9113 section 8.1)");
        } else if (remaining != Body.UNKNOWN && !fits(data.length(), ends)) {
            malformed("the response has not the content that it declares (RFC 9113 section 8.1.1)");
        } else if (ends) {
            finish();
            body.put(data);
            body.end(Headers.EMPTY);
        } else if (!hollow) {
            if (switched) {
                heardInTunnel();
            } else if (data.isEmpty() && body.isAwaited()) {
                patience.expect(Kind.READ_TIMEOUT, settings.timeouts().idle());
            } else {
                expectNothing();
            }
            body.put(data);
        }
    }

    /** Once the client has said all, a server that goes on talking does not keep the stream any longer. */
    private void heardInTunnel() {
        if (!upload.isDone()) {
            patience.expectAnything(settings.timeouts().tunnel());
        }
    }

    private boolean fits(long length, boolean ends) {
        remaining -= length;
        return ends ? remaining == 0 : remaining >= 0;
    }

    /** The server has ended the stream before its time. */
    void reset(long code) {
        Http2Error error = Http2Error.valueOf(code);
        if (error == Http2Error.REFUSED_STREAM && !begun) { // RFC 9113 §8.7
            fail(new Failure(Kind.DESTINATION_UNAVAILABLE, "the server refused the stream", true), null);
        } else if (error == Http2Error.HTTP_1_1_REQUIRED) {
            begun = true;
            fail(new Failure(Kind.PROTOCOL_ERROR, "the server wants this in HTTP/1.1"), null);
        } else {
            Kind kind = begun ? Kind.RESPONSE_INCOMPLETE : Kind.CONNECTION_TERMINATED;
            begun = true; // the server has spoken: its connection is not a stale one
            fail(new Failure(kind, "the server reset the stream: " + error), null);
        }
    }

    /** The connection has ended, or will without having read this request. */
    void lost(Failure why) {
        boolean cut = begun && why.kind() == Kind.CONNECTION_TERMINATED;
        // what broke a connection that others use may have been meant for them; if not, the server has spoken
        begun |= why.kind() == Kind.PROTOCOL_ERROR && !connection.isShared();
        fail(cut ? new Failure(Kind.RESPONSE_INCOMPLETE, why.detail()) : why, Http2Error.CANCEL);
    }

    /** What the server sends breaks the protocol. */
    void malformed(String reason) {
        begun = true;
        fail(new Failure(Kind.PROTOCOL_ERROR, reason), Http2Error.PROTOCOL_ERROR);
    }

    /** The server may take more of the request. */
    void writable() {
        upload.resume();
    }

    @Override
    public void wanted() {
        if (!switched) {
            patience.expect(Kind.READ_TIMEOUT, settings.timeouts().idle());
        }
        int taken = unread;
        unread = 0;
        connection.consume(stream, taken);
    }

    @Override
    public void abandoned() {
        end(Http2Error.CANCEL);
    }

    @Override
    public void awaitingClient() {
        if (switched && !over) {
            patience.expectAnything(settings.timeouts().tunnel());
        } else if (!answered && !over) {
            expectNothing();
        }
    }

    @Override
    public void awaitingServer() {
        if (!answered && !over) {
            patience.expect(Kind.WRITE_TIMEOUT, settings.timeouts().idle());
        }
    }

    @Override
    public void sent() {
        if (switched && !over) {
            patience.expectAnything(settings.timeouts().idle()); // for the server's own end
        } else if (!answered && !over) {
            patience.expect(Kind.RESPONSE_TIMEOUT, settings.timeouts().firstByte());
        }
    }

    @Override
    public void broken(Failure why) {
        fail(why, Http2Error.CANCEL);
    }

    private void due() {
        if (switched) {
            hangUp(Http2Error.CANCEL);
            return;
        }
        connection.suspect(began);
        fail(patience.overdue(), Http2Error.CANCEL);
    }

    private void expectNothing() {
        patience.expectNothing(answered ? Kind.READ_TIMEOUT : Kind.RESPONSE_TIMEOUT);
    }

    /** The response is complete. A request that still owes octets owes them no more. */
    private void finish() {
        end(Http2Error.NO_ERROR);
    }

    /** @param code what the server is told; null where it has reset the stream, and is told nothing */
    private void fail(Failure why, @Nullable Http2Error code) {
        if (over) {
            return;
        }
        if (hollow) {
            end(code);
        } else if (switched) {
            hangUp(code);
        } else if (answered) {
            outcome.brokeOff(why);
            end(code);
            body.fail(why);
        } else {
            end(code);
            outcome.failed(why, !begun);
        }
    }

    /** What was switched to ends when one side has ended it, or neither says anything: that is nobody's fault. */
    private void hangUp(@Nullable Http2Error code) {
        end(code);
        body.end(Headers.EMPTY);
    }

    private void end(@Nullable Http2Error code) {
        if (over) {
            return;
        }
        over = true;
        if (switched) {
            connection.tunnelled(-1);
        }
        alarm.cancel();
        upload.cancel();
        if (code == null) {
            connection.forget(stream);
        } else {
            connection.leave(stream, code);
        }
        outcome.over();
    }
}
