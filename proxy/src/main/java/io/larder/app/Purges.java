package io.larder.app;

import io.larder.admin.PurgeOrder;
import io.larder.admin.PurgeReport;
import io.larder.admin.Purging;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.gateway.StoredUrls;
import io.larder.http.Authority;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what operators purge, on this node, which is all there are. */
final class Purges implements Purging {
    private static final Logger LOG = LoggerFactory.getLogger(Purges.class);
    private static final String NODE = "local";
    private static final int NAMED = 10;

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
            LOG.info("purged {}: {} stored responses", said(order), purged.matched());
            return new PurgeReport(purged.position().toString(), purged.matched(), Map.of(NODE, took), List.of(), took);
        });
    }

    /** For those who wonder later where it all went. URLs and hosts were read strictly: they hold visible ASCII only. */
    private static String said(PurgeOrder order) {
        if (order.all()) {
            return "everything";
        }
        Stream<String> urls = order.urls().stream().map(url -> url.authority() + url.pathAndQuery());
        Stream<String> prefixes = order.prefixes().stream().map(url -> url.authority() + url.pathAndQuery() + "*");
        Stream<String> hosts = order.hosts().stream().map(Authority::toString);
        int all = order.urls().size() + order.prefixes().size() + order.hosts().size();
        String first = Stream.of(urls, prefixes, hosts)
                .flatMap(names -> names)
                .limit(NAMED)
                .collect(Collectors.joining(" "));
        return all <= NAMED ? first : first + " and " + (all - NAMED) + " more";
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
        order.prefixes().forEach(prefix -> purges.addAll(urls.get().under(prefix)));
        order.hosts().forEach(host -> purges.addAll(urls.get().at(host)));
        return new ArrayList<>(purges);
    }
}
