package io.larder.app;

import io.larder.config.CacheConfig;
import io.larder.config.RouteCacheConfig;
import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.policy.TrackingParameters;
import io.larder.route.CachePlan;
import io.larder.route.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says in the policy's words what the configuration says of caching. */
final class CacheTranslation {
    private CacheTranslation() {}

    /** How a route caches; null where it does not. */
    static @Nullable CachePlan plan(CacheConfig cache, RouteCacheConfig route) {
        return switch (route) {
            case RouteCacheConfig.Off off -> null;
            case RouteCacheConfig.On on ->
                new CachePlan(
                        rules(cache, on),
                        collapse(on.treatment().collapse()),
                        on.storing().tags().stream().map(Template::compile).toList());
        };
    }

    /** The same, where requests with {@code field} pass by the cache. */
    static CachePlan passing(CachePlan plan, FieldName field) {
        CacheRules.Bypass bypass = plan.rules().bypass();
        List<FieldName> headers = new ArrayList<>(bypass.headers());
        headers.add(field);
        CacheRules rules = plan.rules().withBypass(new CacheRules.Bypass(bypass.cookies(), headers, bypass.others()));
        return new CachePlan(rules, plan.collapse(), plan.tags());
    }

    private static CachePlan.Collapse collapse(RouteCacheConfig.Collapse collapse) {
        return switch (collapse) {
            case OFF -> CachePlan.Collapse.OFF;
            case NODE -> CachePlan.Collapse.NODE;
            case FLEET -> CachePlan.Collapse.FLEET;
        };
    }

    private static CacheRules rules(CacheConfig cache, RouteCacheConfig.On route) {
        return CacheRules.DEFAULTS
                .withLifetimes(lifetimes(cache, route.lifetime()))
                .withGrace(new CacheRules.Grace(
                        route.stale().ifUnreachable(),
                        route.stale().whileRevalidate(),
                        route.stale().ifError(),
                        cache.defaultGrace()))
                .withKey(key(route.key()))
                .withCookies(new CacheRules.CookieRules(
                        globs(route.cookies().ignore()),
                        sessions(route.cookies().sessions()),
                        switch (route.cookies().setCookie()) {
                            case REFUSE -> CacheRules.SetCookie.REFUSE;
                            case STRIP -> CacheRules.SetCookie.STRIP;
                            case STORE -> CacheRules.SetCookie.STORE;
                        }))
                .withBypass(new CacheRules.Bypass(
                        globs(route.bypass().cookies()), names(route.bypass().headers())))
                .withVary(new CacheRules.Negotiation(
                        route.vary().normalise(), route.vary().selectLanguage()))
                .withStoring(new CacheRules.Storing(
                        cache.maxObject(),
                        route.storing().minUses(),
                        route.storing().compress()))
                .withSharing(sharing(route.privacy()))
                .withRanges(new CacheRules.Ranges(
                        route.storing().partials() == RouteCacheConfig.Partials.LENIENT,
                        route.storing().rangeMiss() == RouteCacheConfig.RangeMiss.WHOLE))
                .withClientDirectives(
                        route.treatment().clientDirectives() == RouteCacheConfig.ClientDirectives.RESPECT);
    }

    private static CacheRules.Lifetimes lifetimes(CacheConfig cache, RouteCacheConfig.Lifetime lifetime) {
        Duration fixed = switch (lifetime.ttl()) {
            case RouteCacheConfig.Ttl.FromResponse response -> null;
            case RouteCacheConfig.Ttl.Fixed(Duration duration) -> duration;
        };
        return new CacheRules.Lifetimes(
                fixed,
                lifetime.defaultTtl(),
                lifetime.heuristic(),
                lifetime.negative(),
                names(lifetime.targeted()),
                lifetime.refreshAhead(),
                cache.maxLifetime());
    }

    private static List<Glob> sessions(List<String> more) {
        return Stream.concat(CacheRules.DEFAULTS.cookies().sessions().stream(), globs(more).stream())
                .toList();
    }

    private static CacheRules.Sharing sharing(RouteCacheConfig.Privacy privacy) {
        RouteCacheConfig.Personal personal = privacy.personal();
        CacheRules.Guarding guard = switch (privacy.guard()) {
            case ON -> CacheRules.Guarding.ON;
            case SHADOW -> CacheRules.Guarding.SHADOW;
            case OFF -> CacheRules.Guarding.OFF;
        };
        return new CacheRules.Sharing(
                guard, personal == null ? null : new CacheRules.Personal(selector(personal.by()), personal.ttl()));
    }

    private static CacheRules.Selector selector(RouteCacheConfig.Selector by) {
        return switch (by) {
            case RouteCacheConfig.Selector.OfCookie(String name) -> new CacheRules.Selector.OfCookie(name);
            case RouteCacheConfig.Selector.OfHeader(String name) ->
                new CacheRules.Selector.OfHeader(FieldName.of(name));
        };
    }

    private static KeyRules key(RouteCacheConfig.Key key) {
        RouteCacheConfig.Query query = key.query();
        List<String> only = query.only();
        // a list that is written and empty says that no parameter counts
        List<Glob> ignore = new ArrayList<>(globs(only != null && only.isEmpty() ? List.of("*") : query.ignore()));
        for (RouteCacheConfig.Preset preset : query.presets()) {
            ignore.addAll(
                    switch (preset) {
                        case TRACKING -> TrackingParameters.KNOWN;
                    });
        }
        return new KeyRules(
                new KeyRules.Query(ignore, only == null ? List.of() : globs(only), query.sort()),
                names(key.headers()),
                key.cookies());
    }

    private static List<Glob> globs(List<String> patterns) {
        return patterns.stream().map(Glob::of).toList();
    }

    private static List<FieldName> names(List<String> names) {
        return names.stream().map(FieldName::of).toList();
    }
}
