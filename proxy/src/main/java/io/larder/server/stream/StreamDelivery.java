package io.larder.server.stream;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.exchange.Interim;
import io.larder.exchange.Telemetry;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.Malformed;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Status;
import io.larder.http.Trailers;
import io.larder.http.WebSocket;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.Incoming;
import io.larder.server.connection.LoopContext;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request in flight on a stream, from its head to the last byte of its response. Confined to its loop. */
public final class StreamDelivery
        implements Interim,
                StreamContent.Supply,
                RequestStream.End,
                BiConsumer<@Nullable Response, @Nullable Throwable> {
    /** What is told of content whose length is not the one that was declared. */
    static final String WRONG_LENGTH = "content-length is not that of the content (RFC 9113 section 8.1.1)";

    private final RequestStream stream;
    private final LoopContext context;
    private final Incoming incoming;
    private final @Nullable StreamContent content; // null where the head was all of the request
    private final boolean tunnels; // the content of both sides is what they say in a WebSocket, once there is one
    private final Request request;
    private final Exchange exchange;
    private RequestStream.@Nullable Outflow writer; // of content, once there is some
    private int status; // of the final response, 0 before
    private boolean answered; // the handler has given its answer
    private boolean received; // all of the request
    private boolean over;
    private long contentBy; // on the loop's clock, where the client owes content

    private StreamDelivery(
            RequestStream stream,
            LoopContext context,
            Client client,
            Incoming incoming,
            long declared,
            boolean received) {
        this.stream = stream;
        this.context = context;
        this.incoming = incoming;
        this.received = received;
        this.tunnels = incoming.protocol() != null;
        this.content = received && !tunnels
                ? null
                : new StreamContent(
                        declared,
                        tunnels ? Long.MAX_VALUE : context.settings().body(),
                        incoming.awaitsContinue(),
                        this);
        Body body = content == null ? Body.none() : new Body.Live(content.source(), declared);
        this.request = new Request(incoming.method(), incoming.target(), incoming.headers(), body, incoming.protocol());
        this.exchange = Exchange.begin(context.newId(), context.loop(), client, this);
        exchange.journal().spoken(stream.protocol());
    }

    /**
     * The delivery of a request.
     *
     * @param lengthGiven whether the client has said how long the content is
     * @param ends the head is all of the request
     * @return null where that contradicts what the client has said
     */
    static @Nullable StreamDelivery of(
            RequestStream stream,
            LoopContext context,
            Client client,
            Incoming incoming,
            boolean lengthGiven,
            boolean ends) {
        long length = incoming.framing() instanceof Framing.Exactly exactly ? exactly.length() : 0;
        if (ends && length > 0) {
            return null;
        }
        return new StreamDelivery(
                stream,
                context,
                client,
                incoming,
                lengthGiven && incoming.protocol() == null ? length : Body.UNKNOWN,
                ends);
    }

    /** Asks the handler; its answer is written at once where it has one. */
    public void start() {
        if (content != null && received) {
            content.data(Bytes.EMPTY, true);
        }
        context.ask(request, exchange, this);
    }

    /** Takes the handler's answer. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable failure) {
        context.loop().check();
        answered = true;
        if (over) {
            stream.departed(-1);
            if (response != null) {
                response.body().discard();
            }
        } else if (response != null && tunnels) {
            respond(tunnelled(response));
        } else if (response != null && response.status() >= 200) {
            respond(response);
        } else {
            respond(context.problem(request, exchange, failure));
        }
    }

    /** To a client of RFC 8441 success is what a 101 is to others, and nothing else may be success. */
    private Response tunnelled(Response response) {
        if (response.status() == 101) {
            Headers kept = WebSocket.withoutAccept(response.headers());
            return new Response(200, Status.reason(200), kept, response.added(), response.body());
        }
        if (!Status.isSuccessful(response.status())) {
            return response;
        }
        response.body().discard();
        return context.problem(
                request,
                exchange,
                new Failure(Kind.PROTOCOL_ERROR, "a WebSocket was answered by " + response.status()));
    }

    private void respond(Response given) {
        Response response = context.altSvc().on(given, incoming.target().authority());
        if (!stream.isOpen()) {
            response.body().discard();
            gone();
            return;
        }
        status = response.status();
        Delimitation delimitation = tunnels && Status.isSuccessful(status)
                ? new Delimitation.Chunks() // there are no lengths in a tunnel (RFC 9110 §9.3.6)
                : Delimitation.of(response, incoming.isHead(), 1);
        if (delimitation instanceof Delimitation.Nothing || response.body().isEmpty()) {
            response.body().discard();
            stream.respond(response, delimitation, this);
        } else {
            writer = stream.respond(response, delimitation, response.body().source(), this);
        }
    }

    @Override
    public void written() {
        if (!over) {
            tell(true);
            stream.left(true);
            if (!received) {
                stream.reset(RequestStream.Fault.NONE);
            }
        }
    }

    @Override
    public void broken(Throwable cause) {
        if (!over) {
            exchange.journal().failed(Failure.of(cause));
            tell(false);
            stream.left(false);
            stream.reset(RequestStream.Fault.INTERNAL);
        }
    }

    /** The client has left, or was sent away. */
    public void gone() {
        if (!over) {
            if (writer != null) {
                writer.cancel();
            }
            over = true; // before anybody hears of it
            if (!answered) {
                stream.departed(1);
            }
            if (content != null) {
                content.fail(new Failure(Failure.Kind.CLIENT_GONE, "the client left"));
            }
            exchange.departure().announce();
            tell(false);
            stream.left(false);
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
    public void data(Bytes data, boolean ends) {
        received |= ends;
        if (content == null || !content.data(data, ends)) {
            malformed(WRONG_LENGTH);
        } else {
            awaits();
        }
    }

    /** Trailers have come. */
    public void trailers(StreamHead fields) {
        received = true;
        if (tunnels) {
            malformed("there are no trailers in a tunnel (RFC 9113 section 8.5)");
            return;
        }
        try {
            Headers trailers = fields.trailers();
            if (content == null || !content.trailers(Trailers.allowed(trailers))) {
                malformed(WRONG_LENGTH);
            }
        } catch (Malformed malformed) {
            malformed(malformed.reason());
        }
    }

    private void malformed(String reason) {
        stream.malformed(
                reason); // first: whoever hears that the content has failed would end the stream by another code
        gone();
    }

    @Override
    public void taken(int octets) {
        stream.taken(octets);
    }

    @Override
    public void invite() {
        if (isUnanswered()) {
            stream.interim(100, Headers.EMPTY);
        }
    }

    @Override
    public void awaits() {
        if (content != null && content.isAwaited() && !tunnels) {
            contentBy = context.loop().nanos()
                    + context.settings().timeouts().body().toNanos();
            stream.awaits(contentBy);
        }
    }

    /** Some of the content has come, if not enough to be taken. */
    public void heard() {
        awaits();
    }

    /** Looks whether the client is late; answers until when it is not, or {@link RequestStream#NEVER}. */
    public long check(long now) {
        if (content == null || !content.isAwaited() || tunnels) {
            return RequestStream.NEVER;
        }
        if (contentBy - now <= 0) {
            content.fail(new Failure(Failure.Kind.REQUEST_TIMEOUT, "the request's content did not come in time"));
            return RequestStream.NEVER;
        }
        return contentBy;
    }

    // Interim responses.

    @Override
    public void send(int interimStatus, Headers headers) {
        if (interimStatus > 101 && interimStatus < 200 && isUnanswered() && stream.isRead()) {
            stream.interim(interimStatus, headers);
        }
    }

    private boolean isUnanswered() {
        return status == 0 && !over;
    }
}
