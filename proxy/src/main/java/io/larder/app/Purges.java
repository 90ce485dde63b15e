package io.larder.app;

import io.larder.admin.PurgeOrder;
import io.larder.admin.PurgeReport;
import io.larder.admin.Purging;
import io.larder.coherence.Purge;
import io.larder.gateway.StoredUrls;
import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        Set<Purge> purges = purges(order.what());
        Purge.Mode mode = order.soft() ? Purge.Mode.SOFT : Purge.Mode.HARD;
        CompletionStage<Store.Purged> done = order.dryRun() ? store.wouldPurge(purges) : store.purge(purges, mode);
        return done.thenApply(purged -> {
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            LOG.info("{} {}: {} stored responses", deed(order), said(order.what()), purged.matched());
            return new PurgeReport(
                    purged.position().toString(),
                    purged.matched(),
                    order.dryRun(),
                    Map.of(NODE, took),
                    List.of(),
                    took);
        });
    }

    private static String deed(PurgeOrder order) {
        String deed = order.soft() ? "made stale" : "purged";
        return order.dryRun() ? "would have " + deed : deed;
    }

    /** For those who wonder later where it all went. All of it was read strictly: it holds no control characters. */
    private static String said(PurgeOrder.What what) {
        if (what.all()) {
            return "everything";
        }
        String first = Stream.of(
                        what.urls().stream().map(url -> url.authority() + url.pathAndQuery()),
                        what.tags().stream().map(tag -> "tag " + text(tag)),
                        what.prefixes().stream().map(url -> url.authority() + url.pathAndQuery() + "*"),
                        what.matches().stream().map(Glob::pattern),
                        what.hosts().stream().map(Authority::toString))
                .flatMap(names -> names)
                .limit(NAMED)
                .collect(Collectors.joining(" "));
        return what.size() <= NAMED ? first : first + " and " + (what.size() - NAMED) + " more";
    }

    /** A tag as people write it. */
    private static String text(String octets) {
        return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private Set<Purge> purges(PurgeOrder.What what) {
        if (what.all()) {
            return Set.of(new Purge.All());
        }
        Set<Purge> purges = new LinkedHashSet<>();
        what.urls().forEach(url -> purges.addAll(urls.get().of(url)));
        what.tags().forEach(tag -> purges.add(new Purge.Tag(tag)));
        what.prefixes().forEach(prefix -> purges.addAll(urls.get().under(prefix)));
        what.matches().forEach(pattern -> purges.addAll(urls.get().matching(pattern)));
        what.hosts().forEach(host -> purges.addAll(urls.get().at(host)));
        return purges;
    }
}
