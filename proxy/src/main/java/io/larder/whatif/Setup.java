package io.larder.whatif;

import io.larder.route.HttpsRule;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import io.larder.route.Site;
import io.larder.route.Stickiness;
import io.larder.route.TrustedProxies;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as far as it decides over requests.
 *
 * @param listeners the names of all, in order
 * @param purging by which methods clients of a site purge, by its name
 * @param https what a site does about clients who come in the clear, by its name
 * @param sticky how clients are bound to servers, by upstream; of those where they are
 */
public record Setup(
        RouteTable table,
        List<String> listeners,
        TrustedProxies trusted,
        Map<String, Set<String>> purging,
        Map<String, HttpsRule> https,
        Map<String, Stickiness> sticky,
        Signposts signposts) {
    public Setup {
        listeners = List.copyOf(listeners);
        purging = Map.copyOf(purging);
        https = Map.copyOf(https);
        sticky = Map.copyOf(sticky);
    }

    /** One that binds nobody to a server. */
    public Setup(
            RouteTable table,
            List<String> listeners,
            TrustedProxies trusted,
            Map<String, Set<String>> purging,
            Signposts signposts) {
        this(table, listeners, trusted, purging, Map.of(), Map.of(), signposts);
    }

    /** Where things are written, as {@code file:line:column}; null where they are not. */
    public interface Signposts {
        @Nullable
        String site(Site site);

        @Nullable
        String upstream(String name);

        /** A key of a route's {@code cache}, such as {@code ttl} or {@code key.query.ignore}; empty for all of it. */
        @Nullable
        String cacheKey(Site site, Route route, String key);

        /** A key of the whole file, by its path, such as {@code cache.max-object}. */
        @Nullable
        String key(String path);
    }
}
