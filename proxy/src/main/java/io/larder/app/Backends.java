package io.larder.app;

import io.larder.admin.Draining;
import io.larder.config.LarderConfig;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.Origin;
import io.larder.gateway.Retrying;
import io.larder.http.Bytes;
import io.larder.upstream.ServerStats;
import io.larder.upstream.Upstream;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The live upstreams of a configuration, by name. Immutable. */
final class Backends {
    /** Those of no configuration. */
    static final Backends NONE = new Backends(Map.of(), Map.of());

    private static final Duration PATIENCE = Duration.ofSeconds(5); // until servers are found for the first time

    private final Map<String, Backend> backends;
    private final Map<String, Origin> origins;

    private Backends(Map<String, Backend> backends, Map<String, Origin> origins) {
        this.backends = Collections.unmodifiableMap(backends);
        this.origins = Collections.unmodifiableMap(origins);
    }

    /**
     * Brings the upstreams of {@code config} to life. Those that {@code previous} has in the same form live on, with their
     * connections and all that is known of their servers; what changes for them waits for {@link #live}. Blocks while
     * servers are looked for.
     */
    static Backends of(LarderConfig config, Backends previous, BackendMaker maker) {
        Map<String, Backend> all = new LinkedHashMap<>();
        Map<String, Origin> origins = new HashMap<>();
        try {
            config.upstreams()
                    .forEach((name, upstream) -> all.put(name, maker.backend(upstream, previous.backends.get(name))));
            await(all.values());
            config.upstreams().values().forEach(upstream -> addOrigin(upstream, config, all, origins, maker.key()));
        } catch (RuntimeException failure) {
            new Backends(all, Map.of()).retireUnless(previous);
            throw failure;
        }
        return new Backends(all, origins);
    }

    /** Gives those whose servers are being looked for the same time to find some. */
    private static void await(Collection<Backend> all) {
        long began = System.nanoTime();
        for (Backend backend : all) {
            Duration waited = Duration.ofNanos(System.nanoTime() - began);
            backend.membership().await(PATIENCE.minus(waited.compareTo(PATIENCE) < 0 ? waited : PATIENCE));
        }
    }

    /** Adds the way to an upstream, and before it the way to whoever answers for it. */
    private static Origin addOrigin(
            UpstreamConfig config,
            LarderConfig whole,
            Map<String, Backend> all,
            Map<String, Origin> origins,
            Bytes key) {
        Origin known = origins.get(config.name());
        if (known != null) {
            return known;
        }
        Upstream upstream = named(config.name(), all).upstream();
        String fallback = config.fallback();
        Origin.Standby standby = fallback == null
                ? null
                : new Origin.Standby(upstream, addOrigin(whole.upstream(fallback), whole, all, origins, key));
        Origin origin = new Origin(
                new Retrying(upstream, UpstreamTranslation.retries(config.retry())),
                UpstreamTranslation.host(config.wire().host()),
                standby,
                StickyTranslation.of(config, upstream, key));
        origins.put(config.name(), origin);
        return origin;
    }

    private static <T> T named(String name, Map<String, T> all) {
        T one = all.get(name);
        if (one == null) {
            throw new IllegalArgumentException("no upstream is called " + name);
        }
        return one;
    }

    /** The way to an upstream that the configuration names. */
    Origin origin(String name) {
        return named(name, origins);
    }

    /** What the servers are doing, by upstream, in the order of the configuration. */
    Map<String, List<ServerStats>> stats(long nanos) {
        Map<String, List<ServerStats>> stats = new LinkedHashMap<>();
        backends.forEach((name, backend) -> stats.put(name, backend.upstream().stats(nanos)));
        return stats;
    }

    /** Takes a server out, or lets it in again. */
    Draining.Outcome drain(String upstream, String server, boolean out) {
        Backend backend = backends.get(upstream);
        if (backend == null) {
            return Draining.Outcome.NO_SUCH_UPSTREAM;
        }
        return backend.upstream().drain(server, out) ? Draining.Outcome.DONE : Draining.Outcome.NO_SUCH_SERVER;
    }

    /** Servers of upstreams that have been made anew are out where they are out now in {@code previous}. */
    void takeOutAs(Backends previous) {
        backends.forEach((name, backend) -> {
            Backend before = previous.backends.get(name);
            if (before != null && before.upstream() != backend.upstream()) {
                backend.upstream().takeOut(before.upstream().drained());
            }
        });
    }

    /** The upstreams that have been made anew though all that is written of them is as in {@code previous}. */
    List<String> renewed(Backends previous) {
        return backends.entrySet().stream()
                .filter(each -> isRenewed(each.getValue(), previous.backends.get(each.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isRenewed(Backend backend, @Nullable Backend before) {
        return before != null
                && before.upstream() != backend.upstream()
                && before.config().equals(backend.config());
    }

    /** Says nothing more of servers that {@code next} has another word on. */
    void silenceUnless(Backends next) {
        backends.forEach((name, backend) -> backend.silenceUnless(next.backends.get(name)));
    }

    /** The configuration is live: upstreams that live on get the servers that it says. */
    void live() {
        backends.values().forEach(Backend::live);
    }

    /** Lets go of all but those that live on in {@code next}; requests that they have finish. */
    void retireUnless(Backends next) {
        backends.forEach((name, backend) -> backend.retireUnless(next.backends.get(name)));
    }
}
