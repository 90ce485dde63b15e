package io.larder.config.keys;

import io.larder.config.RouteAction.Destination;
import io.larder.config.RouteAction.Forward;
import io.larder.config.RouteAction.Writes;
import io.larder.config.RouteConfig;
import io.larder.config.bind.Key;
import io.larder.config.bind.Values;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The keys that say to which upstream a route's requests go. */
final class DestinationKeys {
    static final Key<RouteConfig, Destination> UPSTREAM = Key.optional(
            "upstream",
            new Destinations(),
            route -> route.action() instanceof Forward forward ? forward.destination() : null,
            "Name of the upstream, where it is not the site's; or a map of several with the share of clients of each.");
    static final Key<RouteConfig, String> WRITES = Key.optional(
            "writes",
            new Reference("upstream"),
            route -> written(route, Writes::upstream),
            "Name of the upstream for requests that change something (all but GET, HEAD, OPTIONS and TRACE).");
    static final Key<RouteConfig, Duration> READ_YOUR_WRITES = Key.optional(
            "read-your-writes",
            Scalars.TIMEOUT,
            route -> written(route, Writes::readYours),
            "How long after a write that client's reads go there too, past the cache; absent: not at all.");

    private DestinationKeys() {}

    static @Nullable Writes writes(Values<RouteConfig> values) {
        String upstream = values.find(WRITES);
        if (upstream == null && values.wrote(READ_YOUR_WRITES)) {
            values.error(READ_YOUR_WRITES, "'read-your-writes' has no effect without 'writes'", "add writes: NAME");
        }
        return upstream == null ? null : new Writes(upstream, values.find(READ_YOUR_WRITES));
    }

    private static <T> @Nullable T written(RouteConfig route, Key.Getter<Writes, T> part) {
        Writes writes = route.action() instanceof Forward forward ? forward.writes() : null;
        return writes == null ? null : part.of(writes);
    }
}
