package io.larder.route;

import io.larder.http.Request;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether what a route says can be trusted with a path as it is spelled. A page that an origin finds under another
 * route, because it reads the path in another way than we do, must not be cached as this route's pages are, nor given to
 * those who are let in here.
 */
final class Spellings {
    private final RouteTree routes;
    private final Function<@Nullable Route, @Nullable Object> aspect;
    private final boolean uniform;
    private final boolean lowerCase;
    private final boolean slashes; // whether a slash at the end may be nothing to an origin
    private final boolean unreadable; // what is said of a path of which nobody can say what it means

    private Spellings(
            Site site,
            RouteTree routes,
            boolean uniform,
            boolean slashes,
            boolean unreadable,
            Function<@Nullable Route, @Nullable Object> aspect) {
        this.slashes = slashes;
        this.unreadable = unreadable;
        this.routes = routes;
        this.aspect = aspect;
        this.uniform = uniform;
        this.lowerCase = site.routes().stream().allMatch(route -> route.path().isLowerCase());
    }

    /** In the light of how routes cache; where none takes a request, nothing is cached. */
    static Spellings ofCaching(Site site, RouteTree routes) {
        boolean uniform = site.routes().stream()
                .allMatch(route ->
                        Objects.equals(route.cache(), site.routes().get(0).cache()));
        // a route that does not cache is not like none at all: its answers are an origin's
        return new Spellings(
                site,
                routes,
                uniform,
                false,
                false,
                route -> route == null ? Spellings.class : Optional.ofNullable(route.cache()));
    }

    /** In the light of whom routes let in. */
    static Spellings ofAdmission(Site site, RouteTree routes) {
        boolean uniform =
                site.routes().stream().allMatch(route -> route.admission().equals(site.admission()));
        // whoever comes by another name may come more often; nobody else comes in
        boolean open = site.routes().stream()
                .allMatch(route ->
                        route.admission().unlimited().equals(site.admission().unlimited()));
        return new Spellings(
                site, routes, uniform, true, open, route -> route == null ? site.admission() : route.admission());
    }

    /** Whether every origin that reads the path of {@code request} finds what is as {@code route} says. */
    boolean allLeadTo(@Nullable Route route, Request request) {
        if (uniform && (route != null || slashes)) {
            return true;
        }
        String path = request.target().path();
        if (slashes && !isLikeItsOther(route, path, request)) {
            return false;
        }
        if (lowerCase && Spelling.isPlain(path)) {
            return true;
        }
        if (Spelling.isStraight(path)) {
            return isLike(route, routes.first(path, true, request));
        }
        Set<String> readings = Spelling.readings(path);
        if (readings == null) {
            return unreadable;
        }
        for (String reading : readings) {
            if (slashes && !isLikeItsOther(route, reading, request)) {
                return false;
            }
            // some origins do not mind the case of a path
            if (!isLike(route, routes.first(reading, false, request))
                    || !isLike(route, routes.first(reading, true, request))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Many origins give the same page with a slash at the end and without. A route that spells its path out is meant; one that takes all
     * the rest does not know of the other.
     */
    private boolean isLikeItsOther(@Nullable Route route, String path, Request request) {
        if (path.length() < 2 || (route != null && !route.path().takesRest())) {
            return true;
        }
        String other = path.endsWith("/") ? path.substring(0, path.length() - 1) : path + "/";
        return isLike(route, routes.first(other, true, request));
    }

    private boolean isLike(@Nullable Route route, @Nullable Route other) {
        return Objects.equals(route, other) || Objects.equals(aspect.apply(route), aspect.apply(other));
    }
}
