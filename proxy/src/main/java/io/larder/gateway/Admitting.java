package io.larder.gateway;

import io.larder.admission.AccessRules;
import io.larder.admission.AuthRule;
import io.larder.admission.Gcra;
import io.larder.admission.Verdict;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.route.Admission;
import io.larder.route.LimitRule;
import io.larder.store.Rates;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who may come in, on every request and before anything else is done for it: nothing stored is looked for on behalf
 * of a client who would not have got it. First the address counts, then how often it comes, then what it shows, so that
 * nobody may guess passwords faster than the limit allows.
 */
final class Admitting {
    private final Admission rules;
    private final Rates rates;
    private final @Nullable Credentials credentials;
    private final UnaryOperator<Handler> edited;

    /** @param edited puts what the site wants done to every response above a handler */
    Admitting(Admission rules, Doorkeepers keepers, UnaryOperator<Handler> edited) {
        AuthRule auth = rules.auth();
        this.rules = rules;
        this.rates = keepers.rates();
        this.credentials = auth == null ? null : keepers.credentials().apply(auth);
        this.edited = edited;
    }

    /** Puts {@code request} to {@code next}, if it is let in. */
    CompletionStage<Response> admit(Request request, Exchange exchange, Handler next) {
        AccessRules access = rules.access();
        if (access != null && !access.admit(exchange.client().address())) {
            return refuse(request, exchange, "access", Failure.Kind.REQUEST_DENIED, "this address is not let in");
        }
        LimitRule limit = rules.limit();
        if (limit == null || exchange.inclusion() != null) { // a page counts once, whatever it is put together from
            return authorised(request, exchange, next);
        }
        long client = limit.client(request.headers(), exchange.client().address());
        long now = exchange.loop().nanos();
        return limit.fleet()
                ? onLoop(
                        rates.fleet(client, limit.rate(), now),
                        exchange,
                        decision -> counted(limit, decision, request, exchange, next))
                : counted(limit, rates.node(client, limit.rate(), now), request, exchange, next);
    }

    /** Refuses a path that an origin may read as one whose clients are others. */
    CompletionStage<Response> refuseAmbiguous(Request request, Exchange exchange) {
        return refuse(
                request,
                exchange,
                "access",
                Failure.Kind.REQUEST_DENIED,
                "the path can be read in several ways, which let in different clients");
    }

    private CompletionStage<Response> counted(
            LimitRule limit, Gcra.Decision decision, Request request, Exchange exchange, Handler next) {
        CompletionStage<Response> answer = decision.admitted()
                ? authorised(request, exchange, next)
                : refuse(
                        request,
                        exchange,
                        "limit",
                        Failure.Kind.TOO_MANY_REQUESTS,
                        "it comes more often than limit allows");
        return answer.thenApply(response -> Quota.told(response, limit.rate(), decision));
    }

    private CompletionStage<Response> authorised(Request request, Exchange exchange, Handler next) {
        AuthRule auth = rules.auth();
        if (auth == null || credentials == null || exchange.met().contains(auth.name())) {
            return next.handle(request, exchange);
        }
        return onLoop(credentials.judge(request, exchange), exchange, verdict -> switch (verdict) {
            case Verdict.Good good -> next.handle(request, exchange.withMet(auth.name()));
            case Verdict.Bad(String challenge, String why) ->
                refuse(request, exchange, "auth", Failure.Kind.UNAUTHENTICATED, why)
                        .thenApply(response -> Quota.challenged(response, challenge));
            case Verdict.Unknown(String why) ->
                refuse(request, exchange, "auth", Failure.Kind.DESTINATION_UNAVAILABLE, why);
        });
    }

    /** What is there already is used at once: most requests wait for nothing here. */
    private static <T> CompletionStage<Response> onLoop(
            CompletionStage<T> awaited, Exchange exchange, Function<T, CompletionStage<Response>> then) {
        return awaited instanceof CompletableFuture<T> future && future.isDone()
                ? then.apply(future.join())
                : awaited.thenComposeAsync(then, exchange.loop()::execute);
    }

    private CompletionStage<Response> refuse(
            Request request, Exchange exchange, String reason, Failure.Kind kind, String why) {
        exchange.journal().cached("none", reason);
        Handler refusing = new Recovering((asked, to) -> CompletableFuture.failedFuture(new Failure(kind, why)));
        return edited.apply(refusing).handle(request, exchange);
    }
}
