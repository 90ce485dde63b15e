package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.exchange.Journal;
import io.larder.http.Body;
import io.larder.http.Fields;
import io.larder.http.Headers;
import io.larder.http.HeadersBuilder;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Preconditions;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes the client's response of what the cache has, and says in it, and in the journal, where it came from. */
final class Delivery {
    private final Report report;

    Delivery(Report report) {
        this.report = report;
    }

    /** A stored response, without asking anybody. */
    Response hit(Quest quest, Stored stored, Reason reason, Instant now) {
        boolean stale = !stored.isFresh(now);
        quest.exchange().journal().cached(stale ? "stale" : "hit", reason.code());
        String status = CacheStatus.hit(reason, stored.ttl(now));
        Stored form = Encodings.form(quest.request().headers(), stored);
        return conditional(quest, form, new Body.Whole(form.body()), now, status, stale ? "STALE" : "HIT");
    }

    /** What a fetch of its own brought this quest. */
    CompletionStage<Response> arrived(Quest quest, Arrival arrival) {
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
        quest.exchange().journal().cached("error", failure.kind().token());
        return CompletableFuture.failedFuture(failure);
    }

    private Response passed(Quest quest, Arrival.Passed passed) {
        quest.exchange().journal().cached("miss", passed.status().reason().code());
        HeadersBuilder added = Headers.builder();
        describe(added, quest, passed.status().value(), "MISS");
        Response response = passed.response();
        if (passed.status().stored()
                && Encodings.isCompressible(quest.rules(), response.status(), response.headers())) {
            Encodings.declare(response.headers(), added);
        }
        return response.adding(added.build());
    }

    /** A stored response, after the origin was asked. */
    Response reused(Quest quest, Stored stored, Reason reason, CacheStatus.Forwarded status, Instant now) {
        boolean revalidated = reason == Reason.REVALIDATED;
        quest.exchange().journal().cached(revalidated ? "revalidated" : "stale", reason.code());
        String value = revalidated ? status.value() : CacheStatus.hit(reason, stored.ttl(now));
        Stored form = Encodings.form(quest.request().headers(), stored);
        Body body = new Body.Whole(form.body());
        return conditional(quest, form, body, now, value, revalidated ? "REVALIDATED" : "STALE");
    }

    /** A response that another request's fetch is bringing. */
    Response collapsed(Quest quest, Stored head, Body body, CacheStatus.Forwarded status, Instant now) {
        quest.exchange().journal().cached("hit", "collapsed");
        return conditional(quest, head, body, now, status.value(), "HIT");
    }

    private Response conditional(Quest quest, Stored stored, Body body, Instant now, String status, String word) {
        HeadersBuilder added = Headers.builder();
        added.add(Fields.AGE, Long.toString(stored.ageSeconds(now)));
        describe(added, quest, status, word);
        if (stored.gzipped() != null) {
            Encodings.declare(stored.headers(), added);
        }
        return switch (Preconditions.of(quest.request(), stored)) {
            case Preconditions.Send whole ->
                new Response(stored.status(), stored.reason(), stored.headers(), added.build(), body);
            case Preconditions.NotModified(Headers repeated) -> {
                body.discard();
                yield new Response(304, "Not Modified", repeated, added.build(), Body.none());
            }
        };
    }

    private void describe(HeadersBuilder added, Quest quest, String status, String word) {
        switch (report.cacheStatus()) {
            case ON -> added.add(Fields.CACHE_STATUS, status);
            case DEBUG -> {
                String key = quoted(quest.key().toString());
                String route = quoted(quest.exchange().journal().route());
                added.add(Fields.CACHE_STATUS, status + "; key=" + key + "; route=" + route);
            }
            case OFF -> {}
        }
        if (report.xCache()) {
            added.add(Fields.X_CACHE, word);
        }
    }

    /** A structured-field string (RFC 9651 §3.3.3): of what is not ASCII, only that it was there. */
    private static String quoted(String text) {
        String ascii = text.replaceAll("[^ -~]", "?");
        return '"' + ascii.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Says of a response that passed by the cache why it did. */
    Response bypassed(Journal journal, Response response, Reason why) {
        journal.cached("bypass", why.code());
        CacheStatus.Forwarded status = CacheStatus.forwarded(why).answered(response.status());
        HeadersBuilder added = Headers.builder();
        if (report.cacheStatus() != Report.Detail.OFF) {
            added.add(Fields.CACHE_STATUS, status.value());
        }
        if (report.xCache()) {
            added.add(Fields.X_CACHE, "BYPASS");
        }
        return response.adding(added.build());
    }
}
