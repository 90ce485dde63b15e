package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Lack;
import io.larder.http.Body;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.DjangoToken;
import io.larder.policy.Encodings;
import io.larder.policy.FormMask;
import io.larder.policy.JointHead;
import io.larder.policy.SurrogateFields;
import io.larder.route.FragmentPlan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages together that ask for it, whether they come from the store or from the origin; everything else passes. The layer
 * below answers as to another gateway: it leaves the fields that speak to gateways alone in its responses, and they end here.
 */
public final class Assembling implements Handler {
    private static final FieldNames OURS = FieldNames.of(FormMask.FIELD);

    private static final FieldNames OF_A_PART = FieldNames.of(
            Fields.RANGE,
            Fields.IF_RANGE,
            Fields.IF_MATCH,
            Fields.IF_NONE_MATCH,
            Fields.IF_MODIFIED_SINCE,
            Fields.IF_UNMODIFIED_SINCE);

    private final Handler next;
    private final FragmentPlan plan;
    private final Materials materials;
    private final PageReader reader;
    private final Presentation shows;

    /**
     * @param next gives responses with all that the origin said
     * @param shows how pages are shown to clients
     */
    public Assembling(Handler next, FragmentPlan plan, Materials materials, Presentation shows) {
        this.next = next;
        this.plan = plan;
        this.materials = materials;
        this.reader = new PageReader(plan, materials);
        this.shows = shows;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Request asked = accepting(request);
        CompletionStage<Response> answer = next.handle(asked, exchange);
        Response now = Answered.now(answer);
        return now == null
                ? answer.thenCompose(response -> served(request, asked, exchange, response))
                : served(request, asked, exchange, now);
    }

    /** A page has to be read, and is put together in one form or in gzip: nothing else is asked for. */
    public static Request accepting(Request request) {
        Headers headers = request.headers();
        if (!headers.contains(Fields.ACCEPT_ENCODING)) {
            return request;
        }
        return request.withHeaders(
                Encodings.prefersGzip(headers)
                        ? headers.with(Fields.ACCEPT_ENCODING, "gzip")
                        : headers.without(Fields.ACCEPT_ENCODING));
    }

    private CompletionStage<Response> served(Request request, Request asked, Exchange exchange, Response response) {
        Reading reading = Reading.of(plan, response);
        boolean untold = plan.forced() && response.status() == 304; // does not say what it is about
        if (reading == null && !untold) {
            return done(seen(response));
        }
        if (reading != null && !isPart(response)) {
            return page(request, exchange, response, reading);
        }
        response.body().discard();
        if (!request.is("GET") && !request.is("HEAD")) {
            return failed("a part of the answer to a " + request.method());
        }
        // there is no validator of the whole, and no part of it without the whole
        return next.handle(asked.withHeaders(asked.headers().without(OF_A_PART)), exchange)
                .thenCompose(whole -> whole(request, exchange, response, whole));
    }

    /** @param first what was answered before {@code response}, to the same with its conditions */
    private CompletionStage<Response> whole(Request request, Exchange exchange, Response first, Response response) {
        Reading reading = Reading.of(plan, response);
        if (reading == null && first.status() == 304) {
            response.body().discard();
            return done(seen(first));
        }
        if (reading == null) {
            return done(seen(response));
        }
        if (isPart(response)) {
            response.body().discard();
            return failed("a part of a page that was asked for as a whole");
        }
        return page(request, exchange, response, reading);
    }

    private static CompletionStage<Response> failed(String why) {
        return CompletableFuture.failedFuture(new Failure(Failure.Kind.PROTOCOL_ERROR, why));
    }

    /** Whether it answers a condition or a range, which are about the template and not about the page. */
    private static boolean isPart(Response response) {
        return switch (response.status()) {
            case 206, 304, 416 -> true;
            default -> false;
        };
    }

    private Response seen(Response response) {
        FieldNames hidden = shows.surrogateFields() ? OURS : SurrogateFields.NAMES;
        return new Response(
                response.status(),
                response.reason(),
                response.headers().without(hidden),
                response.added().without(hidden),
                response.body());
    }

    private CompletionStage<Response> page(Request request, Exchange exchange, Response response, Reading reading) {
        if (request.is("HEAD") || Response.isBodiless(response.status())) {
            response.body().discard();
            return done(unfilled(seen(response)));
        }
        Held held = new Held(materials.room());
        Compiled known = reader.known(response);
        return known != null
                ? assembled(new Asked(request, exchange, held), seen(response), reading, known)
                : read(new Asked(request, exchange, held), response, reading);
    }

    private CompletionStage<Response> read(Asked asked, Response response, Reading reading) {
        return reader.read(response, reading, asked.exchange, asked.held)
                .thenCompose(result -> switch (result) {
                    case PageReader.Result.Unread(Response unread) -> done(unread(seen(unread)));
                    case PageReader.Result.Read(Compiled compiled) ->
                        assembled(asked, seen(response), reading, compiled);
                })
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        asked.held.end();
                    }
                });
    }

    /** A page that goes out as it came. */
    private static Response unread(Response response) {
        return new Response(response.status(), response.reason(), JointHead.unread(response), response.body());
    }

    /** The head of a page whose fragments nobody asked for. */
    private static Response unfilled(Response response) {
        return new Response(response.status(), response.reason(), JointHead.unknown(response), Body.none());
    }

    /**
     * Who asks for a page.
     *
     * @param held takes room for what is held of it
     */
    private record Asked(Request request, Exchange exchange, Held held) {}

    private CompletionStage<Response> assembled(Asked asked, Response response, Reading reading, Compiled compiled) {
        Request request = asked.request;
        Exchange exchange = asked.exchange;
        Secret secret =
                plan.visitor().djangoForms() ? Secret.of(request, response, exchange, materials.random()) : null;
        if (reading.mask() != null && secret == null) {
            asked.held.end();
            exchange.journal().missed("a form", Lack.FORM, "the page that includes it is not about forms (csrf)");
            return failed("a form whose visitor is not known");
        }
        RequestVariables variables = variables(request, exchange, secret);
        String known = secret == null ? null : secret.value();
        boolean stored = exchange.journal().isStored();
        Page page = new Page(new Includes(materials, plan, request, exchange, known, asked.held), stored);
        exchange.journal().putTogether();
        page.begin(compiled, variables);
        boolean mayBeGzipped = shows.compress() || response.headers().contains(Fields.CONTENT_ENCODING);
        Form form = mayBeGzipped && accepts(request, response) ? new Gzipped(materials) : new Form.Plain();
        boolean mayHaveForms = reading.mask() != null || !page.holes().isEmpty();
        String cookie =
                secret != null && secret.fresh() && mayHaveForms ? secret.cookie(reading.mask(), request) : null;
        boolean unique = cookie != null || reading.mask() != null;
        Serving.Shape shape = new Serving.Shape(form, mayBeGzipped, unique, cookie, shows.fragments());
        return new Serving(page, exchange, variables, response, shape).answer();
    }

    private RequestVariables variables(Request request, Exchange exchange, @Nullable Secret secret) {
        RandomGenerator random = materials.random();
        return new RequestVariables(
                request,
                exchange.client().address(),
                exchange.loop().now(),
                plan.visitor().cookies(),
                () -> secret == null ? "" : DjangoToken.masked(secret.value(), random));
    }

    private static boolean accepts(Request request, Response response) {
        return Encodings.prefersGzip(request.headers()) && Encodings.isWorthCompressing(response.headers());
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
