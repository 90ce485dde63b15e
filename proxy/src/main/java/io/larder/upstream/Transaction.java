package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.Inflow;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.ResponseHead;
import io.larder.http.Trailers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;

/**
 * One request and its response on one connection, from the first byte written to the last byte read. Confined to the
 * exchange's loop.
 *
 * <p>However it ends, it ends once: the connection goes back to its pool or is closed, and the body, if there is one,
 * is complete or has failed.
 */
final class Transaction implements Call, Connection.Occupant, Upload.Progress, Inflow.Origin {
    private static final long WORTH_DRAINING = 64 * 1024;

    private final Connection connection;
    private final Request request;
    private final Exchange exchange;
    private final UpstreamSettings.Timeouts timeouts;
    private final Outcome outcome;
    private final Patience patience;
    private final ResponseReader reader;
    private final Upload upload;
    private final Inflow body = new Inflow(this);
    private boolean answered;
    private boolean switched; // to a protocol that is not ours to understand
    private boolean draining;
    private boolean over;

    Transaction(Connection connection, Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome) {
        this.connection = connection;
        this.request = request;
        this.exchange = exchange;
        this.timeouts = settings.timeouts();
        this.outcome = outcome;
        this.patience = new Patience(connection.alarm(), exchange);
        this.reader = new ResponseReader(request, settings.responses(), new InterimRelay(exchange));
        this.upload = request.body() instanceof Body.Live live
                ? new Upload.Streaming(
                        new BodyWire(connection.channel(), live.length() == Body.UNKNOWN && !request.isUpgrade()),
                        live,
                        this)
                : Upload.NONE;
    }

    @Override
    public void start() {
        connection.occupy(this);
        try {
            RequestWire.write(connection.channel(), request);
        } catch (Failure unsendable) {
            fail(unsendable);
            return;
        }
        if (!request.isUpgrade()) {
            upload.start();
        }
        if (!over) {
            connection.channel().flush();
            if (request.body() instanceof Body.Whole || request.isUpgrade()) {
                sent();
            }
            connection.want();
        }
    }

    @Override
    public void abort(Failure why) {
        fail(why);
    }

    @Override
    public void bytes(ByteBuf in) {
        try {
            reader.read(in);
        } catch (Malformed malformed) {
            fail(new Failure(Failure.Kind.PROTOCOL_ERROR, malformed.reason()));
            return;
        }
        if (over || reader.head() == null) {
            return; // an interim response may have made the client leave
        }
        if (answered) {
            advance(reader.takeData());
        } else {
            answer(reader.head());
        }
    }

    private void answer(ResponseHead head) {
        answered = true;
        switched = head.status() == 101;
        Duration keepAlive = ResponseFields.keepAlive(head.headers());
        if (keepAlive != null) {
            connection.limitIdle(keepAlive);
        }
        Headers fields =
                ResponseFields.endToEnd(head, request.method(), exchange.loop().now());
        Body content;
        if (reader.isDone() && reader.trailers().isEmpty()) {
            content = reader.framing() instanceof Framing.None ? Body.none() : new Body.Whole(reader.takeData());
            finish();
        } else {
            long length = reader.framing() instanceof Framing.Exactly exactly ? exactly.length() : Body.UNKNOWN;
            content = new Body.Live(body, length);
            advance(reader.takeData());
        }
        exchange.journal().answeredIn(head.minor() == 0 ? "1.0" : "1.1");
        outcome.answered(new Response(head.status(), head.reason(), fields, content));
        if (switched && !over) {
            upload.start();
            connection.channel().flush();
        }
    }

    private void advance(Bytes data) {
        if (switched) {
            patience.expectAnything(timeouts.tunnel());
        } else if (draining || (data.isEmpty() && body.isAwaited())) {
            patience.expect(Failure.Kind.READ_TIMEOUT, timeouts.idle());
        } else {
            expectNothing();
        }
        if (reader.isDone()) {
            finish();
            body.put(data);
            body.end(Trailers.allowed(reader.trailers()));
        } else {
            body.put(data);
        }
    }

    @Override
    public void wanted() {
        if (!switched) {
            patience.expect(Failure.Kind.READ_TIMEOUT, timeouts.idle());
        }
        connection.want();
    }

    @Override
    public void abandoned() {
        long rest = reader.remaining();
        if (over || draining) {
            return;
        }
        if (rest != Body.UNKNOWN && rest <= WORTH_DRAINING && isSent()) {
            draining = true;
            wanted();
        } else {
            end(false);
        }
    }

    @Override
    public void awaitingClient() {
        if (switched && !over) {
            patience.expectAnything(timeouts.tunnel());
        } else if (!answered) {
            expectNothing();
        }
    }

    @Override
    public void awaitingServer() {
        if (!answered) {
            patience.expect(Failure.Kind.WRITE_TIMEOUT, timeouts.idle());
        }
    }

    @Override
    public void sent() {
        if (switched) {
            connection.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(last -> hangUp());
        } else if (!answered) {
            patience.expect(Failure.Kind.RESPONSE_TIMEOUT, timeouts.firstByte());
        }
    }

    @Override
    public void broken(Failure why) {
        fail(why);
    }

    @Override
    public void writable() {
        upload.resume();
    }

    @Override
    public boolean wantsBytes() {
        return !answered || draining || body.isAwaited();
    }

    @Override
    public void due() {
        if (switched) {
            hangUp();
        } else {
            fail(patience.overdue());
        }
    }

    /** What was switched to ends when one side has ended it, or neither says anything: that is nobody's fault. */
    private void hangUp() {
        end(false);
        body.end(Headers.EMPTY);
    }

    @Override
    public void closed(boolean orderly) {
        if (switched) {
            hangUp();
        } else if (answered && orderly && reader.endsNow()) {
            end(false);
            body.end(Headers.EMPTY);
        } else if (reader.hasBegun()) {
            fail(new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "the server closed the connection inside a response"));
        } else {
            fail(new Failure(Failure.Kind.CONNECTION_TERMINATED, "the server closed the connection without an answer"));
        }
    }

    private void expectNothing() {
        patience.expectNothing(answered ? Failure.Kind.READ_TIMEOUT : Failure.Kind.RESPONSE_TIMEOUT);
    }

    /** The response is complete. With the request still owing bytes, the connection must not be used again. */
    private void finish() {
        end(isSent() && reader.leavesConnectionUsable());
    }

    /** Whether the server has all of the request; of one that was to be switched and is not, that is the head. */
    private boolean isSent() {
        return upload.isDone() || (request.isUpgrade() && !switched);
    }

    private void fail(Failure why) {
        if (over) {
            return;
        }
        if (answered) {
            outcome.brokeOff(why);
            end(false);
            body.fail(why);
        } else {
            end(false);
            outcome.failed(why, !reader.hasBegun());
        }
    }

    private void end(boolean reusable) {
        if (over) {
            return;
        }
        over = true;
        upload.cancel();
        reader.release();
        outcome.over();
        connection.vacate(reusable);
    }
}
