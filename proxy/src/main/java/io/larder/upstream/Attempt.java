package io.larder.upstream;

import io.larder.exchange.Client;
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
final class Attempt implements Lender.Borrower, Outcome {
    /** A request that cannot be sent twice gets a kept connection only if the server used it so recently. */
    private static final Duration RECENT = Duration.ofSeconds(1);

    private final Peer peer;
    private final Server server;
    private final Lender lender;
    private final UpstreamSettings settings;
    private final Request request;
    private final Exchange exchange;
    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Runnable departed = this::departed;
    private final long began;
    private @Nullable Call call; // null while there is no connection
    private boolean fresh;
    private boolean mayBeStale;
    private boolean promising; // its answer has begun, and speaks for it
    private boolean over;

    Attempt(Peer peer, UpstreamSettings settings, Request request, Exchange exchange) {
        this.peer = peer;
        this.server = peer.server();
        this.lender = peer.lender();
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
        return request.withHeaders(Headers.builder()
                .add(Fields.HOST, server.host())
                .addAll(request.headers())
                .build());
    }

    CompletionStage<Response> begin() {
        exchange.journal().attempted(settings.name(), server.endpoint().address());
        server.began(began);
        exchange.departure().onGone(departed);
        if (!answer.isDone()) {
            lender.borrow(this, isRepeatable() ? Lender.ANY : RECENT, exchange.deadline());
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
    public Client client() {
        return exchange.client();
    }

    @Override
    public void lent(Passage passage) {
        mayBeStale = passage.isReused() && request.body() instanceof Body.Whole && !fresh;
        Call begun = passage.call(request, exchange, settings, this);
        call = begun;
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
        exchange.departure().forget(departed);
        judge(response);
        long now = exchange.loop().nanos();
        if (response.status() < 500) {
            peer.answeredAfter(now - began, now); // who fails fast is not fast
        }
        exchange.journal().responded(settings.name(), server.endpoint().address(), now - began);
        answer.complete(response);
    }

    /** RFC 9110 §15.6: 502 to 504 say that the server, or what is behind it, cannot; a 500 may be one page's fault. */
    private void judge(Response response) {
        int status = response.status();
        if (status >= 502 && status <= 504) {
            Duration later = status == 503
                    ? RetryAfter.parse(
                            response.headers().first(Fields.RETRY_AFTER),
                            exchange.loop().now())
                    : null;
            server.refused(status, later, exchange.loop().nanos());
        } else if (over) {
            server.succeeded(exchange.loop().nanos());
        } else {
            promising = true;
            server.condition().answered();
        }
    }

    @Override
    public void failed(Failure why, boolean silent) {
        boolean closed = silent
                && (why.kind() == Failure.Kind.CONNECTION_TERMINATED
                        || why.kind() == Failure.Kind.PROTOCOL_ERROR); // by another's answer on the same connection
        if (mayBeStale && closed && (why.isUnsent() || isRepeatable())) {
            // The server closed a kept connection just when it was used (RFC 9112 §9.3.1): not worth an attempt.
            fresh = true;
            call = null;
            over = false;
            server.resumed();
            lender.borrow(this, Lender.FRESH, exchange.deadline());
        } else {
            giveUp(why);
        }
    }

    @Override
    public void brokeOff(Failure why) {
        promising = false;
        blame(why);
    }

    @Override
    public void over() {
        over = true;
        server.ended();
        if (promising) {
            server.succeeded(exchange.loop().nanos());
        }
    }

    private void departed() {
        if (call != null) {
            call.abort(new Failure(Failure.Kind.CLIENT_GONE, "the client left before the response"));
        } else {
            server.ended();
            giveUp(new Failure(Failure.Kind.CLIENT_GONE, "the client left before the request was sent", true));
        }
    }

    private void giveUp(Failure why) {
        exchange.departure().forget(departed);
        blame(why);
        request.body().discard();
        answer.completeExceptionally(why);
    }

    private void blame(Failure why) {
        long now = exchange.loop().nanos();
        boolean waited = why.kind() == Failure.Kind.RESPONSE_TIMEOUT || why.kind() == Failure.Kind.CLIENT_GONE;
        if (waited && now - began > peer.latency(now)) {
            peer.answeredAfter(now - began, now); // it would have taken longer still
        }
        if (holdsAgainstServer(why.kind())) {
            server.failed(why, now);
        } else {
            server.abandoned(why, now);
        }
    }

    /** Whether the server could not be reached, or hung up, or was silent for all the time it is given, or spoke no HTTP. */
    private boolean holdsAgainstServer(Failure.Kind kind) {
        return switch (kind) {
            case DNS_ERROR,
                    DESTINATION_UNAVAILABLE,
                    CONNECTION_REFUSED,
                    CONNECTION_TIMEOUT,
                    CONNECTION_TERMINATED,
                    TLS_CERTIFICATE_ERROR,
                    TLS_PROTOCOL_ERROR,
                    TLS_ALERT_RECEIVED,
                    RESPONSE_INCOMPLETE,
                    PROTOCOL_ERROR -> true;
            case RESPONSE_TIMEOUT, READ_TIMEOUT, WRITE_TIMEOUT ->
                !exchange.remaining().isNegative(); // not where the deadline came first
            case CONNECTION_LIMIT,
                    LOOP_DETECTED,
                    REQUEST_ERROR,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    REQUEST_DENIED,
                    UNAUTHENTICATED,
                    TOO_MANY_REQUESTS,
                    NOT_FOUND,
                    MISDIRECTED,
                    ONLY_IF_CACHED,
                    UNVALIDATED,
                    CLIENT_GONE,
                    INTERNAL -> false;
        };
    }
}
