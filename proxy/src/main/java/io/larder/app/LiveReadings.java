package io.larder.app;

import io.larder.gateway.Flights;
import io.larder.netty.Buffers;
import io.larder.store.Store;
import io.larder.telemetry.GuardFindings;
import io.larder.telemetry.GuardedRoute;
import io.larder.telemetry.Readings;
import io.larder.upstream.ServerStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What metrics read of the parts that count for themselves. */
record LiveReadings(Store store, Flights flights, Backends backends, GuardFindings findings, Instant loaded)
        implements Readings {
    @Override
    public List<Tier> tiers() {
        Store.Stats stats = store.stats();
        return List.of(new Tier("local", stats.bytes(), stats.capacity(), stats.entries(), stats.evictions()));
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
                backends.stats(System.nanoTime()).entrySet()) {
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
                stats.ejectedFor().isZero(),
                stats.connections(),
                stats.inFlight(),
                stats.requests(),
                failures);
    }

    @Override
    public Fetches fetches() {
        return new Fetches(flights.count(), flights.bytes(), flights.capacity());
    }

    @Override
    public List<GuardedRoute> guarded() {
        return findings.routes();
    }

    @Override
    public Config config() {
        return new Config(loaded, 0, 0, true);
    }

    @Override
    public long directMemory() {
        return Buffers.directMemory();
    }
}
