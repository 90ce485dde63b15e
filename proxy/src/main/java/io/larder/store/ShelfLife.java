package io.larder.store;

import com.github.benmanes.caffeine.cache.Expiry;
import io.larder.policy.CacheKey;

/** How long a shelf is kept: from the last time that something was put on it. Stateless. */
final class ShelfLife implements Expiry<CacheKey, Shelf> {
    @Override
    public long expireAfterCreate(CacheKey key, Shelf shelf, long now) {
        return shelf.keepNanos();
    }

    @Override
    public long expireAfterUpdate(CacheKey key, Shelf shelf, long now, long left) {
        return shelf.isRemainder() ? left : shelf.keepNanos();
    }

    @Override
    public long expireAfterRead(CacheKey key, Shelf shelf, long now, long left) {
        return left;
    }
}
