package io.larder.gateway;

import io.larder.balance.Endpoint;
import io.larder.exchange.Departure;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.upstream.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through its attempts: one after the other, or, where the first is slow and the settings say so,
 * two at once (a hedged request, Dean and Barroso 2013), of which the first good answer counts. Confined to the exchange's
 * loop.
 */
final class Course {
    private static final Loop.Timer NO_TIMER = () -> {};

    private final Servers servers;
    private final RetrySettings settings;
    private final Request request;
    private final Exchange exchange;
    private final @Nullable Untouched body; // null where all of it is here anyway
    private final Set<Endpoint> tried = new HashSet<>(4);
    private final List<Departure> inTheAir = new ArrayList<>(2);
    private final CompletableFuture<Response> answer = new CompletableFuture<>();
    private final Runnable departed = this::departed;
    private boolean hedging;
    private Loop.Timer hedge = NO_TIMER;
    private int attempts;
    private int askedBefore; // servers, before the last attempt
    private boolean headed; // an answer has begun that may be the one

    Course(Servers servers, RetrySettings settings, Request request, Exchange exchange) {
        this.servers = servers;
        this.settings = settings;
        this.exchange = exchange;
        if (request.body() instanceof Body.Live live) {
            Untouched source = new Untouched(live.source());
            this.body = source;
            this.request = request.withBody(new Body.Live(source, live.length()));
        } else {
            this.body = null;
            this.request = request;
        }
    }

    CompletionStage<Response> begin() {
        Duration patience = settings.hedgeAfter();
        boolean bound = exchange.affinity() != null; // another server may not know whose session it is
        if (patience != null && request.isSafe() && body == null && !bound) {
            hedging = true;
            hedge = exchange.loop().schedule(patience, this::hedge);
            exchange.departure().onGone(departed);
        }
        attempt();
        return answer;
    }

    private void attempt() {
        attempts++;
        askedBefore = exchange.journal().attempts();
        Departure departure = hedging ? new Departure() : exchange.departure();
        inTheAir.add(departure);
        try {
            servers.attempt(request, exchange.withDeparture(departure), tried).whenComplete((response, cause) -> {
                if (cause != null) {
                    failed(departure, Failure.of(cause));
                } else {
                    answered(departure, response);
                }
            });
        } catch (RuntimeException bug) {
            fail(Failure.of(bug)); // in a later attempt nobody above would see it, and all would wait
        }
    }

    /** The first is slow: another server may be faster. */
    private void hedge() {
        if (!answer.isDone() && !headed && inTheAir.size() == 1 && mayFollow(Retries.ELSEWHERE)) {
            attempt();
        }
    }

    /** Nobody waits for those that are still in the air. */
    private void departed() {
        List.copyOf(inTheAir).forEach(Departure::announce);
    }

    private void failed(Departure attempt, Failure why) {
        inTheAir.remove(attempt);
        if (answer.isDone() || !inTheAir.isEmpty()) {
            return; // the other may still be good
        }
        // where nobody could be asked, nobody can be asked again
        boolean asked = exchange.journal().attempts() > askedBefore;
        if (asked && mayFollow(Retries.of(settings, why, request.isIdempotent(), isIntact()))) {
            attempt();
            return;
        }
        if (body != null) {
            body.release();
        }
        fail(why);
    }

    private void answered(Departure attempt, Response response) {
        if (answer.isDone()) {
            response.body().discard();
            return;
        }
        Retries verdict = Retries.of(settings, response.status(), request.isIdempotent(), isIntact());
        boolean other = inTheAir.size() > 1 && !(verdict instanceof Retries.Deliver);
        if (other || mayFollow(verdict)) {
            inTheAir.remove(attempt);
            response.body().discard();
            if (!other) {
                attempt();
            }
        } else if (request.isSafe()) {
            headed = true;
            Holding.pass(response, attempt, new Held(attempt));
        } else {
            deliver(attempt, response);
        }
    }

    /** What becomes of a response whose body was waited for. */
    private final class Held implements Holding.Listener {
        private final Departure attempt;

        Held(Departure attempt) {
            this.attempt = attempt;
        }

        @Override
        public void whole(Response response) {
            deliver(attempt, response);
        }

        @Override
        public void broken(Failure why) {
            failed(attempt, why);
        }
    }

    private void deliver(Departure attempt, Response response) {
        inTheAir.remove(attempt);
        if (answer.isDone()) {
            response.body().discard();
            return;
        }
        answer.complete(response);
        end();
    }

    private void fail(Failure why) {
        answer.completeExceptionally(why);
        end();
    }

    /** After the answer: who is given up may fail at once, which must not become the answer. */
    private void end() {
        if (hedging) {
            hedge.cancel();
            exchange.departure().forget(departed);
            departed();
        }
    }

    /** Not one byte of the body has been asked for. */
    private boolean isIntact() {
        return body == null || !body.isTouched();
    }

    private boolean mayFollow(Retries verdict) {
        boolean wanted = switch (verdict) {
            case Retries.Deliver deliver -> false;
            case Retries.Anywhere anywhere -> true;
            case Retries.Elsewhere elsewhere -> servers.hasUntried(tried, exchange);
        };
        return wanted
                && attempts < settings.attempts()
                && !exchange.departure().isGone()
                && exchange.remaining().compareTo(Duration.ZERO) > 0
                && servers.budget(exchange.loop())
                        .take(settings.budget(), exchange.loop().nanos());
    }
}
