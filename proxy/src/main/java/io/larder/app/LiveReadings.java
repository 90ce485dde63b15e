package io.larder.app;

import io.larder.gateway.Flights;
import io.larder.netty.Buffers;
import io.larder.store.NodeView;
import io.larder.store.Rates;
import io.larder.store.SharedStats;
import io.larder.store.Store;
import io.larder.store.TieredStore;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import io.larder.upstream.ServerStats;
import io.larder.upstream.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What metrics read of the parts that count for themselves. */
record LiveReadings(
        Store store, @Nullable Sharing sharing, Rates rates, Flights flights, Live live, GuardFindings findings)
        implements Readings {
    @Override
    public List<Tier> tiers() {
        Store.Stats stats = store.stats();
        return List.of(new Tier("local", stats.bytes(), stats.capacity(), stats.entries(), stats.evictions()));
    }

    @Override
    public Optional<Fleet> fleet() {
        return Optional.ofNullable(sharing).map(LiveReadings::fleet);
    }

    private static Fleet fleet(Sharing sharing) {
        TieredStore store = sharing.store();
        SharedStats tier = store.sharedStats();
        io.larder.store.Fleet.Stats fleet = sharing.fleet().stats();
        return new Fleet(
                store.isShared(),
                store.isInStep(),
                lag(store.node()),
                new Lookups(tier.hits(), tier.misses(), tier.failed(), tier.foreign()),
                new Writes(tier.written(), tier.dropped(), tier.waiting()),
                leases(fleet.leases()),
                fleet.warmedKeys());
    }

    private static Leases leases(io.larder.store.Leases.Stats leases) {
        return new Leases(leases.taken(), leases.waited(), leases.lost(), leases.timedOut());
    }

    private static double lag(NodeView node) {
        Duration lag = node instanceof NodeView.Following following ? following.lag() : null;
        return lag == null ? Double.NaN : lag.toNanos() / 1e9;
    }

    @Override
    public Purges purges() {
        Store.Stats stats = store.stats();
        return new Purges(
                store.purges().stream()
                        .map(purges -> new Purges.Orders(word(purges.kind()), word(purges.mode()), purges.purges()))
                        .toList(),
                stats.softened(),
                stats.purged());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<Server> servers() {
        List<Server> servers = new ArrayList<>();
        for (Map.Entry<String, List<ServerStats>> upstream :
                live.now().backends().stats(System.nanoTime()).entrySet()) {
            upstream.getValue().forEach(stats -> servers.add(server(upstream.getKey(), stats)));
        }
        return servers;
    }

    private static Server server(String upstream, ServerStats stats) {
        long failures =
                stats.failures().values().stream().mapToLong(Long::longValue).sum();
        return new Server(
                upstream,
                stats.address(),
                word(stats.standing()),
                stats.standing() == Standing.UP,
                stats.endpoint().weight(),
                stats.endpoint().isBackup(),
                stats.connections(),
                stats.capacity(),
                stats.inFlight(),
                stats.pending(),
                stats.queue().waits(),
                stats.queue().waited().toNanos() / 1e9,
                stats.requests(),
                failures);
    }

    @Override
    public Fetches fetches() {
        return new Fetches(flights.count(), flights.bytes(), flights.capacity());
    }

    @Override
    public long ratesDecidedAlone() {
        return rates.decidedAlone();
    }

    @Override
    public List<GuardedRoute> guarded() {
        return findings.routes();
    }

    @Override
    public Config config() {
        Live.History history = live.history();
        return new Config(history.loaded(), history.reloads(), history.failures(), history.problem() == null);
    }

    @Override
    public long directMemory() {
        return Buffers.directMemory();
    }
}
