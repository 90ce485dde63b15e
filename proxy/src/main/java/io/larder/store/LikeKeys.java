package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.larder.coherence.Fence;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.NoVarySearch;
import io.larder.policy.Stored;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which stored responses said that they answer other queries as well as their own ({@code No-Vary-Search}). Bounded; what
 * is forgotten costs a fetch. As long as no response says so, asking costs one read.
 */
@Shared
final class LikeKeys {
    private static final long MOST_BYTES = 4L * 1024 * 1024;
    private static final int MOST_OF_A_PATH = 128;

    /**
     * A stored response.
     *
     * @param fence that it was stored with: a later purge of a URL it is asked for by concerns it, too
     */
    record Like(CacheKey key, Fence fence) {}

    /** What is known of one path: the last rule for it, and by the canonical query what was stored under that. */
    private record Known(NoVarySearch rule, Map<CacheKey, Like> likes, int weight) {
        Known with(CacheKey canonical, Like like) {
            Map<CacheKey, Like> all = new LinkedHashMap<>(likes);
            all.remove(canonical);
            all.put(canonical, like);
            if (all.size() > MOST_OF_A_PATH) {
                all.remove(all.keySet().iterator().next());
            }
            int sum = 0;
            for (Map.Entry<CacheKey, Like> entry : all.entrySet()) {
                sum += entry.getKey().weight() + entry.getValue().key.weight() + 96;
            }
            return new Known(rule, all, sum);
        }
    }

    private final Cache<CacheKey, Known> paths;
    private volatile boolean any;

    LikeKeys(Executor executor) {
        this.paths = Caffeine.newBuilder()
                .maximumWeight(MOST_BYTES)
                .weigher((CacheKey path, Known known) -> LocalStore.BOOKKEEPING + path.weight() + known.weight)
                .executor(executor)
                .build();
    }

    /** {@code stored} has been put under {@code key}. */
    void note(CacheKey key, Stored stored, Fence fence) {
        Optional<NoVarySearch> rule = NoVarySearch.of(stored.headers());
        if (rule.isPresent()) {
            any = true;
            CacheKey canonical = key.withQuery(rule.get().canonical(key.query()));
            paths.asMap()
                    .compute(
                            key.ofPath(),
                            (path, known) -> (known == null || !known.rule.equals(rule.get())
                                            ? new Known(rule.get(), Map.of(), 0)
                                            : known)
                                    .with(canonical, new Like(key, fence)));
        }
    }

    /** What may answer for {@code key} although it was stored under another one; null for nothing. */
    @Nullable
    Like find(CacheKey key) {
        Known known = any ? paths.getIfPresent(key.ofPath()) : null;
        return known == null ? null : known.likes.get(key.withQuery(known.rule.canonical(key.query())));
    }
}
