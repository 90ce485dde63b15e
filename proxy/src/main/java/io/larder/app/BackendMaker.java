package io.larder.app;

import io.larder.config.Discovery;
import io.larder.config.Members;
import io.larder.config.UpstreamConfig;
import io.larder.http.Bytes;
import io.larder.netty.Loops;
import io.larder.upstream.News;
import io.larder.upstream.Upstream;
import io.larder.upstream.UpstreamSettings;
import io.larder.upstream.UpstreamSettings.ServerSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings single upstreams to life. A value.
 *
 * @param news is told how all servers do
 * @param aside writes to the log, so that loops do not
 * @param key signs what clients are bound by, where no file is named
 */
record BackendMaker(
        Loops loops, Discoveries discoveries, IntUnaryOperator random, News news, Executor aside, Bytes key) {
    /** Servers that are written, and stay. */
    private record Written(List<ServerSettings> servers) implements Membership {
        @Override
        public void start(Upstream upstream) {
            upstream.use(servers);
        }

        @Override
        public void await(Duration most) {}

        @Override
        public void close() {}
    }

    /**
     * What {@code config} describes; as much of it as can be is {@code previous}. Blocks while listed names are looked up; a
     * source that finds servers is started.
     *
     * @throws StartFailure where servers are listed that cannot be found, or files are of no use
     */
    Backend backend(UpstreamConfig config, @Nullable Backend previous) {
        UpstreamSettings settings = UpstreamTranslation.settings(config);
        boolean same = previous != null && previous.upstream().settings().equals(settings);
        if (previous != null && same) {
            return new Backend(config, previous.upstream(), membership(config, previous));
        }
        return switch (config.members()) {
            case Members.Listed(List<Members.Server> servers) -> listed(config, settings, new ListedServers(servers));
            case Members.Discovered(Discovery by) -> discovered(config, settings, by, known(previous));
        };
    }

    /** Who says which servers an upstream has that lives on: the same as before, where the same is said of them. */
    private Membership membership(UpstreamConfig config, Backend previous) {
        if (previous.config().members().equals(config.members())) {
            return previous.membership();
        }
        return switch (config.members()) {
            case Members.Listed(List<Members.Server> servers) -> {
                ListedServers listed = new ListedServers(servers);
                yield membership(config, listed, listed.lookedUp());
            }
            case Members.Discovered(Discovery by) -> found(config, by);
        };
    }

    private Backend listed(UpstreamConfig config, UpstreamSettings settings, ListedServers listed) {
        List<ServerSettings> servers = listed.lookedUp();
        return new Backend(config, upstream(config, settings, servers), membership(config, listed, servers));
    }

    private Membership membership(UpstreamConfig config, ListedServers listed, List<ServerSettings> servers) {
        return listed.names().isEmpty()
                ? new Written(servers)
                : new Discovering(
                        config.name(),
                        aside,
                        discoveries.names(listed.names(), config),
                        new Lookups(listed, servers),
                        servers);
    }

    /** The servers that were there before: where nothing can be found now, these stay. */
    private static List<ServerSettings> known(@Nullable Backend previous) {
        return previous == null ? List.of() : previous.upstream().servers();
    }

    private Backend discovered(
            UpstreamConfig config, UpstreamSettings settings, Discovery by, List<ServerSettings> known) {
        Discovering found = found(config, by);
        Upstream upstream = upstream(config, settings, known);
        found.start(upstream);
        return new Backend(config, upstream, found);
    }

    private Upstream upstream(UpstreamConfig config, UpstreamSettings settings, List<ServerSettings> servers) {
        try {
            return new Upstream(settings, servers, loops, random, news);
        } catch (IllegalArgumentException e) {
            throw StartFailure.configuration(config.origin().place() + ": " + e.getMessage());
        }
    }

    private Discovering found(UpstreamConfig config, Discovery by) {
        return new Discovering(
                config.name(), aside, discoveries.discovery(by, config), Discovering::asFound, List.of());
    }
}
