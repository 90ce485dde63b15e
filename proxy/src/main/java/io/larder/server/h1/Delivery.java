package io.larder.server.h1;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Interim;
import io.larder.exchange.Telemetry;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Framing;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.http.TokenList;
import io.larder.server.connection.Delimitation;
import io.larder.server.connection.Incoming;
import io.larder.server.connection.LoopContext;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One request in flight on a connection, from its head to the last byte of its response. Confined to its loop. */
final class Delivery
        implements Turn,
                Interim,
                RequestBody.Supply,
                BodyWriter.End,
                BiConsumer<@Nullable Response, @Nullable Throwable> {
    private static final int SMALL = 16 * 1024; // content up to this is copied beside the head: one buffer, one write

    private final Http1Connection connection;
    private final LoopContext context;
    private final Incoming incoming;
    private final RequestBody body;
    private final Request request;
    private final Exchange exchange;
    private @Nullable BodyWriter writer; // of content that does not leave with the head
    private int status; // of the final response, 0 before
    private long sent; // octets of content that left with the head
    private boolean persists;
    private boolean over;
    private boolean switched;
    private boolean awaitingBody;
    private boolean awaitingDeparture;
    private long sentWhenLastSeen;

    Delivery(Http1Connection connection, LoopContext context, Incoming incoming) {
        this.connection = connection;
        this.context = context;
        this.incoming = incoming;
        boolean switches = incoming.protocol() != null;
        Content content = switches
                ? new Content.Raw()
                : Content.of(incoming.framing(), context.settings().head());
        long most = switches ? Long.MAX_VALUE : context.settings().body();
        boolean awaitsContinue = incoming.awaitsContinue() && !(incoming.framing() instanceof Framing.None);
        this.body = RequestBody.of(content, most, awaitsContinue, this);
        this.request = new Request(
                incoming.method(),
                incoming.target(),
                incoming.headers(),
                switches ? new Body.Live(body, Body.UNKNOWN) : content(body),
                incoming.protocol());
        this.exchange = Exchange.begin(
                context.newId(), context.loop(), connection.downstream().client(), this);
        if (incoming.minor() == 0) {
            exchange.journal().spoken("HTTP/1.0");
        }
    }

    private Body content(Source source) {
        return switch (incoming.framing()) {
            case Framing.None none -> Body.none();
            case Framing.Exactly exactly -> new Body.Live(source, exactly.length());
            case Framing.Chunked chunked -> new Body.Live(source, Body.UNKNOWN);
            case Framing.UntilClose untilClose -> throw new IllegalArgumentException("not a request's framing");
        };
    }

    /** Asks the handler; its answer is written at once where it has one. */
    void start() {
        context.ask(request, exchange, this);
    }

    /** Takes the handler's answer. */
    @Override
    public void accept(@Nullable Response response, @Nullable Throwable failure) {
        context.loop().check();
        if (over) {
            if (response != null) {
                response.body().discard();
            }
        } else if (response != null && isFinal(response)) {
            respond(response);
        } else {
            respond(context.problem(request, exchange, failure));
        }
    }

    private boolean isFinal(Response response) {
        return response.status() >= 200 || (response.status() == 101 && request.isUpgrade());
    }

    private void respond(Response given) {
        status = given.status();
        if (status == 101) {
            switchProtocol(given);
            return;
        }
        Response response = context.altSvc().on(given, incoming.target().authority());
        Delimitation delimitation = Delimitation.of(response, incoming.isHead(), incoming.minor());
        persists = incoming.persists()
                && !context.connections().isDraining()
                && !(delimitation instanceof Delimitation.Close)
                && body.isDroppable(Dropping.MOST);
        long now = context.loop().nanos();
        byte[] dateLine = context.dates().at(now);
        if (delimitation instanceof Delimitation.Nothing) {
            response.body().discard();
            connection.outbox().writeWhole(response, delimitation, persistence(), dateLine);
            finish(now);
        } else if (response.body() instanceof Body.Whole whole && whole.bytes().length() <= SMALL) {
            sent = whole.bytes().length();
            connection.outbox().writeWhole(response, delimitation, persistence(), dateLine);
            finish(now);
        } else {
            stream(response, delimitation, dateLine);
        }
    }

    private ResponseHeads.Persistence persistence() {
        if (!persists) {
            return ResponseHeads.Persistence.CLOSED;
        }
        return incoming.minor() == 0 ? ResponseHeads.Persistence.KEPT : ResponseHeads.Persistence.UNSAID;
    }

    /** From here on both sides say what they like, and when they like, until one of them ends it. */
    private void switchProtocol(Response response) {
        switched = true;
        persists = false;
        Outbox outbox = connection.outbox();
        ByteBuf head = outbox.buffer(ResponseHeads.room(response));
        ResponseHeads.writeSwitch(head, response, Objects.requireNonNull(request.protocol()));
        outbox.write(head);
        if (response.body() instanceof Body.Live live) {
            writer = new BodyWriter(outbox, live.source(), new Delimitation.Close(), false, this);
            writer.resume();
        } else {
            finish(context.loop().nanos());
        }
    }

    private void stream(Response response, Delimitation delimitation, byte[] dateLine) {
        Outbox outbox = connection.outbox();
        ByteBuf head = outbox.buffer(ResponseHeads.room(response));
        ResponseHeads.write(head, response, delimitation, persistence(), dateLine);
        outbox.write(head);
        boolean takesTrailers = TokenList.contains(request.headers(), Fields.TE, "trailers");
        writer = new BodyWriter(outbox, response.body().source(), delimitation, takesTrailers, this);
        writer.resume();
    }

    @Override
    public void written() {
        if (!over) {
            finish(context.loop().nanos());
        }
    }

    @Override
    public void broken(Throwable cause) {
        if (!over) {
            exchange.journal().failed(Failure.of(cause));
            tell(context.loop().nanos(), false);
            // to an HTTP/1.0 client a close may look like the proper end of the content
            connection.end(incoming.minor() == 1 ? Lingering.Ending.CLOSE : Lingering.Ending.RESET);
        }
    }

    /** The response is written; what of the request is still to come decides how the connection goes on. */
    private void finish(long now) {
        boolean bodyComplete = body.isComplete();
        tell(now, true);
        if (!persists || context.connections().isDraining()) {
            boolean clean =
                    switched || (bodyComplete && !incoming.persists()); // the client knows that nothing may follow
            connection.end(clean ? Lingering.Ending.CLOSE : Lingering.Ending.LINGER);
        } else if (bodyComplete) {
            connection.awaitRequest(now);
        } else {
            connection.drop(body);
        }
    }

    private void tell(long now, boolean complete) {
        over = true;
        if (!body.isComplete()) {
            body.fail(new Failure(Failure.Kind.CLIENT_GONE, "the response ended before the request"));
        }
        long nanos = now - exchange.journal().began();
        context.telemetry()
                .finished(exchange, request, new Telemetry.Outcome(status, sent(), body.received(), nanos, complete));
    }

    private long sent() {
        return writer == null ? sent : writer.sent();
    }

    @Override
    public boolean take(ByteBuf in) {
        if (body.isAsked()) {
            if (body.feed(in)) {
                awaitingBody = false;
                awaitingDeparture = false;
                connection.calm();
                return true;
            }
            if (!awaitingBody && !switched) {
                awaitingBody = true;
                connection.awaitClient(context.settings().timeouts().body());
            }
        } else if (connection.isInputEnded() && !awaitingDeparture) {
            awaitDeparture();
        }
        return false;
    }

    @Override
    public int window() {
        return body.isTaken() ? context.settings().head().whole() : Content.PIECE;
    }

    private void awaitDeparture() {
        awaitingDeparture = true;
        sentWhenLastSeen = sent();
        connection.awaitClient(context.settings().timeouts().halfClosed());
    }

    @Override
    public void expired() {
        if (!awaitingDeparture) {
            awaitingBody = false;
            body.fail(new Failure(Failure.Kind.REQUEST_TIMEOUT, "the request's content did not come in time"));
        } else if (sentWhenLastSeen == sent() && connection.outbox().backlog() == 0) {
            connection.close();
        } else {
            awaitDeparture(); // a client that has gone refuses what is sent to it
        }
    }

    @Override
    public void writable() {
        if (writer != null) {
            writer.resume();
        }
    }

    @Override
    public void gone() {
        if (!over) {
            if (writer != null) {
                writer.cancel();
            }
            over = true;
            Failure left = new Failure(Failure.Kind.CLIENT_GONE, "the client left");
            body.fail(left);
            exchange.departure().announce();
            tell(context.loop().nanos(), false);
        }
    }

    @Override
    public void send(int interimStatus, Headers headers) {
        boolean sendable = interimStatus > 101 && interimStatus < 200 && incoming.minor() == 1;
        if (sendable && isUnanswered() && connection.outbox().isWritable()) {
            interim(interimStatus, headers);
        }
    }

    private void interim(int interimStatus, Headers headers) {
        ByteBuf out = connection.outbox().buffer(64 + headers.weight());
        ResponseHeads.writeInterim(out, interimStatus, headers);
        connection.outbox().write(out);
    }

    private boolean isUnanswered() {
        return status == 0 && !over;
    }

    @Override
    public void asked() {
        connection.drive();
    }

    @Override
    public void invite() {
        if (isUnanswered()) {
            interim(100, Headers.EMPTY);
        }
    }

    @Override
    public boolean isOver() {
        return connection.isInputEnded();
    }
}
