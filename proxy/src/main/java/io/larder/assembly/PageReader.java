package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Lack;
import io.larder.fragment.Template;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.ContentCoding;
import io.larder.http.Response;
import io.larder.http.Source;
import io.larder.route.FragmentPlan;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads pages, each stored one once. What takes long is read aside. */
final class PageReader {
    /** The largest page that is read, in octets; a larger one goes out as it came. */
    private static final long LARGEST = 16 << 20;

    /** What is shorter, in octets, is read on the loop. */
    private static final long SHORT = 64 * 1024;

    /** What came of it. */
    sealed interface Result {
        /** It was read. */
        record Read(Compiled page) implements Result {}

        /** It cannot be: this is the response with its body as it came. */
        record Unread(Response response) implements Result {}
    }

    private final FragmentPlan plan;
    private final Materials materials;

    PageReader(FragmentPlan plan, Materials materials) {
        this.plan = plan;
        this.materials = materials;
    }

    /** What the body of {@code response} was found to be before; null where it was not read yet, or is forgotten. */
    @Nullable
    Compiled known(Response response) {
        Compiled known = response.body() instanceof Body.Whole(Bytes octets)
                ? materials.prepared().pages().of(octets)
                : null;
        return known != null && known.plan().equals(plan) ? known : null;
    }

    /** Reads the body of {@code response}; completes on the loop of {@code exchange}. */
    CompletionStage<Result> read(Response response, Reading reading, Exchange exchange, Held held) {
        ContentCoding coding = ContentCoding.of(response.headers());
        if (coding == null) {
            exchange.journal().missed("a page", Lack.CODING, "a coding that is not known");
            return done(new Result.Unread(response));
        }
        return Gathering.of(response.body(), LARGEST, held).thenCompose(result -> switch (result) {
            case Gathering.Result.Broken(Throwable cause) -> CompletableFuture.failedFuture(cause);
            case Gathering.Result.TooLong(Bytes begun, Source rest) -> {
                exchange.journal().missed("a page", Lack.SIZE, "more octets than are read");
                Body body =
                        Releasing.of(new Resumed(begun, rest), response.body().length(), held);
                yield done(new Result.Unread(response.withBody(body)));
            }
            case Gathering.Result.Crowded(Bytes begun, Source rest) -> {
                rest.cancel();
                yield crowded(exchange);
            }
            case Gathering.Result.Whole(Bytes whole) ->
                compiled(new Sheet(whole, coding, exchange.journal().isStored()), reading, exchange)
                        .thenCompose(compiled -> read(response, whole, compiled, exchange, held));
        });
    }

    private static CompletionStage<Result> read(
            Response response, Bytes whole, @Nullable Compiled compiled, Exchange exchange, Held held) {
        if (compiled == null) {
            return done(new Result.Unread(response.withBody(Releasing.of(whole, held))));
        }
        // what was decoded of a page that is not stored is held as well
        boolean room = !compiled.own() || exchange.journal().isStored() || held.take(compiled.length());
        return room ? done(new Result.Read(compiled)) : crowded(exchange);
    }

    private static CompletionStage<Result> crowded(Exchange exchange) {
        exchange.journal().missed("a page", Lack.BUDGET, "more octets than all pages may hold");
        return CompletableFuture.failedFuture(
                new Failure(Failure.Kind.CONNECTION_LIMIT, "too many pages are being put together"));
    }

    /**
     * What is read.
     *
     * @param stored whether the same octets will be read again
     */
    private record Sheet(Bytes octets, ContentCoding coding, boolean stored) {}

    private CompletionStage<@Nullable Compiled> compiled(Sheet page, Reading reading, Exchange exchange) {
        if (page.octets.length() <= SHORT && page.coding == ContentCoding.IDENTITY) {
            Compiled fresh = Compiled.of(page.octets, page.coding, reading, plan);
            return CompletableFuture.completedFuture(kept(page, fresh, exchange));
        }
        return materials
                .aside(() -> Compiled.of(page.octets, page.coding, reading, plan), exchange.loop())
                .thenApply(fresh -> kept(page, fresh, exchange));
    }

    private @Nullable Compiled kept(Sheet page, @Nullable Compiled fresh, Exchange exchange) {
        if (fresh == null) {
            exchange.journal().missed("a page", Lack.CODING, "content that cannot be decoded");
            return null;
        }
        for (Template.Problem problem : fresh.template().problems()) {
            exchange.journal().missed("octet " + problem.offset(), Lack.MARKUP, problem.what());
        }
        if (page.stored) {
            materials.prepared().pages().keep(page.octets, fresh);
        }
        return fresh;
    }

    private static CompletionStage<Result> done(Result result) {
        return CompletableFuture.completedFuture(result);
    }
}
