package io.larder.app;

import io.larder.admin.Events;
import io.larder.admin.PurgeOrder;
import io.larder.admin.PurgeReport;
import io.larder.admin.Purging;
import io.larder.coherence.NodeName;
import io.larder.coherence.Purge;
import io.larder.exchange.Exchange;
import io.larder.gateway.StoredUrls;
import io.larder.http.Authority;
import io.larder.http.Glob;
import io.larder.store.Announcement;
import io.larder.store.NodeView;
import io.larder.store.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what operators purge: on this node, and on all that share its log. */
final class Purges implements Purging {
    private static final Logger LOG = LoggerFactory.getLogger(Purges.class);
    private static final int NAMED = 10;
    private static final Duration COUNTING = Duration.ofMillis(250); // what an answer waits for the count at most
    private static final Duration COUNTING_MANY = Duration.ofMillis(5); // and once it is of more than
    private static final int MANY = 1_000;

    private final Store store;
    private final Supplier<StoredUrls> urls;
    private final InstantSource clock;
    private final Events events;

    /** @param urls under which names the present configuration stores */
    Purges(Store store, Supplier<StoredUrls> urls, InstantSource clock, Events events) {
        this.store = store;
        this.urls = urls;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public CompletionStage<PurgeReport> purge(PurgeOrder order, Exchange exchange) {
        long began = System.nanoTime();
        Set<Purge> purges = purges(order.what());
        CompletionStage<PurgeReport> report =
                order.dryRun() ? rehearsed(purges, began) : paced(order, purges, exchange, began);
        return report.whenComplete((done, failure) -> {
            if (done != null) {
                note(order, done);
            }
        });
    }

    private CompletionStage<PurgeReport> rehearsed(Set<Purge> purges, long began) {
        return store.wouldPurge(purges).thenApply(counted -> {
            Duration took = since(began);
            String position = counted.position().toString();
            return switch (store.node()) {
                case NodeView.Alone alone -> counted(position, counted.matched(), Announcement.LOCAL, took);
                // this node's own counting means nothing to others, and no log has taken anything
                case NodeView.Following self -> counted(null, counted.matched(), NodeName.given(self.node()), took);
            };
        });
    }

    private static PurgeReport counted(@Nullable String position, long matched, String node, Duration took) {
        return new PurgeReport(position, matched, true, true, Map.of(node, took), List.of(), null, took);
    }

    private CompletionStage<PurgeReport> paced(PurgeOrder order, Set<Purge> purges, Exchange exchange, long began) {
        return switch (order.pace()) {
            case null -> carriedOut(order, purges, exchange, began);
            case PurgeOrder.Pace.Over(Duration time) -> carriedOut(order, spread(purges, time), exchange, began);
            // each node has its share of what is asked for, and what one of them fetches the others have
            case PurgeOrder.Pace.PerSecond(int requests) ->
                store.wouldPurge(purges)
                        .thenCompose(counted -> carriedOut(
                                order,
                                spread(purges, Duration.ofSeconds(Math.ceilDiv(counted.matched(), requests))),
                                exchange,
                                began));
        };
    }

    private Set<Purge> spread(Set<Purge> purges, Duration time) {
        long from = clock.millis();
        return purges.stream()
                .map(purge -> new Purge.Gradual(purge, from, time.toMillis()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private CompletionStage<PurgeReport> carriedOut(
            PurgeOrder order, Set<Purge> purges, Exchange exchange, long began) {
        Announcement purge = store.purge(purges, order.soft() ? Purge.Mode.SOFT : Purge.Mode.HARD);
        return purge.within(order.patience(), exchange)
                .thenCompose(how -> counted(purge)
                        .thenApply(counted -> new PurgeReport(
                                how.position(),
                                purge.matched(),
                                counted,
                                false,
                                how.confirmed(),
                                how.missing(),
                                how.reason(),
                                since(began))));
    }

    /** Whether all has been counted; of very many nobody waits for that. */
    private static CompletionStage<Boolean> counted(Announcement purge) {
        return purge.counted(COUNTING_MANY)
                .thenCompose(all -> all || purge.matched() > MANY
                        ? CompletableFuture.completedFuture(all)
                        : purge.counted(COUNTING.minus(COUNTING_MANY)));
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void note(PurgeOrder order, PurgeReport report) {
        if (!order.dryRun()) {
            events.publish(
                    "purge",
                    Map.of(
                            "what", said(order.what()),
                            "soft", order.soft(),
                            "matched", report.matched(),
                            "complete", report.isComplete()));
        }
        if (report.isComplete()) {
            LOG.info("{} {}: {} stored responses", deed(order), said(order.what()), report.matched());
        } else {
            LOG.warn(
                    "{} {}: {} stored responses here; not complete: {} {}",
                    deed(order),
                    said(order.what()),
                    report.matched(),
                    report.reason(),
                    report.missing());
        }
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
