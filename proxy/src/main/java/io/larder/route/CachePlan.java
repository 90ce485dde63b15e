package io.larder.route;

import io.larder.http.Target;
import io.larder.policy.CacheRules;
import io.larder.policy.Tagging;
import java.util.List;
import java.util.Map;

/**
 * How a route caches.
 *
 * @param rules of the policy
 * @param collapse whose simultaneous misses of a key share one fetch
 * @param tags that everything it stores gets, filled in with what the path captured
 */
public record CachePlan(CacheRules rules, Collapse collapse, List<Template> tags) {
    /** Whose simultaneous misses share one fetch. */
    public enum Collapse {
        /** Nobody's. */
        OFF,
        /** Those on this node. */
        NODE,
        /** Those on all nodes that share a tier. */
        FLEET
    }

    public CachePlan {
        tags = List.copyOf(tags);
    }

    /** A plan without tags. */
    public CachePlan(CacheRules rules, Collapse collapse) {
        this(rules, collapse, List.of());
    }

    /** This plan as it holds for {@code route} of {@code site}: what it stores is told apart, and tagged, accordingly. */
    public CachePlan of(Site site, Route route) {
        return within(site.partition(route), site, route);
    }

    /** The same for what {@code upstream} answers, one of those that {@code to} names. */
    public CachePlan of(Site site, Route route, Destination to, String upstream) {
        return within(site.partition(route) + to.partition(upstream), site, route);
    }

    private CachePlan within(String partition, Site site, Route route) {
        Tagging tagging = new Tagging(site.name(), target -> names(route.path(), target));
        FragmentPlan fragments = route.fragments();
        CacheRules fit = fragments != null && fragments.visitor().djangoForms() ? rules.forForms() : rules;
        CacheRules own = fit.withKey(rules.key().within(partition)).withTagging(tagging);
        return new CachePlan(own, collapse, tags);
    }

    private List<String> names(PathPattern path, Target target) {
        if (tags.isEmpty()) {
            return List.of();
        }
        Map<String, String> captures = path.normalCaptures(target.path());
        return tags.stream()
                .map(tag -> tag.fill(captures == null ? Map.of() : captures))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
