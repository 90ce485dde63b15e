package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request put to one server: gets a connection, has the transaction, and hides a kept connection that turns out to
 * be dead. Confined to the exchange's loop.
 */
final class Attempt implements ConnectionPool.Borrower, Transaction.Listener {
    /** A request that cannot be sent twice gets a kept connection only if the server used it so recently. */
    private static final Duration RECENT = Duration.ofSeconds(1);

    private final Server server;
    private final ConnectionPool pool;
    private final UpstreamSettings settings;
    private final Request request;
    private final Exchange exchange;
    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Runnable departed = this::departed;
    private final long began;
    private @Nullable Transaction transaction; // null while there is no connection
    private boolean fresh;
    private boolean mayBeStale;

    Attempt(Server server, ConnectionPool pool, UpstreamSettings settings, Request request, Exchange exchange) {
        this.server = server;
        this.pool = pool;
        this.settings = settings;
        this.request = hosted(request, server);
        this.exchange = exchange;
        this.began = exchange.loop().nanos();
    }

    /** RFC 9112 §3.2: Host first. A request that names none is for the server's own address. */
    private static Request hosted(Request request, Server server) {
        if (request.headers().contains(Fields.HOST)) {
            return request;
        }
        String address = server.endpoint().address();
        return request.withHeaders(Headers.builder()
                .add(Fields.HOST, address)
                .addAll(request.headers())
                .build());
    }

    CompletionStage<Response> begin() {
        exchange.journal().attempted(settings.name(), server.endpoint().address());
        server.began(began);
        exchange.departure().onGone(departed);
        if (!answer.isDone()) {
            pool.borrow(this, isRepeatable() ? ConnectionPool.ANY : RECENT, exchange.deadline());
        }
        return answer;
    }

    /** RFC 9110 §9.2.2; and all of it must still be here. */
    private boolean isRepeatable() {
        return request.isIdempotent() && request.body() instanceof Body.Whole;
    }

    @Override
    public boolean isGone() {
        return answer.isDone();
    }

    @Override
    public void lent(Connection connection) {
        mayBeStale = connection.isReused() && isRepeatable() && !fresh;
        Transaction begun = new Transaction(connection, request, exchange, settings, this);
        transaction = begun;
        begun.start();
    }

    @Override
    public void refused(Failure why) {
        if (!isGone()) {
            server.ended();
            giveUp(why);
        }
    }

    @Override
    public void answered(Response response) {
        server.succeeded();
        exchange.departure().forget(departed);
        exchange.journal().responded(exchange.loop().nanos() - began);
        answer.complete(response);
    }

    @Override
    public void failed(Failure why, boolean silent) {
        if (mayBeStale && silent && why.kind() == Failure.Kind.CONNECTION_TERMINATED) {
            // The server closed a kept connection just when it was used (RFC 9112 §9.3.1): not worth an attempt.
            fresh = true;
            transaction = null;
            server.resumed();
            pool.borrow(this, ConnectionPool.FRESH, exchange.deadline());
        } else {
            giveUp(why);
        }
    }

    @Override
    public void brokeOff(Failure why) {
        server.count(why.kind());
    }

    @Override
    public void over() {
        server.ended();
    }

    private void departed() {
        if (transaction != null) {
            transaction.abort(new Failure(Failure.Kind.CLIENT_GONE, "the client left before the response"));
        } else {
            server.ended();
            giveUp(new Failure(Failure.Kind.CLIENT_GONE, "the client left before the request was sent", true));
        }
    }

    private void giveUp(Failure why) {
        exchange.departure().forget(departed);
        if (holdsAgainstServer(why.kind())) {
            server.failed(why.kind(), exchange.loop().nanos());
        } else {
            server.count(why.kind());
        }
        request.body().discard();
        answer.completeExceptionally(why);
    }

    /** Whether the server could not be reached, or hung up, or was silent for all the time it is given. */
    private boolean holdsAgainstServer(Failure.Kind kind) {
        return switch (kind) {
            case DNS_ERROR, DESTINATION_UNAVAILABLE, CONNECTION_REFUSED, CONNECTION_TIMEOUT, CONNECTION_TERMINATED ->
                true;
            case RESPONSE_TIMEOUT -> !exchange.remaining().isNegative(); // not where the deadline came first
            case CONNECTION_LIMIT,
                    READ_TIMEOUT,
                    WRITE_TIMEOUT,
                    RESPONSE_INCOMPLETE,
                    PROTOCOL_ERROR,
                    LOOP_DETECTED,
                    REQUEST_ERROR,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    REQUEST_DENIED,
                    NOT_FOUND,
                    MISDIRECTED,
                    ONLY_IF_CACHED,
                    UNVALIDATED,
                    CLIENT_GONE,
                    INTERNAL -> false;
        };
    }
}
