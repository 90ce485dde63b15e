package io.larder.store;

import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** What is on its way to other nodes, by key. */
@Shared
final class Writes {
    private final ConcurrentMap<CacheKey, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

    /** @param write completes when it is over, and never fails */
    void add(CacheKey key, CompletableFuture<?> write) {
        if (!write.isDone()) {
            CompletableFuture<?> all = underWay.merge(key, write, CompletableFuture::allOf);
            all.whenComplete((done, failure) -> underWay.remove(key, all));
        }
    }

    /** Completes when all of {@code key} that was added before is over; never fails. */
    CompletionStage<?> of(CacheKey key) {
        CompletableFuture<?> write = underWay.get(key);
        return write == null ? CompletableFuture.completedFuture(null) : write;
    }
}
