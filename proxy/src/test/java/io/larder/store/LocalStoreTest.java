package io.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.coherence.Fence;
import io.larder.coherence.Purge;
import io.larder.http.Headers;
import io.larder.http.Request;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LocalStoreTest extends StoreContract {
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();

    @Override
    Store store(long capacity) {
        return new LocalStore(capacity, nanos::get, background::add, background::add);
    }

    @Override
    void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Override
    void settle() {
        for (Runnable task = background.poll(); task != null; task = background.poll()) {
            task.run();
        }
    }

    @Test
    void nothingOfTheSweepRunsInTheCallersThread() {
        Store store = store();
        store.put(key("http://a/p"), fresh("x"), store.fence());
        settle();
        var stage = store.purge(new Purge.All()).here().toCompletableFuture();
        assertThat(stage).isNotDone();
        settle();
        assertThat(stage).isCompletedWithValueMatching(purged -> purged.matched() <= 1);
        assertThat(store.stats().entries()).isZero();
    }

    /** The body carries the number of purges there were when its fetch began: what is served must never be older than the last. */
    @Test
    void noInterleavingServesWhatWasPurged() throws Exception {
        try (var threads = Executors.newFixedThreadPool(4)) {
            LocalStore store = new LocalStore(1 << 24, System::nanoTime, threads, threads);
            AtomicLong version = new AtomicLong();
            CacheKey key = key("http://a/p");
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < 2; t++) {
                running.add(threads.submit(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        Fence fence = store.fence();
                        long content = version.get();
                        store.put(key, fresh(Long.toString(content)), fence);
                    }
                }));
            }
            Purge[] kinds = {new Purge.Url("a", "/p"), new Purge.Prefix("a", "/"), new Purge.Host("a"), new Purge.All()
            };
            for (int i = 0; i < 2_000; i++) {
                long current = version.incrementAndGet();
                store.purge(kinds[i % kinds.length]);
                for (int n = 0; n < 5; n++) {
                    Variants found = store.near(key);
                    if (!found.isEmpty()) {
                        assertThat(Long.parseLong(found.all().get(0).body().toUtf8()))
                                .isGreaterThanOrEqualTo(current);
                    }
                }
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    @Test
    void manyPurgesShareOneWalk() {
        Store store = store();
        CacheKey declared =
                CacheKey.of(DECLARED, Request.get(Target.of("http", "a", "/0"), Headers.of("X-Country", "DE")));
        store.put(declared, fresh("x"), store.fence());
        settle();
        List<CompletionStage<Store.Purged>> stages = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            stages.add(store.purge(new Purge.Url("a", "/" + i % 10)).here());
        }
        assertThat(background).hasSizeLessThan(5);
        settle();
        assertThat(stages.stream()
                        .mapToLong(stage -> stage.toCompletableFuture().join().matched()))
                .hasSize(1000)
                .containsOnlyOnce(1L);
    }

    @Test
    void aFloodOfPurgesIsSettledOnceNotOnceForEach() {
        Store store = store();
        CacheKey declared =
                CacheKey.of(DECLARED, Request.get(Target.of("http", "a", "/0"), Headers.of("X-Country", "DE")));
        store.put(declared, fresh("x"), store.fence());
        for (int i = 0; i < 9_000; i++) {
            store.purge(new Purge.Url("a", "/" + i));
            if (i < 8_000) {
                settle();
            }
        }
        assertThat(background).hasSizeLessThan(5);
    }

    @Test
    void whatIsNotedAsUnshareableTakesBoundedMemory() {
        Store store = store();
        String longPath = "http://a/" + "x".repeat(8_000);
        for (int i = 0; i < 5_000; i++) {
            store.noteUnshareable(key(longPath + i), Duration.ofSeconds(5));
            settle();
        }
        long kept = IntStream.range(0, 5_000)
                .filter(i -> store.isUnshareable(key(longPath + i)))
                .count();
        assertThat(kept).isBetween(100L, 1_100L);
    }
}
