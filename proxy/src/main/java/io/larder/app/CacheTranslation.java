package io.larder.app;

import io.larder.config.CacheConfig;
import io.larder.config.RouteCacheConfig;
import io.larder.http.FieldName;
import io.larder.http.Glob;
import io.larder.policy.CacheRules;
import io.larder.policy.KeyRules;
import io.larder.route.CachePlan;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in the policy's words what the configuration says of caching. */
final class CacheTranslation {
    private CacheTranslation() {}

    /** How a route caches; null where it does not. */
    static @Nullable CachePlan plan(CacheConfig cache, RouteCacheConfig route) {
        return switch (route) {
            case RouteCacheConfig.Off off -> null;
            case RouteCacheConfig.On on ->
                new CachePlan(rules(cache, on), on.treatment().collapse() != RouteCacheConfig.Collapse.OFF);
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
                        globs(route.ignoreCookies()),
                        CacheRules.DEFAULTS.cookies().sessions(),
                        switch (route.treatment().setCookie()) {
                            case REFUSE -> CacheRules.SetCookie.REFUSE;
                            case STRIP -> CacheRules.SetCookie.STRIP;
                            case STORE -> CacheRules.SetCookie.STORE;
                        }))
                .withBypass(new CacheRules.Bypass(
                        globs(route.bypass().cookies()), names(route.bypass().headers())))
                .withMaxObject(cache.maxObject())
                .withClientDirectives(
                        route.treatment().clientDirectives() == RouteCacheConfig.ClientDirectives.RESPECT);
    }

    private static CacheRules.Lifetimes lifetimes(CacheConfig cache, RouteCacheConfig.Lifetime lifetime) {
        Duration fixed = switch (lifetime.ttl()) {
            case RouteCacheConfig.Ttl.FromResponse response -> null;
            case RouteCacheConfig.Ttl.Fixed(Duration duration) -> duration;
        };
        return new CacheRules.Lifetimes(fixed, lifetime.defaultTtl(), false, lifetime.negative(), cache.maxLifetime());
    }

    private static KeyRules key(RouteCacheConfig.Key key) {
        RouteCacheConfig.Query query = key.query();
        List<String> only = query.only();
        // a list that is written and empty says that no parameter counts
        List<String> ignore = only != null && only.isEmpty() ? List.of("*") : query.ignore();
        return new KeyRules(
                new KeyRules.Query(globs(ignore), only == null ? List.of() : globs(only), query.sort()),
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
