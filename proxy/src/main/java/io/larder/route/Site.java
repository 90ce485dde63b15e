package io.larder.route;

import io.larder.http.Authority;
import io.larder.http.Target;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A web site behind the gateway.
 *
 * @param hosts names it answers to, {@code *.example.com} for all below one; empty: any
 * @param canonicalHost the one that all of them are keyed and forwarded as; null: each for itself
 * @param listeners it is reached through; empty: all
 * @param routes in the order in which they are tried
 * @param admission who is let in where no route takes the request
 */
public record Site(
        String name,
        List<String> hosts,
        @Nullable Authority canonicalHost,
        Set<String> listeners,
        List<Route> routes,
        Admission admission) {
    /** A site that everybody may use. */
    public Site(
            String name,
            List<String> hosts,
            @Nullable Authority canonicalHost,
            Set<String> listeners,
            List<Route> routes) {
        this(name, hosts, canonicalHost, listeners, routes, Admission.OPEN);
    }

    public Site {
        hosts = List.copyOf(hosts);
        listeners = Set.copyOf(listeners);
        routes = List.copyOf(routes);
    }

    /** {@link #hosts} as they are compared: in lower case, without a dot at the end. */
    public List<String> names() {
        return hosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .map(host -> host.endsWith(".") ? host.substring(0, host.length() - 1) : host)
                .toList();
    }

    /** {@code target} as it is keyed, forwarded and purged here: under the canonical host, where there is one. */
    public Target canonical(Target target) {
        Authority host = canonicalHost == null ? target.authority() : canonicalHost;
        return target.withAuthority(host.normalised(target.scheme()));
    }

    /**
     * What tells the stored responses of {@code route}, one of these, from those of another route or site that may answer
     * to the same URL; empty where the URL alone does.
     */
    public String partition(Route route) {
        String own = listeners.isEmpty() ? "" : name + ":";
        FragmentPlan fragments = route.fragments();
        return own + route.conditions().partition() + (fragments == null ? "" : fragments.partition());
    }
}
