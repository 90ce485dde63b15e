package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Exchange;
import io.larder.http.Bytes;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.CacheStatus;
import io.larder.policy.Encodings;
import io.larder.policy.Guard;
import io.larder.policy.PostedAnswer;
import io.larder.policy.Reason;
import io.larder.policy.Storability;
import io.larder.policy.Stored;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Passes a POST by the cache; its answer, where it says that it is the new state of the URL and for how long, takes the
 * place of what was stored for GET (RFC 9110 §9.3.3). First what the POST has changed goes, then its answer comes.
 */
final class Posting {
    private final Invalidating next;
    private final SharedCache cache;
    private final CacheRules rules;
    private final Delivery delivery;

    Posting(Invalidating next, SharedCache cache, CacheRules rules, Delivery delivery) {
        this.next = next;
        this.cache = cache;
        this.rules = rules;
        this.delivery = delivery;
    }

    CompletionStage<Response> pass(Request post, Exchange exchange) {
        Instant askedAt = exchange.loop().now();
        Fence fence = cache.store().fence();
        return next.ask(post, exchange).thenApply(response -> {
            Instant now = exchange.loop().now();
            Optional<PostedAnswer> answer = PostedAnswer.of(rules, post, response, askedAt, now);
            if (answer.isEmpty()) {
                next.changed(post, response);
                return delivery.bypassed(exchange.journal(), response, Reason.METHOD);
            }
            return keep(answer.get(), post, fence, response, exchange);
        });
    }

    private Response keep(PostedAnswer answer, Request post, Fence fence, Response response, Exchange exchange) {
        CacheKey key = CacheKey.of(rules.key(), answer.get());
        CacheStatus.Forwarded status = CacheStatus.forwarded(Reason.METHOD).answered(response.status());
        Stored head = answer.keep().with(Bytes.EMPTY);
        Optional<Fence> since = next.superseded(key, head, post, response, fence);
        if (since.isEmpty()) {
            return delivery.posted(exchange.journal(), response, status.notStored(Reason.PURGED));
        }
        Guard guard = Guard.of(rules, answer.get(), response.headers());
        if (guard instanceof Guard.Refuse(Storability.Refuse why)) {
            return delivery.posted(exchange.journal(), response, status.notStored(why.reason()));
        }
        Optional<Allotment> room =
                Allotment.of(cache.flights().memory(), response.body().length(), rules.maxObject());
        if (room.isEmpty()) {
            return delivery.posted(exchange.journal(), response, status.notStored(Reason.TOO_BUSY));
        }
        Quest quest = new Quest(rules, key, answer.get(), exchange);
        boolean gzip = Encodings.isCompressible(rules, response.status(), response.headers());
        Keeping.Plan plan = new Keeping.Plan(answer.keep(), new Finishing(guard, gzip), true);
        long ttl = head.ttl(exchange.loop().now());
        Keeping keeping = new Keeping(cache, quest, exchange.loop(), since.get(), outcome -> {});
        Arrival.Passed kept = keeping.keep(plan, response, room.get(), status.storedFor(ttl), offset -> null);
        return delivery.posted(exchange.journal(), kept.response(), kept.status());
    }
}
