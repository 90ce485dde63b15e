package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Handler;
import io.larder.exchange.Inclusion;
import io.larder.exchange.Loop;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.policy.Alike;
import io.larder.policy.CacheKey;
import io.larder.policy.CacheRules;
import io.larder.policy.Cookies;
import io.larder.policy.Lookup;
import io.larder.policy.Parts;
import io.larder.policy.Portion;
import io.larder.policy.Reason;
import io.larder.policy.RefreshAhead;
import io.larder.policy.Reuse;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.route.CachePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers from the store where the policy allows it, and sends what has to go to the origin on its way: alone, leading a
 * flight, or following one.
 */
final class Caching implements Handler {
    private final CacheRules rules;
    private final SharedCache cache;
    private final Uncached uncached;
    private final Partials partials;
    private final Posting posting;
    private final Collapsing collapsing;
    private final Delivery delivery;
    private final Shadow shadow;

    Caching(Invalidating next, SharedCache cache, CachePlan plan, Report report, Uncached uncached) {
        this.rules = plan.rules();
        this.cache = cache;
        this.uncached = uncached;
        this.delivery = new Delivery(report);
        this.posting = new Posting(next, cache, rules, delivery);
        this.partials = new Partials(next, cache);
        this.collapsing = new Collapsing(next, cache, partials, delivery, plan.collapse());
        this.shadow = new Shadow(cache, collapsing);
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        Request asked = Cookies.drop(request, rules.cookies().ignore());
        return switch (Lookup.of(rules, asked)) {
            case Lookup.Bypass(Reason why) ->
                asked.is("POST") ? posting.pass(asked, exchange) : uncached.pass(asked, exchange, why);
            case Lookup.Allowed yes ->
                allowed(new Quest(rulesFor(exchange), CacheKey.of(rules.key(), asked), asked, exchange));
        };
    }

    /** A page may say for how long what it includes is fresh. */
    private CacheRules rulesFor(Exchange exchange) {
        Inclusion inclusion = exchange.inclusion();
        Duration ttl = inclusion == null ? null : inclusion.ttl();
        return ttl == null ? rules : rules.withLifetimes(rules.lifetimes().fixedAt(ttl));
    }

    private CompletionStage<Response> allowed(Quest quest) {
        return rules.sharing().guard() == CacheRules.Guarding.SHADOW ? shadow.ask(quest) : look(found(quest));
    }

    /** What is kept for this client alone comes before what is kept for everybody. */
    private Quest found(Quest quest) {
        Quest own = quest.own();
        return own != null && isKept(own) ? own : quest;
    }

    private boolean isKept(Quest own) {
        Variants stored = cache.store().near(own.key());
        Instant now = own.exchange().loop().now();
        return switch (Reuse.of(own.rules(), own.request(), stored, now)) {
            case Reuse.Fresh fresh -> true;
            case Reuse.StaleWhileRevalidating stale -> true;
            case Reuse.Validate stale -> true;
            case Reuse.Unusable none -> false;
            case Reuse.Unsatisfiable none -> false;
        };
    }

    private CompletionStage<Response> look(Quest quest) {
        Loop loop = quest.exchange().loop();
        Instant now = loop.now();
        Variants stored = cache.store().near(quest.key());
        return switch (Reuse.of(quest.rules(), quest.request(), stored, now)) {
            case Reuse.Fresh(Stored fresh, Reason why) -> {
                if (RefreshAhead.isDue(quest.rules(), fresh, now, cache.chance())) {
                    collapsing.refresh(quest, fresh, why);
                }
                yield done(delivery.hit(quest, fresh, why, now));
            }
            case Reuse.StaleWhileRevalidating(Stored stale, Reason why) -> {
                collapsing.refresh(quest, stale, why);
                yield done(delivery.hit(quest, stale, why, now));
            }
            case Reuse.Validate(Stored stale, Reason why) ->
                InTime.orStale(quest, stale, delivery, collapsing.fetch(quest, stale, why));
            case Reuse.Unusable(Reason why) -> alike(quest, now).orElseGet(() -> missing(quest, why, now));
            case Reuse.Unsatisfiable(Reason why) -> alike(quest, now).orElseGet(() -> unsatisfiable(quest, now));
        };
    }

    /** What was stored by another query, and says that it answers this one, too. */
    private Optional<CompletionStage<Response>> alike(Quest quest, Instant now) {
        CacheKey other = cache.store().alike(quest.key());
        return other == null
                ? Optional.empty()
                : Alike.of(
                                quest.rules(),
                                quest.request(),
                                quest.key(),
                                other,
                                cache.store().near(other),
                                now)
                        .map(Alike::use)
                        .map(use -> done(delivery.hit(quest, use.stored(), use.reason(), now)));
    }

    /** The whole is not there: parts of it may be, or are all that is asked for. */
    private CompletionStage<Response> missing(Quest quest, Reason why, Instant now) {
        Request request = quest.request();
        if (Portion.asksForPart(request) && !Portion.isUnderstood(request)) {
            return uncached.pass(request, quest.exchange(), Reason.RANGE); // the origin may know what it means
        }
        Optional<Parts> parts = request.is("GET") ? partials.find(quest, now) : Optional.empty();
        if (parts.isEmpty()) {
            return collapsing.fetch(quest, null, why);
        }
        return delivery.part(quest, parts.get(), now)
                .map(Caching::done)
                .orElseGet(() -> collapsing.fetch(quest, null, Reason.PARTIAL_MISS));
    }

    private CompletionStage<Response> unsatisfiable(Quest quest, Instant now) {
        return partials.find(quest, now)
                .flatMap(parts -> delivery.part(quest, parts, now))
                .map(Caching::done)
                .orElseGet(() -> delivery.failed(
                        quest, new Failure(Failure.Kind.ONLY_IF_CACHED, "nothing stored that the client would take")));
    }

    private static CompletionStage<Response> done(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
