package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Loop;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.FormMask;
import io.larder.policy.Likeness;
import io.larder.policy.Portion;
import io.larder.policy.Reason;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Visitor;
import io.larder.telemetry.GuardFindings.Comparison;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * {@code guard: shadow}: the origin answers every request, the store is filled all the same, and what would have been
 * served from it is held against what the origin says.
 */
final class Shadow {
    private final SharedCache cache;
    private final Collapsing collapsing;

    Shadow(SharedCache cache, Collapsing collapsing) {
        this.cache = cache;
        this.collapsing = collapsing;
    }

    CompletionStage<Response> ask(Quest quest) {
        Stored stored = wouldServe(quest);
        return collapsing
                .apart(quest, Reason.GUARD_SHADOW)
                .thenApply(response ->
                        stored == null || !isWhole(quest.request()) ? response : compared(quest, stored, response));
    }

    /** Whether the answer can be held against a stored one as it is. */
    private static boolean isWhole(Request request) {
        return request.is("GET") && !Portion.asksForPart(request);
    }

    private @Nullable Stored wouldServe(Quest quest) {
        Exchange exchange = quest.exchange();
        return switch (Reuse.of(
                quest.rules(),
                quest.request(),
                cache.store().near(quest.key()),
                exchange.loop().now())) {
            case Reuse.Fresh(Stored fresh, Reason why) -> fresh;
            case Reuse.StaleWhileRevalidating(Stored stale, Reason why) -> stale;
            case Reuse.Validate validate -> null;
            case Reuse.Unusable unusable -> null;
            case Reuse.Unsatisfiable unsatisfiable -> null;
        };
    }

    private Response compared(Quest quest, Stored stored, Response response) {
        if (response.status() == 304) {
            tell(quest, stored, new Comparison.None());
            return response;
        }
        if (response.status() != stored.status()) {
            tell(quest, stored, new Comparison.OtherStatus(stored.status(), response.status()));
            return response;
        }
        Likeness likeness = new Likeness(alike(stored, response.headers()), response.headers());
        return switch (response.body()) {
            case Body.Whole(Bytes bytes) -> {
                likeness.take(bytes);
                ended(quest, stored, likeness);
                yield response;
            }
            case Body.Live live ->
                response.withBody(new Body.Live(
                        new Overheard(live.source(), likeness::take, whole -> {
                            if (whole) {
                                ended(quest, stored, likeness);
                            } else {
                                tell(quest, stored, new Comparison.None());
                            }
                        }),
                        live.length()));
        };
    }

    /** What stands in for the tokens of a form is another word each time, which says nothing of the page. */
    private static Stored alike(Stored stored, Headers coming) {
        FormMask ours = FormMask.of(stored.head().surrogate()).orElse(null);
        FormMask theirs = FormMask.of(coming).orElse(null);
        return ours == null || theirs == null ? stored : new Stored(stored.head(), ours.as(theirs, stored.body()));
    }

    /** Bodies that are encoded may differ although what they stand for is the same: that takes a while to find out. */
    private void ended(Quest quest, Stored stored, Likeness likeness) {
        if (!likeness.isCostly()) {
            tell(quest, stored, comparison(likeness.difference()));
            return;
        }
        Loop loop = quest.exchange().loop();
        try {
            cache.worker().execute(() -> {
                Comparison found = comparison(likeness.difference());
                loop.execute(() -> tell(quest, stored, found));
            });
        } catch (RejectedExecutionException closing) {
            tell(quest, stored, new Comparison.None());
        }
    }

    private static Comparison comparison(long difference) {
        return difference == Likeness.SAME ? new Comparison.Same() : new Comparison.OtherBody(difference);
    }

    private void tell(Quest quest, Stored stored, Comparison comparison) {
        Exchange exchange = quest.exchange();
        long visitor = Visitor.of(quest.request().headers(), exchange.client().address());
        long before = stored.head().use().fetched().by();
        cache.findings()
                .compared(
                        exchange.journal(),
                        quest.request().target().uri(),
                        comparison,
                        before != 0 && before != visitor,
                        exchange.loop().now());
    }
}
