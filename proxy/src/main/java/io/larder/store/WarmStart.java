package io.larder.store;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does before it asks for requests: waits until it knows which purges are in force, and then brings what it will
 * be asked for most from the tier that nodes share. Neither is waited for without end. Lives on a loop; how it goes may be
 * read on any thread.
 */
@Shared
final class WarmStart {
    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);
    private static final Duration UNTIL_CURRENT = Duration.ofSeconds(3);
    private static final Duration UNTIL_WARM = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int AT_ONCE = 16;
    private static final int PAGE = 250;

    /** What something on its way is expected to weigh, in bytes, until there was something heavier. */
    private static final long USUAL = 64 * 1024;

    /**
     * What was brought.
     *
     * @param keys that something was found for
     * @param bytes of heap that it takes, as estimated
     */
    record Stats(long keys, long bytes) {}

    /** See {@link HotKeys#hottest}. */
    @FunctionalInterface
    interface Hottest {
        CompletionStage<HotKeys.Page> page(int from, int most);
    }

    private final LocalStore local;
    private final Hottest hottest;
    private final Function<CacheKey, @Nullable CompletionStage<Variants>> far;
    private final BooleanSupplier current;
    private final Loop loop;
    private final CompletableFuture<Stats> done = new CompletableFuture<>();
    private volatile Stats stats = new Stats(0, 0);

    // on the loop only
    private final Queue<CacheKey> wanted = new ArrayDeque<>();
    private int pages;
    private boolean asking;
    private boolean all; // keys are known
    private int underWay;
    private long heaviest = USUAL;
    private long began;

    /**
     * @param far brings a key from the shared tier, see {@link Store#near}; gives null where there is no use in asking
     * @param current whether all purges that are in force are known here
     * @param loop on which no request lives
     */
    WarmStart(
            LocalStore local,
            Hottest hottest,
            Function<CacheKey, @Nullable CompletionStage<Variants>> far,
            BooleanSupplier current,
            Loop loop) {
        this.local = local;
        this.hottest = hottest;
        this.far = far;
        this.current = current;
        this.loop = loop;
    }

    /** Begins; called once. Completes on any thread when it is time for requests; never fails. */
    CompletionStage<Stats> run() {
        loop.execute(() -> {
            began = loop.nanos();
            await();
        });
        return done;
    }

    Stats stats() {
        return stats;
    }

    private void await() {
        if (current.getAsBoolean()) {
            loop.schedule(UNTIL_WARM, this::finish);
            goOn();
        } else if (loop.nanos() - began < UNTIL_CURRENT.toNanos()) {
            loop.schedule(LOOK, this::await);
        } else {
            LOG.warn("starting without the other nodes: Redis was not reached within {} s", UNTIL_CURRENT.toSeconds());
            finish();
        }
    }

    private void goOn() {
        while (!done.isDone() && underWay < AT_ONCE && hasRoom() && !wanted.isEmpty()) {
            bring(wanted.remove());
        }
        boolean over = !hasRoom() || (wanted.isEmpty() && all);
        if (over && underWay == 0) {
            finish();
        } else if (!over && wanted.isEmpty() && !asking && !done.isDone()) {
            ask();
        }
    }

    /** The other half is for what is asked for now, and may be another thing. */
    private boolean hasRoom() {
        return stats.bytes + (underWay + 1) * heaviest <= local.stats().capacity() / 2;
    }

    private void ask() {
        asking = true;
        hottest.page(PAGE * pages++, PAGE)
                .whenComplete((page, failure) -> loop.execute(() -> {
                    asking = false;
                    if (page != null) {
                        wanted.addAll(page.keys());
                    }
                    all = page == null || page.last();
                    goOn();
                }));
    }

    private void bring(CacheKey key) {
        CompletionStage<Variants> found = local.peek(key).isEmpty() ? far.apply(key) : null;
        if (found != null) {
            underWay++;
            found.whenComplete((variants, failure) -> loop.execute(() -> brought(key, variants)));
        }
    }

    private void brought(CacheKey key, @Nullable Variants variants) {
        underWay--;
        if (variants != null && !variants.isEmpty()) {
            long weight = LocalStore.BOOKKEEPING + key.weight() + variants.weight();
            heaviest = Math.max(heaviest, weight);
            stats = new Stats(stats.keys + 1, stats.bytes + weight);
        }
        goOn();
    }

    private void finish() {
        if (done.complete(stats) && stats.keys > 0) {
            LOG.info("starting with {} hot keys, {} bytes, from the shared tier", stats.keys, stats.bytes);
        }
    }
}
