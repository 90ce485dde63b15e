package io.larder.app;

import io.larder.config.LarderConfig;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.Origin;
import io.larder.gateway.Retrying;
import io.larder.netty.Loops;
import io.larder.upstream.ServerStats;
import io.larder.upstream.Upstream;
import io.larder.upstream.UpstreamSettings;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The live upstreams of a configuration, by name. Immutable. */
final class Backends {
    /** Those of no configuration. */
    static final Backends NONE = new Backends(Map.of());

    /** An upstream and the way to it. */
    private record Backend(UpstreamConfig config, Upstream upstream, Origin origin) {}

    private final Map<String, Backend> backends;

    private Backends(Map<String, Backend> backends) {
        this.backends = backends;
    }

    /**
     * Brings the upstreams of {@code config} to life. Those that {@code previous} has in the same form live on, with their
     * connections and all that is known of their servers. Blocks while names are looked up.
     */
    static Backends of(LarderConfig config, Backends previous, Loops loops, IntUnaryOperator random) {
        Map<String, Backend> all = new LinkedHashMap<>();
        try {
            config.upstreams()
                    .forEach((name, upstream) ->
                            all.put(name, backend(upstream, previous.backends.get(name), loops, random)));
        } catch (RuntimeException failure) {
            new Backends(all).retireUnless(previous);
            throw failure;
        }
        return new Backends(Collections.unmodifiableMap(all));
    }

    private static Backend backend(
            UpstreamConfig config, @Nullable Backend previous, Loops loops, IntUnaryOperator random) {
        if (previous != null && previous.config().equals(config)) {
            return previous;
        }
        Upstream upstream = upstream(UpstreamTranslation.settings(config), previous, loops, random);
        Origin origin = new Origin(
                new Retrying(upstream, UpstreamTranslation.retries(config.retry())),
                UpstreamTranslation.host(config.host()));
        return new Backend(config, upstream, origin);
    }

    /** The one place that decides whether an upstream lives on. */
    private static Upstream upstream(
            UpstreamSettings settings, @Nullable Backend previous, Loops loops, IntUnaryOperator random) {
        if (previous != null && previous.upstream().settings().equals(settings)) {
            return previous.upstream();
        }
        return new Upstream(settings, loops, random);
    }

    /** The way to an upstream that the configuration names. */
    Origin origin(String name) {
        Backend backend = backends.get(name);
        if (backend == null) {
            throw new IllegalArgumentException("no upstream is called " + name);
        }
        return backend.origin();
    }

    /** What the servers are doing, by upstream, in the order of the configuration. */
    Map<String, List<ServerStats>> stats(long nanos) {
        Map<String, List<ServerStats>> stats = new LinkedHashMap<>();
        backends.forEach((name, backend) -> stats.put(name, backend.upstream().stats(nanos)));
        return stats;
    }

    /** Lets go of all but those that live on in {@code next}; requests that they have finish. */
    void retireUnless(Backends next) {
        Set<Upstream> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        next.backends.values().forEach(backend -> kept.add(backend.upstream()));
        backends.values().stream()
                .map(Backend::upstream)
                .filter(upstream -> !kept.contains(upstream))
                .forEach(Upstream::retire);
    }
}
