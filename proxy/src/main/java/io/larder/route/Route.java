package io.larder.route;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a site.
 *
 * @param name for metrics, logs and explanations
 * @param place where it is written, as {@code file:line}
 * @param cache how responses are cached; null: not at all
 * @param fragments how pages are put together from parts; null: they are not
 * @param admission who is let in
 */
public record Route(
        String name,
        String place,
        PathPattern path,
        Conditions conditions,
        Action action,
        @Nullable CachePlan cache,
        @Nullable FragmentPlan fragments,
        Admission admission) {
    /** A route that everybody may use. */
    public Route(
            String name,
            String place,
            PathPattern path,
            Conditions conditions,
            Action action,
            @Nullable CachePlan cache,
            @Nullable FragmentPlan fragments) {
        this(name, place, path, conditions, action, cache, fragments, Admission.OPEN);
    }

    /** A route whose pages are passed on as they are. */
    public Route(
            String name,
            String place,
            PathPattern path,
            Conditions conditions,
            Action action,
            @Nullable CachePlan cache) {
        this(name, place, path, conditions, action, cache, null);
    }
}
