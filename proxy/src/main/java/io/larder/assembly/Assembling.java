package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Lack;
import io.larder.fragment.Template;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.FieldNames;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.policy.Encodings;
import io.larder.policy.JointHead;
import io.larder.policy.MediaType;
import io.larder.policy.SurrogateFields;
import io.larder.route.FragmentPlan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages together that ask for it, whether they come from the store or from the origin; everything else passes. The layer
 * below answers as to another gateway: it leaves the fields that speak to gateways alone in its responses, and they end here.
 */
public final class Assembling implements Handler {
    /** The largest page that is read, in octets; a larger one goes out as it came. */
    private static final long LARGEST = 16 << 20;

    /** What is shorter, is read on the loop. */
    private static final long SHORT = 64 * 1024;

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
    private final Presentation shows;

    /**
     * @param next gives responses with all that the origin said
     * @param shows how pages are shown to clients
     */
    public Assembling(Handler next, FragmentPlan plan, Materials materials, Presentation shows) {
        this.next = next;
        this.plan = plan;
        this.materials = materials;
        this.shows = shows;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Request asked = accepting(request);
        return next.handle(asked, exchange).thenCompose(response -> served(request, asked, exchange, response));
    }

    /** A page has to be read, and is put together in one form or in gzip: nothing else is asked for. */
    private static Request accepting(Request request) {
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
        if (!isPage(response)) {
            return CompletableFuture.completedFuture(seen(response));
        }
        if (response.status() == 304 || response.status() == 206) {
            // there is no validator of the whole, and no part of it without the whole
            response.body().discard();
            return next.handle(asked.withHeaders(asked.headers().without(OF_A_PART)), exchange)
                    .thenApply(whole -> isPart(whole) ? refused(whole) : whole)
                    .thenCompose(whole -> isPage(whole) ? page(request, exchange, whole) : done(seen(whole)));
        }
        return page(request, exchange, response);
    }

    private static boolean isPart(Response response) {
        return response.status() == 304 || response.status() == 206;
    }

    private static Response refused(Response response) {
        response.body().discard();
        throw new Failure(Failure.Kind.PROTOCOL_ERROR, "a part of a page that was asked for as a whole");
    }

    /** Whether {@code response} is to be put together. */
    private boolean isPage(Response response) {
        String language = plan.language().capability();
        if (language == null || !MediaType.of(response.headers()).isText()) {
            return false;
        }
        return plan.forced()
                || SurrogateFields.askFor(response.headers(), language)
                || SurrogateFields.askFor(response.added(), language);
    }

    private Response seen(Response response) {
        return shows.surrogateFields()
                ? response
                : new Response(
                        response.status(),
                        response.reason(),
                        SurrogateFields.without(response.headers()),
                        SurrogateFields.without(response.added()),
                        response.body());
    }

    private CompletionStage<Response> page(Request request, Exchange exchange, Response response) {
        if (request.is("HEAD") || Response.isBodiless(response.status())) {
            response.body().discard();
            return done(unfilled(seen(response)));
        }
        ContentCoding coding = ContentCoding.of(response.headers());
        if (coding == null) {
            return done(seen(response)); // nobody can read it, so nobody has to
        }
        return Gathering.of(response.body(), LARGEST)
                .thenCompose(result -> gathered(request, exchange, response, coding, result));
    }

    private CompletionStage<Response> gathered(
            Request request, Exchange exchange, Response response, ContentCoding coding, Gathering.Result result) {
        return switch (result) {
            case Gathering.Result.Broken(Throwable cause) -> CompletableFuture.failedFuture(cause);
            case Gathering.Result.TooLong(Bytes begun, Source rest) -> {
                exchange.journal().missed(request.target().path(), Lack.SIZE, "a page of more octets than are read");
                yield done(seen(response)
                        .withBody(new Body.Live(
                                new Resumed(begun, rest), response.body().length())));
            }
            case Gathering.Result.Whole(Bytes whole) ->
                compiled(whole, coding, exchange, response.body() instanceof Body.Whole)
                        .thenCompose(compiled -> compiled == null
                                ? done(seen(response).withBody(new Body.Whole(whole)))
                                : assembled(request, exchange, seen(response), compiled));
        };
    }

    /** The head of a page whose fragments nobody asked for. */
    private static Response unfilled(Response response) {
        Headers all = response.headers().toBuilder().addAll(response.added()).build();
        return new Response(response.status(), response.reason(), JointHead.unknown(all), response.body());
    }

    private CompletionStage<Response> assembled(
            Request request, Exchange exchange, Response response, Compiled compiled) {
        RequestVariables variables =
                new RequestVariables(
                request,
                exchange.client().address(),
                exchange.loop().now(),
                plan.visitor().cookies());
        Page page = new Page(materials, plan, request, exchange);
        page.begin(compiled, variables);
        boolean mayBeGzipped = shows.compress() || response.headers().contains(Fields.CONTENT_ENCODING);
        Form form = mayBeGzipped && accepts(request, response) ? new Gzipped(materials) : new Form.Plain();
        return new Serving(page, exchange, variables, response, new Serving.Shape(form, mayBeGzipped, shows.fragments()))
                .answer();
    }

    private static boolean accepts(Request request, Response response) {
        return Encodings.prefersGzip(request.headers()) && Encodings.isWorthCompressing(response.headers());
    }

    private CompletionStage<@Nullable Compiled> compiled(
            Bytes page, ContentCoding coding, Exchange exchange, boolean stored) {
        Compiled known = materials.prepared().pages().of(page);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        if (page.length() <= SHORT && coding == ContentCoding.IDENTITY) {
            return CompletableFuture.completedFuture(kept(page, Compiled.of(page, coding, plan), exchange, stored));
        }
        return CompletableFuture.supplyAsync(() -> Compiled.of(page, coding, plan), materials.worker())
                .thenApplyAsync(fresh -> kept(page, fresh, exchange, stored), exchange.loop()::execute);
    }

    private @Nullable Compiled kept(
            Bytes page, @Nullable Compiled fresh, Exchange exchange, boolean stored) {
        if (fresh != null) {
            for (Template.Problem problem : fresh.template().problems()) {
                exchange.journal().missed("octet " + problem.offset(), Lack.MARKUP, problem.what());
            }
            if (stored) {
                materials.prepared().pages().keep(page, fresh);
            }
        }
        return fresh;
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
