package io.larder.gateway;

import io.larder.coherence.Purge;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.JsonText;
import io.larder.http.Authority;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.FieldName;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.Tags;
import io.larder.store.Announcement;
import io.larder.store.Store;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Answers those who may purge what a site stores: the URL that they name, on the host that they name, whichever way they
 * came in; or the tags that they list, on this site. Nothing of it goes to an origin.
 *
 * <p>The answer waits a little for the other nodes to confirm: 200 when all have, 202 when not. Applications send such
 * requests while a page is made, so that nobody waits for a log that is known to be out of reach.
 */
final class Purging implements Handler {
    private static final FieldName MODE = FieldName.of("Larder-Purge");
    private static final FieldName FASTLY_MODE = FieldName.of("Fastly-Soft-Purge");

    /** How long other nodes may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration COUNTING = Duration.ofMillis(250); // after that: nobody waits for memory to be freed

    private final Store store;
    private final StoredUrls urls;
    private final String site;
    private final PurgeAccess access;

    Purging(Store store, StoredUrls urls, String site, PurgeAccess access) {
        this.store = store;
        this.urls = urls;
        this.site = site;
        this.access = access;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        request.body().discard();
        exchange.journal().cached("none", "purge");
        if (!access.admits(exchange.client().address())) {
            return refuse(
                    Failure.Kind.REQUEST_DENIED,
                    "purging is not for this address: " + exchange.client().address());
        }
        Set<Purge> purges = purges(request);
        if (purges.isEmpty()) {
            return refuse(Failure.Kind.REQUEST_ERROR, "a purge by tag names none");
        }
        Purge.Mode mode = mode(request.headers());
        Announcement purge = store.purge(purges, mode);
        Duration patience = purge.isHeldUp() ? Duration.ZERO : PATIENCE;
        return purge.within(patience, exchange)
                .thenCompose(how -> purge.counted(COUNTING).thenApply(all -> answer(purge.matched(), all, mode, how)))
                // where the count is there before it is composed, the thread that carried the purge out would go on
                .thenApplyAsync(Function.identity(), exchange.loop()::execute);
    }

    private Set<Purge> purges(Request request) {
        Set<Purge> purges = new LinkedHashSet<>();
        if (Tags.isListing(request.headers())) {
            Tags.of(request.headers()).forEach(tag -> purges.add(new Purge.Tag(tag, site)));
        } else {
            purges.addAll(urls.of(request.target()));
            purges.addAll(urls.of(withoutImpliedPort(request.target())));
        }
        return purges;
    }

    /** A purge covers both schemes, and no key has the port that its scheme implies. */
    private static Target withoutImpliedPort(Target target) {
        Authority authority = target.authority();
        boolean implied = authority.port() == 80 || authority.port() == 443;
        Authority bare = implied ? new Authority(authority.host(), Authority.NO_PORT) : authority;
        return new Target(target.scheme(), bare, target.path(), target.query());
    }

    private static Purge.Mode mode(Headers headers) {
        boolean soft = "soft".equalsIgnoreCase(headers.combined(MODE)) || "1".equals(headers.combined(FASTLY_MODE));
        return soft ? Purge.Mode.SOFT : Purge.Mode.HARD;
    }

    private static Response answer(long matched, boolean counted, Purge.Mode mode, Announcement.Progress how) {
        StringJoiner json = new StringJoiner(",", "{", "}\n");
        if (how.position() != null) {
            json.add("\"position\":" + JsonText.quoted(how.position()));
        }
        json.add("\"matched\":" + matched);
        if (!counted) {
            json.add("\"counting\":true");
        }
        json.add("\"soft\":" + (mode == Purge.Mode.SOFT));
        json.add("\"complete\":" + how.isComplete());
        json.add("\"missing\":"
                + how.missing().stream().map(JsonText::quoted).collect(Collectors.joining(",", "[", "]")));
        if (how.reason() != null) {
            json.add("\"reason\":" + JsonText.quoted(how.reason()));
        }
        Headers headers = Headers.builder()
                .add(Fields.CONTENT_TYPE, "application/json")
                .add(Fields.CACHE_CONTROL, "no-store")
                .build();
        return Response.of(how.isComplete() ? 200 : 202, headers, new Body.Whole(Bytes.utf8(json.toString())));
    }

    private static CompletionStage<Response> refuse(Failure.Kind kind, String detail) {
        return CompletableFuture.failedFuture(new Failure(kind, detail));
    }
}
