package io.larder.route;

import org.jspecify.annotations.Nullable;

/**
 * One rule of a site.
 *
 * @param name for metrics, logs and explanations
 * @param place where it is written, as {@code file:line}
 * @param cache how responses are cached; null: not at all
 */
public record Route(
        String name,
        String place,
        PathPattern path,
        Conditions conditions,
        Action action,
        @Nullable CachePlan cache) {}
