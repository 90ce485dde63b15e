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
import io.larder.upstream.UpstreamSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The live upstreams of a configuration, by name. Immutable. */
final class Backends implements Draining {
    /** An upstream and the way to it. */
    private record Backend(Upstream upstream, Origin origin) {}

    private final Map<String, Backend> backends = new LinkedHashMap<>();

    private Backends() {}

    /** Brings the upstreams of {@code config} to life. Blocks while names are looked up. */
    static Backends of(LarderConfig config, Loops loops, IntUnaryOperator random) {
        Backends all = new Backends();
        config.upstreams().forEach((name, upstream) -> all.backends.put(name, backend(upstream, loops, random)));
        return all;
    }

    private static Backend backend(UpstreamConfig config, Loops loops, IntUnaryOperator random) {
        UpstreamSettings settings = UpstreamTranslation.settings(config);
        Upstream upstream = new Upstream(settings, UpstreamTranslation.servers(config), loops, random, News.NONE);
        Origin origin = new Origin(
                new Retrying(upstream, UpstreamTranslation.retries(config.retry())),
                UpstreamTranslation.host(config.wire().host()));
        return new Backend(upstream, origin);
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

    @Override
    public Outcome drain(String upstream, String server, boolean out) {
        Backend backend = backends.get(upstream);
        if (backend == null) {
            return Outcome.NO_SUCH_UPSTREAM;
        }
        return backend.upstream().drain(server, out) ? Outcome.DONE : Outcome.NO_SUCH_SERVER;
    }

    void retire() {
        backends.values().forEach(backend -> backend.upstream().retire());
    }
}
