package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.exchange.Journal;
import io.larder.http.Body;
import io.larder.http.Headers;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Parts;
import io.larder.policy.Preconditions;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the client's response of what the cache has, and says in it, and in the journal, where it came from. */
final class Delivery {
    private final CacheFields fields;

    Delivery(Report report) {
        this.fields = new CacheFields(report);
    }

    /** A stored response, without asking anybody. */
    Response hit(Quest quest, Stored stored, Reason reason, Instant now) {
        boolean stale = !stored.isFresh(now);
        quest.exchange().journal().cached(stale ? "stale" : "hit", reason.code());
        Stored form = Encodings.form(quest.request().headers(), stored);
        Headers own = fields.ofHit(quest, form.ageSeconds(now), reason, stored.ttl(now), stale ? "STALE" : "HIT");
        return conditional(quest.of(stored), form, new Body.Whole(form.body()), now, own);
    }

    /** What is asked for, where it is among parts that are stored. */
    Optional<Response> part(Quest quest, Parts parts, Instant now) {
        Stored stored = parts.stored();
        String status = CacheStatus.hit(Reason.FRESH, stored.ttl(now));
        Headers added = fields.withSurrogate(fields.of(quest, stored.ageSeconds(now), status, "HIT"), stored);
        Response head = new Response(200, "OK", parts.fields(), added, Body.none());
        Optional<Response> answer = switch (Preconditions.of(quest.request(), stored)) {
            case Preconditions.Send whole -> Slicing.of(quest, head, parts, now);
            case Preconditions.NotModified(Headers repeated) -> Optional.of(notModified(repeated, added));
        };
        answer.ifPresent(there -> quest.exchange().journal().cached("hit", Reason.FRESH.code()));
        return answer;
    }

    /** What a fetch of its own brought this quest, which asked for all of it. */
    CompletionStage<Response> arrived(Quest quest, Arrival arrival) {
        Instant now = quest.exchange().loop().now();
        return asSent(quest, arrival).thenApply(response -> Slicing.of(quest, response, now));
    }

    /** What a fetch of its own brought this quest, which asked for what its client asks for. */
    CompletionStage<Response> asSent(Quest quest, Arrival arrival) {
        return switch (arrival) {
            case Arrival.Passed passed -> CompletableFuture.completedFuture(passed(quest, passed));
            case Arrival.Reused(Stored stored, Reason reason, CacheStatus.Forwarded status, var others) ->
                CompletableFuture.completedFuture(reused(
                        quest, stored, reason, status, quest.exchange().loop().now()));
            case Arrival.Failed failed -> failed(quest, failed.failure());
        };
    }

    /** Nothing, for this reason. */
    CompletionStage<Response> failed(Quest quest, Failure failure) {
        boolean forbidden = failure.kind() == Failure.Kind.ONLY_IF_CACHED;
        String why = forbidden ? Reason.ONLY_IF_CACHED.code() : failure.kind().token();
        quest.exchange().journal().cached("error", why);
        return CompletableFuture.failedFuture(failure);
    }

    private Response passed(Quest quest, Arrival.Passed passed) {
        quest.exchange().journal().cached("miss", passed.status().reason().code());
        Response response = passed.response();
        Headers added = fields.of(quest, passed.status().value(), "MISS");
        boolean hasForms = passed.status().stored()
                && Encodings.isCompressible(quest.rules(), response.status(), response.headers());
        return seen(response).adding(hasForms ? Encodings.declaring(response.headers(), added) : added);
    }

    /** A stored response, after the origin was asked. */
    Response reused(Quest quest, Stored stored, Reason reason, CacheStatus.Forwarded status, Instant now) {
        boolean revalidated = reason == Reason.REVALIDATED;
        quest.exchange().journal().cached(revalidated ? "revalidated" : "stale", reason.code());
        String value = revalidated ? status.value() : CacheStatus.hit(reason, stored.ttl(now));
        Stored form = Encodings.form(quest.request().headers(), stored);
        Body body = new Body.Whole(form.body());
        Headers own = fields.of(quest, form.ageSeconds(now), value, revalidated ? "REVALIDATED" : "STALE");
        return conditional(quest.of(stored), form, body, now, own);
    }

    /** A response that another request's fetch is bringing. */
    Response collapsed(Quest quest, Stored head, Body body, CacheStatus.Forwarded status, Instant now) {
        quest.exchange().journal().cached("hit", "collapsed");
        Headers own = fields.of(quest, head.ageSeconds(now), status.value(), "HIT");
        Response response = conditional(quest, head, body, now, own);
        return Encodings.isCompressible(quest.rules(), head.status(), head.headers())
                ? response.adding(Encodings.declaring(head.headers(), Headers.EMPTY))
                : response;
    }

    private Response conditional(Quest quest, Stored stored, Body body, Instant now, Headers own) {
        Headers declared = stored.gzipped() == null ? own : Encodings.declaring(stored.headers(), own);
        Headers added = fields.withSurrogate(declared, stored);
        // what a part is of is decided after all other conditions (RFC 9110 §13.2.2)
        return switch (Preconditions.of(quest.request(), stored)) {
            case Preconditions.Send whole ->
                Slicing.of(quest, new Response(stored.status(), stored.reason(), stored.headers(), added, body), now);
            case Preconditions.NotModified(Headers repeated) -> {
                body.discard();
                yield notModified(repeated, added);
            }
        };
    }

    private static Response notModified(Headers repeated, Headers added) {
        return new Response(304, "Not Modified", repeated, added, Body.none());
    }

    private Response seen(Response response) {
        return response.withHeaders(fields.seen(response.headers()));
    }

    /** Says of a response that passed by the cache why it did. */
    Response bypassed(Journal journal, Response response, Reason why) {
        journal.cached("bypass", why.code());
        return passing(response, CacheStatus.forwarded(why).answered(response.status()));
    }

    /** Says of the answer to a POST whether it is stored for GET. */
    Response posted(Journal journal, Response response, CacheStatus.Forwarded status) {
        journal.cached("bypass", status.reason().code());
        return passing(response, status);
    }

    private Response passing(Response response, CacheStatus.Forwarded status) {
        return seen(response).adding(fields.ofBypass(status.value()));
    }
}
