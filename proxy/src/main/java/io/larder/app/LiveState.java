package io.larder.app;

import io.larder.admin.State;
import io.larder.config.LarderConfig;
import io.larder.config.RouteAction;
import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.load.EffectiveConfig;
import io.larder.exchange.Shared;
import io.larder.netty.Transport;
import io.larder.telemetry.Metrics;
import io.larder.telemetry.Readings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the gateway says of itself. */
@Shared
final class LiveState implements State {
    private final String version;
    private final Transport transport;
    private final LarderConfig config;
    private final Readings readings;
    private final Metrics metrics;
    private final Instant started;
    private volatile Phase phase = Phase.STARTING;
    private volatile List<Listener> listeners = List.of();

    LiveState(String version, Transport transport, LarderConfig config, Readings readings, Metrics metrics) {
        this.version = version;
        this.transport = transport;
        this.config = config;
        this.readings = readings;
        this.metrics = metrics;
        this.started = Instant.now();
    }

    void serving(List<Listener> open) {
        listeners = List.copyOf(open);
        phase = Phase.READY;
    }

    void draining() {
        phase = Phase.DRAINING;
    }

    @Override
    public Readiness readiness() {
        return switch (phase) {
            case STARTING -> new Readiness(false, "starting");
            case READY -> new Readiness(true, "ready");
            case DRAINING -> new Readiness(false, "draining");
        };
    }

    @Override
    public Status status() {
        Instant now = Instant.now();
        return new Status(
                version,
                phase,
                started,
                Duration.between(started, now).toSeconds(),
                transport.name().toLowerCase(Locale.ROOT),
                new Configuration(config.files().stream().map(Path::toString).toList(), started, true, null),
                listeners,
                readings.tiers(),
                metrics.outcomes(),
                upstreams(),
                readings.guarded());
    }

    @Override
    public String config() {
        return EffectiveConfig.render(config);
    }

    @Override
    public List<Upstream> upstreams() {
        Map<String, List<Readings.Server>> servers =
                readings.servers().stream().collect(Collectors.groupingBy(Readings.Server::upstream));
        return config.upstreams().values().stream()
                .map(upstream -> new Upstream(
                        upstream.name(), word(upstream.balance()), servers.getOrDefault(upstream.name(), List.of())))
                .toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<Site> sites() {
        return config.sites().values().stream()
                .map(site -> new Site(
                        site.name(),
                        site.hosts(),
                        site.routes().stream().map(route -> route(site, route)).toList()))
                .toList();
    }

    private static Route route(SiteConfig site, RouteConfig route) {
        boolean cached = route.cache() instanceof RouteCacheConfig.On;
        String place = route.origin().place().toString();
        return switch (route.action()) {
            case RouteAction.Forward(String own, @Nullable String rewrite) ->
                new Route(route.name(), route.path(), "proxy", cached, own != null ? own : site.upstream(), place);
            case RouteAction.Redirect redirect -> new Route(route.name(), route.path(), "redirect", false, null, place);
            case RouteAction.Respond respond -> new Route(route.name(), route.path(), "respond", false, null, place);
        };
    }

    @Override
    public Optional<String> metrics() {
        return config.metrics().prometheus() ? Optional.of(metrics.scrape()) : Optional.empty();
    }
}
