package io.larder.route;

import io.larder.http.Request;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a route's way of caching can be trusted with a path as it is spelled. A page that an origin finds under another
 * route, because it reads the path in another way than we do, must not be cached as this route's pages are.
 */
final class Spellings {
    private final RouteTree routes;
    private final boolean uniform;
    private final boolean lowerCase;

    Spellings(Site site, RouteTree routes) {
        this.routes = routes;
        this.uniform = site.routes().stream()
                .allMatch(route ->
                        Objects.equals(route.cache(), site.routes().get(0).cache()));
        this.lowerCase = site.routes().stream().allMatch(route -> route.path().isLowerCase());
    }

    /** Whether every origin that reads the path of {@code request} finds what is cached as {@code route} says. */
    boolean allLeadTo(@Nullable Route route, Request request) {
        if (uniform && route != null) {
            return true;
        }
        String path = request.target().path();
        if (lowerCase && Spelling.isPlain(path)) {
            return true;
        }
        if (Spelling.isStraight(path)) {
            return isCachedAs(route, path, request);
        }
        Set<String> readings = Spelling.readings(path);
        if (readings == null) {
            return false;
        }
        for (String reading : readings) {
            boolean same = isCachedLike(route, routes.first(reading, false, request));
            if (!same || !isCachedAs(route, reading, request)) {
                return false;
            }
        }
        return true;
    }

    /** Some origins do not mind the case of a path. */
    private boolean isCachedAs(@Nullable Route route, String path, Request request) {
        return isCachedLike(route, routes.first(path, true, request));
    }

    private static boolean isCachedLike(@Nullable Route route, @Nullable Route other) {
        // where none takes it, nothing is cached
        return Objects.equals(route, other)
                || (route != null && other != null && Objects.equals(route.cache(), other.cache()));
    }
}
