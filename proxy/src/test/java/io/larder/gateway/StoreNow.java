package io.larder.gateway;

import io.larder.policy.CacheKey;
import io.larder.store.Store;
import io.larder.whatif.Present;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a gateway has, as explanations want to know it. */
class StoreNow implements Present {
    private final Store store;

    StoreNow(Store store) {
        this.store = store;
    }

    @Override
    public List<Tier> tiers(CacheKey key) {
        return List.of(new Tier("local", store.peek(key)));
    }

    @Override
    public @Nullable CacheKey alike(CacheKey key) {
        return store.alike(key);
    }

    @Override
    public boolean isUnshareable(CacheKey key) {
        return store.isUnshareable(key);
    }

    @Override
    public int uses(CacheKey key) {
        return store.uses(key);
    }

    @Override
    public Group group(String upstream) {
        return new Group("round-robin", true, List.of());
    }
}
