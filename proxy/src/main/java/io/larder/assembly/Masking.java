package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.exchange.Lack;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheRules;
import io.larder.policy.Cookies;
import io.larder.policy.FormMask;
import io.larder.policy.FormTokens;
import io.larder.policy.MediaType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Takes the tokens against forged forms out of pages that Django makes for visitors who are nobody in particular, on their way
 * into the store; {@link Assembling} gives each visitor his own. The origin is asked without a visitor's token, so that there is
 * none of anybody's in what is stored. Whoever is logged in is not concerned: his pages pass.
 */
public final class Masking implements Handler {
    private final Handler next;
    private final CacheRules rules;
    private final Materials materials;

    /**
     * @param rules of the route, which passes whoever is logged in
     */
    public Masking(Handler next, CacheRules rules, Materials materials) {
        this.next = next;
        this.rules = rules;
        this.materials = materials;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        if (!request.is("GET") || rules.bypasses(request.headers())) {
            return next.handle(request, exchange).thenApply(Masking::honest);
        }
        Request asked = Cookies.drop(request, FormMask.COOKIES);
        return next.handle(asked, exchange).thenCompose(response -> masked(honest(response), exchange));
    }

    /** No origin speaks for this gateway. */
    private static Response honest(Response response) {
        return response.withHeaders(response.headers().without(FormMask.FIELD));
    }

    private CompletionStage<Response> masked(Response response, Exchange exchange) {
        FormMask.Cookie cookie = FormMask.Cookie.of(response.headers()).orElse(null);
        ContentCoding coding = ContentCoding.of(response.headers());
        boolean page = !Response.isBodiless(response.status())
                && MediaType.of(response.headers()).isHtml();
        if (cookie == null || coding == null || !page || MediaType.isWide(response.headers())) {
            return CompletableFuture.completedFuture(response);
        }
        Held held = new Held(materials.room());
        return Gathering.of(response.body(), FormMask.LARGEST, held)
                .thenCompose(result -> read(response, result, coding, cookie, exchange))
                .whenComplete((masked, failure) -> held.end());
    }

    private CompletionStage<Response> read(
            Response response,
            Gathering.Result result,
            ContentCoding coding,
            FormMask.Cookie cookie,
            Exchange exchange) {
        return switch (result) {
            case Gathering.Result.Whole(Bytes whole) -> aside(response, whole, coding, cookie, exchange);
            case Gathering.Result.TooLong(Bytes begun, var rest) -> {
                exchange.journal().missed("a form", Lack.SIZE, "a page of more octets than are looked through");
                yield CompletableFuture.completedFuture(response.withBody(
                        new Body.Live(new Resumed(begun, rest), response.body().length())));
            }
            case Gathering.Result.Crowded(Bytes begun, var rest) -> {
                exchange.journal().missed("a form", Lack.BUDGET, "more octets than all pages may hold");
                yield CompletableFuture.completedFuture(response.withBody(
                        new Body.Live(new Resumed(begun, rest), response.body().length())));
            }
            case Gathering.Result.Broken(Throwable cause) -> CompletableFuture.failedFuture(cause);
        };
    }

    private CompletionStage<Response> aside(
            Response response, Bytes whole, ContentCoding coding, FormMask.Cookie cookie, Exchange exchange) {
        return materials
                .aside(() -> tokens(whole, coding, cookie), exchange.loop())
                .thenApply(tokens -> kept(response, whole, tokens, cookie));
    }

    private static @Nullable FormTokens tokens(Bytes whole, ContentCoding coding, FormMask.Cookie cookie) {
        Bytes page = coding.decode(whole, FormMask.LARGEST);
        return page == null ? null : FormTokens.find(page, cookie.secret());
    }

    private Response kept(Response response, Bytes whole, @Nullable FormTokens tokens, FormMask.Cookie cookie) {
        if (tokens == null || tokens.areTooMany()) {
            return response.withBody(new Body.Whole(whole));
        }
        FormMask mask = FormMask.fresh(cookie, materials.random());
        return response.withHeaders(mask.masked(response.headers()))
                .withBody(new Body.Whole(tokens.masked(mask.standIn())));
    }
}
