package io.larder.gateway;

import io.larder.coherence.Purge;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import io.larder.route.Route;
import io.larder.route.RouteTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Under which names the responses for a URL are stored: the route that a request for it takes decides what its key keeps. */
public final class StoredUrls {
    private final RouteTable table;
    private final List<String> listeners;

    /** @param listeners the names of all listeners: a host may belong to another site on each */
    public StoredUrls(RouteTable table, List<String> listeners) {
        this.table = table;
        this.listeners = List.copyOf(listeners);
    }

    /** What to purge for {@code target} to be gone: under its own spelling, and under every route's key for it. */
    public Set<Purge.Url> of(Target target) {
        Set<Purge.Url> urls = new LinkedHashSet<>();
        urls.add(url(KeyRules.PLAIN, target));
        for (String listener : listeners) {
            for (Route route : table.candidates(listener, target)) {
                if (route.cache() != null) {
                    urls.add(url(route.cache().rules().key(), target));
                }
            }
        }
        return urls;
    }

    /** The authority of {@code target} as it stands in keys. */
    static String authority(Target target) {
        return target.authority().normalised(target.scheme()).toString();
    }

    private static Purge.Url url(KeyRules rules, Target target) {
        CacheKey key = CacheKey.of(rules.query(), target);
        return new Purge.Url(key.authority().toString(), key.pathAndQuery());
    }
}
