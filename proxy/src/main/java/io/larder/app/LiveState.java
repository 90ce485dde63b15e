package io.larder.app;

import io.larder.admin.State;
import io.larder.coherence.NodeName;
import io.larder.config.LarderConfig;
import io.larder.config.RouteAction;
import io.larder.config.RouteCacheConfig;
import io.larder.config.RouteConfig;
import io.larder.config.SiteConfig;
import io.larder.config.load.EffectiveConfig;
import io.larder.exchange.Shared;
import io.larder.netty.Transport;
import io.larder.store.Announcement;
import io.larder.store.FleetView;
import io.larder.store.NodeView;
import io.larder.telemetry.Metrics;
import io.larder.telemetry.Readings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the gateway says of itself. */
@Shared
final class LiveState implements State {
    private final String version;
    private final Transport transport;
    private final Live live;
    private final LiveReadings readings;
    private final Metrics metrics;
    private final Instant started;
    private volatile Phase phase = Phase.STARTING; // changed under the lock of this
    private volatile List<Listener> listeners = List.of();

    LiveState(String version, Transport transport, Live live, LiveReadings readings, Metrics metrics) {
        this.version = version;
        this.transport = transport;
        this.live = live;
        this.readings = readings;
        this.metrics = metrics;
        this.started = Instant.now();
    }

    /** These ports are open. */
    void listening(List<Listener> open) {
        listeners = List.copyOf(open);
    }

    /** Requests are answered, though better sent to others still. */
    void serving() {
        advance(Phase.STARTING, Phase.WARMING);
    }

    /** Requests are welcome, unless the end has come first. */
    void ready() {
        advance(Phase.WARMING, Phase.READY);
    }

    private synchronized void advance(Phase from, Phase to) {
        if (phase == from) {
            phase = to;
        }
    }

    synchronized void draining() {
        phase = Phase.DRAINING;
    }

    @Override
    public Readiness readiness() {
        return switch (phase) {
            case STARTING -> new Readiness(false, "starting");
            case WARMING -> new Readiness(false, "warming");
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
                configuration(),
                listeners,
                readings.tiers(),
                coherence(readings.store().node()),
                metrics.outcomes(),
                upstreams(),
                readings.guarded());
    }

    private Configuration configuration() {
        Live.History history = live.history();
        return new Configuration(
                configured().files().stream().map(Path::toString).toList(),
                history.loaded(),
                history.problem() == null,
                history.problem(),
                live.restartNeeded());
    }

    private LarderConfig configured() {
        return live.now().config();
    }

    private static Coherence coherence(NodeView node) {
        return switch (node) {
            case NodeView.Alone alone -> new Coherence(Mode.SINGLE, true, null, null);
            case NodeView.Following following ->
                new Coherence(Mode.SHARED, following.current(), millis(following.lag()), following.epoch());
        };
    }

    @Override
    public CompletionStage<Nodes> nodes() {
        return switch (readings.store().node()) {
            case NodeView.Alone alone -> CompletableFuture.completedFuture(alone());
            case NodeView.Following self -> readings.store().fleet().thenApply(fleet -> shared(self, fleet));
        };
    }

    private static Nodes alone() {
        String name = Announcement.LOCAL;
        return new Nodes(
                Mode.SINGLE,
                new Self(name, true, null, null, null),
                null,
                null,
                List.of(new Node(name, true, null, null, null, null)));
    }

    private static Nodes shared(NodeView.Following node, Optional<FleetView> fleet) {
        List<String> names = fleet.stream()
                .flatMap(known -> known.nodes().stream().map(FleetView.Node::name))
                .toList();
        UnaryOperator<String> shown = NodeName.among(names);
        Self self = new Self(
                shown.apply(node.node()),
                node.current(),
                millis(node.lag()),
                node.maxLag().toMillis(),
                word(node.whenLagging()));
        Contact redis = new Contact(node.unreached() == null, millis(node.unreached()));
        PurgeLog log = fleet.map(known -> new PurgeLog(
                        known.epoch(),
                        known.floor(),
                        known.last(),
                        known.unsettled().toMillis()))
                .orElse(null);
        List<Node> nodes = fleet.map(known -> known.nodes().stream()
                        .map(other -> node(other, node.node(), shown))
                        .toList())
                .orElse(List.of(new Node(shown.apply(node.node()), true, null, null, null, null)));
        return new Nodes(Mode.SHARED, self, redis, log, nodes);
    }

    private static Node node(FleetView.Node node, String self, UnaryOperator<String> shown) {
        return new Node(
                shown.apply(node.name()),
                node.name().equals(self),
                node.cursor(),
                node.behind(),
                node.lag().toMillis(),
                node.lease().toMillis());
    }

    private static @Nullable Long millis(@Nullable Duration time) {
        return time == null ? null : time.toMillis();
    }

    @Override
    public String config() {
        return EffectiveConfig.render(configured());
    }

    @Override
    public List<Upstream> upstreams() {
        Map<String, List<Readings.Server>> servers =
                readings.servers().stream().collect(Collectors.groupingBy(Readings.Server::upstream));
        return configured().upstreams().values().stream()
                .map(upstream -> new Upstream(
                        upstream.name(),
                        word(upstream.balancing().balance()),
                        servers.getOrDefault(upstream.name(), List.of())))
                .toList();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public List<Site> sites() {
        return configured().sites().values().stream()
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
            case RouteAction.Forward forward ->
                new Route(
                        route.name(),
                        route.path(),
                        "proxy",
                        cached,
                        SiteTranslation.upstream(site, forward.destination()),
                        place);
            case RouteAction.Redirect redirect -> new Route(route.name(), route.path(), "redirect", false, null, place);
            case RouteAction.Respond respond -> new Route(route.name(), route.path(), "respond", false, null, place);
        };
    }

    @Override
    public Optional<String> metrics() {
        return configured().metrics().prometheus() ? Optional.of(metrics.scrape()) : Optional.empty();
    }
}
