package io.larder.server;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.Problem;
import io.larder.exchange.Telemetry;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Slices;
import io.larder.http.Source;
import io.larder.http.Trailers;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request in flight on a stream, from its head to the last byte of its response. Confined to its loop. */
final class StreamDelivery
        implements Interim,
                StreamContent.Supply,
                StreamWriter.End,
                ChannelFutureListener,
                BiConsumer<@Nullable Response, @Nullable Throwable> {
    private final Http2Connection connection;
    private final LoopContext context;
    private final int stream;
    private final Incoming incoming;
    private final @Nullable StreamContent content; // null where the head was all of the request
    private final Request request;
    private final Exchange exchange;
    private @Nullable StreamWriter writer; // of content, once there is some
    private int status; // of the final response, 0 before
    private boolean answered; // the handler has given its answer
    private boolean received; // all of the request
    private boolean over;
    private long contentBy; // on the loop's clock, where the client owes content

    private StreamDelivery(Http2Connection connection, int stream, Incoming incoming, long declared, boolean received) {
        this.connection = connection;
        this.context = connection.context();
        this.stream = stream;
        this.incoming = incoming;
        this.received = received;
        this.content = received
                ? null
                : new StreamContent(declared, context.settings().body(), incoming.awaitsContinue(), this);
        Body body = content == null ? Body.none() : new Body.Live(content.source(), declared);
        this.request = new Request(incoming.method(), incoming.target(), incoming.headers(), body);
        this.exchange = Exchange.begin(context.newId(), context.loop(), connection.client(), this);
        exchange.journal().spoken("HTTP/2");
    }

    /**
     * The delivery of a request.
     *
     * @param lengthGiven whether the client has said how long the content is
     * @param ends the head is all of the request
     * @return null where that contradicts what the client has said
     */
    static @Nullable StreamDelivery of(
            Http2Connection connection, int stream, Incoming incoming, boolean lengthGiven, boolean ends) {
        long length = incoming.framing() instanceof Framing.Exactly exactly ? exactly.length() : 0;
        if (ends && length > 0) {
            return null;
        }
        return new StreamDelivery(connection, stream, incoming, lengthGiven ? length : Body.UNKNOWN, ends);
    }

    /** Asks the handler; its answer is written at once where it has one. */
    void start() {
        CompletionStage<Response> answer;
        try {
            answer = context.handler().handle(request, exchange);
        } catch (RuntimeException bug) {
            accept(null, bug);
            return;
        }
        if (answer instanceof CompletableFuture<Response> done && done.isDone() && !done.isCompletedExceptionally()) {
            accept(done.resultNow(), null);
        } else {
            answer.whenComplete(this);
        }
    }

    /** Takes the handler's answer. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable failure) {
        context.loop().check();
        answered = true;
        if (over) {
            connection.departed(-1);
            if (response != null) {
                response.body().discard();
            }
        } else if (response != null && response.status() >= 200) {
            respond(response);
        } else {
            respond(problem(failure == null ? new IllegalStateException("not a final response") : failure));
        }
    }

    /** The last resort: whoever failed should have answered. */
    private Response problem(Throwable cause) {
        Failure failure = Failure.of(cause);
        exchange.journal().failed(failure);
        return Problem.response(failure, exchange.id(), request.headers(), Headers.EMPTY);
    }

    private void respond(Response response) {
        Http2Stream known = connection.codec().stream(stream);
        if (known == null) {
            response.body().discard();
            gone();
            return;
        }
        status = response.status();
        Delimitation delimitation = Delimitation.of(response, incoming.isHead(), 1);
        boolean bare =
                delimitation instanceof Delimitation.Nothing || response.body().isEmpty();
        Http2Codec codec = connection.codec();
        codec.writeHead(
                stream,
                context.fields().response(response, delimitation, context.dateLine()),
                bare,
                bare
                        ? codec.context().newPromise().addListener(this)
                        : codec.context().newPromise());
        if (bare) {
            response.body().discard();
        } else {
            Source source = switch (response.body()) {
                case Body.Whole whole -> new Slices(whole.bytes());
                case Body.Live live -> live.source();
            };
            writer = new StreamWriter(connection, known, source, delimitation.declared(), this);
            writer.start();
        }
        connection.touch();
    }

    /** The head, which is all of the response, is written. */
    @Override
    public void operationComplete(ChannelFuture future) {
        if (future.isSuccess()) {
            written();
        }
    }

    @Override
    public void written() {
        if (!over) {
            tell(true);
            connection.leave(stream, true);
            if (!received) {
                connection.codec().reset(stream, Http2Error.NO_ERROR); // RFC 9113 §8.1: the rest is not needed
            }
        }
    }

    @Override
    public void broken(Throwable cause) {
        if (!over) {
            exchange.journal().failed(Failure.of(cause));
            tell(false);
            connection.leave(stream, false);
            connection.codec().reset(stream, Http2Error.INTERNAL_ERROR);
        }
    }

    /** The client has left, or was sent away. */
    void gone() {
        if (!over) {
            if (writer != null) {
                writer.cancel();
            }
            over = true; // before anybody hears of it
            if (!answered) {
                connection.departed(1);
            }
            if (content != null) {
                content.fail(new Failure(Failure.Kind.CLIENT_GONE, "the client left"));
            }
            exchange.departure().announce();
            tell(false);
            connection.leave(stream, false);
        }
    }

    private void tell(boolean complete) {
        over = true;
        if (content != null && !received) {
            content.fail(new Failure(Failure.Kind.CLIENT_GONE, "the response ended before the request"));
        }
        long nanos = context.loop().nanos() - exchange.journal().began();
        long sent = writer == null ? 0 : writer.sent();
        long taken = content == null ? 0 : content.received();
        context.telemetry().finished(exchange, request, new Telemetry.Outcome(status, sent, taken, nanos, complete));
    }

    // The request's content.

    /** Content has come. */
    void data(Bytes data, boolean ends) {
        received |= ends;
        if (content == null || !content.data(data, ends)) {
            malformed("content-length is not that of the content (RFC 9113 section 8.1.1)");
        } else {
            awaits();
        }
    }

    /** Trailers have come. */
    void trailers(StreamHead fields) {
        received = true;
        try {
            Headers trailers = fields.trailers();
            if (content == null || !content.trailers(Trailers.allowed(trailers))) {
                malformed("content-length is not that of the content (RFC 9113 section 8.1.1)");
            }
        } catch (Malformed malformed) {
            malformed(malformed.reason());
        }
    }

    private void malformed(String reason) {
        if (content != null) {
            content.fail(new Failure(Failure.Kind.REQUEST_ERROR, reason));
        }
        connection.intake().malformed(stream, reason);
        gone();
    }

    @Override
    public void taken(int octets) {
        connection.codec().consume(stream, octets);
    }

    @Override
    public void invite() {
        if (isUnanswered()) {
            interim(100, Headers.EMPTY);
        }
    }

    @Override
    public void awaits() {
        if (content != null && content.isAwaited()) {
            contentBy = context.loop().nanos()
                    + context.settings().timeouts().body().toNanos();
            connection.writers().wakeBy(contentBy);
        }
    }

    /** Some of the content has come, if not enough to be taken. */
    void heard() {
        awaits();
    }

    /** Looks whether the client is late; answers until when it is not, or {@link StreamWriters#NEVER}. */
    long check(long now) {
        if (content == null || !content.isAwaited()) {
            return StreamWriters.NEVER;
        }
        if (contentBy - now <= 0) {
            content.fail(new Failure(Failure.Kind.REQUEST_TIMEOUT, "the request's content did not come in time"));
            return StreamWriters.NEVER;
        }
        return contentBy;
    }

    // Interim responses.

    @Override
    public void send(int interimStatus, Headers headers) {
        if (interimStatus > 101 && interimStatus < 200 && isUnanswered() && connection.isRead()) {
            interim(interimStatus, headers);
        }
    }

    private void interim(int interimStatus, Headers headers) {
        Http2Codec codec = connection.codec();
        codec.writeHead(
                stream,
                context.fields().interim(interimStatus, headers),
                false,
                codec.context().newPromise());
        connection.touch();
    }

    private boolean isUnanswered() {
        return status == 0 && !over;
    }
}
