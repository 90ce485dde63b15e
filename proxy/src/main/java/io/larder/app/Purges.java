package io.larder.app;

import io.larder.admin.PurgeOrder;
import io.larder.admin.PurgeReport;
import io.larder.admin.Purging;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.gateway.StoredUrls;
import io.larder.http.Authority;
import io.larder.http.Target;
import io.larder.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Carries out what operators purge, on this node, which is all there are. */
final class Purges implements Purging {
    private static final String NODE = "local";

    private final Store store;
    private final Supplier<StoredUrls> urls;

    /** @param urls under which names the present configuration stores */
    Purges(Store store, Supplier<StoredUrls> urls) {
        this.store = store;
        this.urls = urls;
    }

    @Override
    public CompletionStage<PurgeReport> purge(PurgeOrder order) {
        long began = System.nanoTime();
        CompletableFuture<Store.Purged> total = CompletableFuture.completedFuture(new Store.Purged(Position.START, 0));
        for (Purge purge : purges(order)) {
            total = total.thenCombine(store.purge(purge), Purges::sum);
        }
        return total.thenApply(purged -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new PurgeReport(purged.position().toString(), purged.matched(), Map.of(NODE, took), List.of(), took);
        });
    }

    private static Store.Purged sum(Store.Purged a, Store.Purged b) {
        Position later = b.position().isAfter(a.position()) ? b.position() : a.position();
        return new Store.Purged(later, a.matched() + b.matched());
    }

    private List<Purge> purges(PurgeOrder order) {
        if (order.all()) {
            return List.of(new Purge.All());
        }
        Set<Purge> purges = new LinkedHashSet<>();
        order.urls().forEach(url -> purges.addAll(urls.get().of(url)));
        order.prefixes().forEach(prefix -> purges.add(prefix(prefix)));
        for (Authority host : order.hosts()) {
            purges.add(new Purge.Host(host.toString()));
        }
        return new ArrayList<>(purges);
    }

    private static Purge prefix(Target prefix) {
        return new Purge.Prefix(prefix.authority().normalised(prefix.scheme()).toString(), prefix.pathAndQuery());
    }
}
