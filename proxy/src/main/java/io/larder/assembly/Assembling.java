package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
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
        return next.handle(asked, exchange).thenCompose(response -> served(request, asked, exchange, response));
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
        if (reading == null) {
            return done(seen(response));
        }
        if (!isPart(response)) {
            return page(request, exchange, response, reading);
        }
        // there is no validator of the whole, and no part of it without the whole
        response.body().discard();
        return next.handle(asked.withHeaders(asked.headers().without(OF_A_PART)), exchange)
                .thenCompose(whole -> whole(request, exchange, whole));
    }

    private CompletionStage<Response> whole(Request request, Exchange exchange, Response response) {
        Reading reading = Reading.of(plan, response);
        if (reading == null) {
            return done(seen(response));
        }
        if (isPart(response)) {
            response.body().discard();
            return CompletableFuture.failedFuture(
                    new Failure(Failure.Kind.PROTOCOL_ERROR, "a part of a page that was asked for as a whole"));
        }
        return page(request, exchange, response, reading);
    }

    private static boolean isPart(Response response) {
        return response.status() == 304 || response.status() == 206;
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
        return reader.read(response, reading, exchange).thenCompose(result -> switch (result) {
            case PageReader.Result.Unread(Response unread) -> done(seen(unread));
            case PageReader.Result.Read(Compiled compiled) ->
                assembled(request, exchange, seen(response), reading, compiled);
        });
    }

    /** The head of a page whose fragments nobody asked for: without a length, which is not the template's. */
    private static Response unfilled(Response response) {
        Headers all = response.headers().toBuilder().addAll(response.added()).build();
        return new Response(response.status(), response.reason(), JointHead.unknown(all), Body.none());
    }

    private CompletionStage<Response> assembled(
            Request request, Exchange exchange, Response response, Reading reading, Compiled compiled) {
        RandomGenerator random = materials.random();
        Secret secret = plan.visitor().djangoForms() ? Secret.of(request, exchange, random) : null;
        RequestVariables variables = new RequestVariables(
                request,
                exchange.client().address(),
                exchange.loop().now(),
                plan.visitor().cookies(),
                () -> secret == null ? "" : DjangoToken.masked(secret.value(), random));
        Page page = new Page(materials, plan, request, exchange, secret == null ? null : secret.value());
        page.begin(compiled, variables);
        boolean mayBeGzipped = shows.compress() || response.headers().contains(Fields.CONTENT_ENCODING);
        Form form = mayBeGzipped && accepts(request, response) ? new Gzipped(materials) : new Form.Plain();
        boolean mayHaveForms = reading.mask() != null || !page.hasNoHoles();
        String cookie =
                secret != null && secret.fresh() && mayHaveForms ? secret.cookie(reading.mask(), request) : null;
        boolean unique = cookie != null || reading.mask() != null;
        Serving.Shape shape = new Serving.Shape(form, mayBeGzipped, unique, cookie, shows.fragments());
        return new Serving(page, exchange, variables, response, shape).answer();
    }

    private static boolean accepts(Request request, Response response) {
        return Encodings.prefersGzip(request.headers()) && Encodings.isWorthCompressing(response.headers());
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
