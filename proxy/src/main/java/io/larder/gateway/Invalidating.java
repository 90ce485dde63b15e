package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.coherence.Purge;
import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.Invalidation;
import io.larder.policy.Stored;
import io.larder.route.InvalidationRule;
import io.larder.store.Store;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Makes stale what the success of a request has changed, before its client hears of it: what RFC 9111 §4.4 says, the
 * groups that the response names (RFC 9875 §3), and what the site's own rules say.
 *
 * <p>On this node, that is. Other nodes are told, and not waited for: the write is done whatever they say, and its client
 * could do nothing about a node that does not confirm. The node that took the write shows it at once, the others within
 * milliseconds.
 */
final class Invalidating implements Handler {
    private final Handler next;
    private final Store store;
    private final StoredUrls urls;
    private final String site;
    private final List<InvalidationRule> rules;

    /** @param site whose tags the rules purge */
    Invalidating(Handler next, Store store, StoredUrls urls, String site, List<InvalidationRule> rules) {
        this.next = next;
        this.store = store;
        this.urls = urls;
        this.site = site;
        this.rules = rules;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        if (request.isSafe()) {
            return next.handle(request, exchange);
        }
        return ask(request, exchange).thenApply(response -> {
            changed(request, response);
            return response;
        });
    }

    /** The origin's answer; what it has changed is not carried out. */
    CompletionStage<Response> ask(Request request, Exchange exchange) {
        return next.handle(request, exchange);
    }

    /** Makes stale what {@code request} has changed, if it was a success. */
    void changed(Request request, Response response) {
        if (Invalidation.isChange(request, response)) {
            store.purge(direct(request, response), Purge.Mode.HARD);
            applyRules(request);
        }
    }

    /**
     * As {@link #changed}, for an answer that takes the place of what it makes stale.
     *
     * @param stored what is to be kept of it under {@code key}
     * @param fence taken before the origin was asked
     * @return the fence to store it with; empty where something else purged it meanwhile
     */
    Optional<Fence> superseded(CacheKey key, Stored stored, Request request, Response response, Fence fence) {
        Optional<Fence> since = store.supersede(key, stored, direct(request, response), fence);
        applyRules(request); // where they cover the answer as well, it is not kept
        return since;
    }

    private Set<Purge> direct(Request request, Response response) {
        Set<Purge> purges = new LinkedHashSet<>();
        Invalidation.targets(request, response).forEach(target -> purges.addAll(urls.of(target)));
        String authority = StoredUrls.authority(request.target());
        Invalidation.groups(request, response).forEach(name -> purges.add(new Purge.Group(authority, name)));
        return purges;
    }

    private void applyRules(Request request) {
        for (InvalidationRule rule : rules) {
            rule.effect(request).ifPresent(effect -> store.purge(purges(effect, request.target()), rule.mode()));
        }
    }

    private Set<Purge> purges(InvalidationRule.Effect effect, Target target) {
        Set<Purge> purges = new LinkedHashSet<>();
        effect.tags().forEach(tag -> purges.add(new Purge.Tag(tag, site)));
        effect.urls().forEach(url -> purges.addAll(urls.of(target.withPathAndQuery(url))));
        String authority = StoredUrls.authority(target);
        effect.prefixes().forEach(prefix -> purges.add(new Purge.Prefix(authority, prefix)));
        return purges;
    }
}
