package io.larder.app;

import io.larder.config.UpstreamConfig;
import io.larder.http.Bytes;
import io.larder.netty.Loops;
import io.larder.upstream.News;
import io.larder.upstream.Upstream;
import io.larder.upstream.UpstreamSettings;
import io.larder.upstream.UpstreamSettings.ServerSettings;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings single upstreams to life. A value.
 *
 * @param news is told how all servers do
 * @param key signs what clients are bound by, where no file is named
 */
record BackendMaker(Loops loops, IntUnaryOperator random, News news, Bytes key) {
    /** Servers that are written, and stay. */
    private record Written(List<ServerSettings> servers) implements Membership {
        @Override
        public void start(Upstream upstream) {
            upstream.use(servers);
        }

        @Override
        public void close() {}
    }

    /**
     * What {@code config} describes; as much of it as can be is {@code previous}. Blocks while servers are looked for.
     *
     * @throws StartFailure where servers are listed that cannot be found
     */
    Backend backend(UpstreamConfig config, @Nullable Backend previous) {
        if (previous != null && previous.config().equals(config)) {
            return previous;
        }
        UpstreamSettings settings = UpstreamTranslation.settings(config);
        List<ServerSettings> servers = UpstreamTranslation.servers(config);
        if (previous != null && previous.upstream().settings().equals(settings)) {
            return new Backend(config, previous.upstream(), new Written(servers));
        }
        return new Backend(config, new Upstream(settings, servers, loops, random, news), new Written(servers));
    }
}
