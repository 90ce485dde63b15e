package io.larder.app;

import io.larder.admin.Draining;
import io.larder.config.LarderConfig;
import io.larder.config.UpstreamConfig;
import io.larder.gateway.Origin;
import io.larder.gateway.Retrying;
import io.larder.netty.Loops;
import io.larder.upstream.News;
import io.larder.upstream.ServerStats;
import io.larder.upstream.Upstream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The live upstreams of a configuration, by name. Immutable. */
final class Backends implements Draining {
    private final Map<String, Upstream> upstreams = new LinkedHashMap<>();
    private final Map<String, Origin> origins = new HashMap<>();

    private final byte[] key;

    private Backends(byte[] key) {
        this.key = key;
    }

    /**
     * Brings the upstreams of {@code config} to life. Blocks while names are looked up.
     *
     * @param key signs what clients are bound by, where no file is named
     */
    static Backends of(LarderConfig config, Loops loops, IntUnaryOperator random, byte[] key) {
        Backends all = new Backends(key);
        config.upstreams().forEach((name, upstream) -> all.upstreams.put(name, upstream(upstream, loops, random)));
        config.upstreams().values().forEach(upstream -> all.addOrigin(upstream, config));
        return all;
    }

    private static Upstream upstream(UpstreamConfig config, Loops loops, IntUnaryOperator random) {
        return new Upstream(
                UpstreamTranslation.settings(config),
                UpstreamTranslation.servers(config),
                loops,
                random,
                News.NONE);
    }

    /** Adds the way to an upstream, and before it the way to whoever answers for it. */
    private Origin addOrigin(UpstreamConfig config, LarderConfig all) {
        Origin known = origins.get(config.name());
        if (known != null) {
            return known;
        }
        Upstream upstream = upstream(config.name());
        String fallback = config.fallback();
        Origin origin = new Origin(
                new Retrying(upstream, UpstreamTranslation.retries(config.retry())),
                UpstreamTranslation.host(config.wire().host()),
                fallback == null ? null : new Origin.Standby(upstream, addOrigin(all.upstream(fallback), all)),
                StickyTranslation.of(config, key));
        origins.put(config.name(), origin);
        return origin;
    }

    private Upstream upstream(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("no upstream is called " + name);
        }
        return upstream;
    }

    /** The way to an upstream that the configuration names. */
    Origin origin(String name) {
        Origin origin = origins.get(name);
        if (origin == null) {
            throw new IllegalArgumentException("no upstream is called " + name);
        }
        return origin;
    }

    /** What the servers are doing, by upstream, in the order of the configuration. */
    Map<String, List<ServerStats>> stats(long nanos) {
        Map<String, List<ServerStats>> stats = new LinkedHashMap<>();
        upstreams.forEach((name, upstream) -> stats.put(name, upstream.stats(nanos)));
        return stats;
    }

    @Override
    public Outcome drain(String upstream, String server, boolean out) {
        Upstream named = upstreams.get(upstream);
        if (named == null) {
            return Outcome.NO_SUCH_UPSTREAM;
        }
        return named.drain(server, out) ? Outcome.DONE : Outcome.NO_SUCH_SERVER;
    }

    void retire() {
        upstreams.values().forEach(Upstream::retire);
    }
}
