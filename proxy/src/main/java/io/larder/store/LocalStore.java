package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.coherence.PurgeIndex;
import io.larder.exchange.Shared;
import io.larder.http.Target;
import io.larder.policy.CacheKey;
import io.larder.policy.KeyRules;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The tier in this process's heap: Caffeine, bounded by bytes. */
@Shared
public final class LocalStore implements Store {
    /** What Caffeine and the table spend on one entry, in bytes. */
    static final int BOOKKEEPING = 152;

    /** The heap that is spent on remembering which keys are unshareable, in bytes: clients choose how long keys are. */
    private static final long UNSHAREABLE = 8L * 1024 * 1024;

    /** The heap that is spent on counting how often keys are asked for, in bytes. */
    private static final long USES = 8L * 1024 * 1024;

    /** How long a key that is not asked for again is remembered. */
    private static final Duration USED = Duration.ofHours(1);

    /** How many purges are remembered before they are settled. */
    private static final int MANY_PURGES = 8_192;

    private final long capacity;
    private final Executor executor;
    private final Cache<CacheKey, Shelf> shelves;
    private final Cache<CacheKey, Duration> unshareable;
    private final Cache<CacheKey, Integer> uses;
    private final LongAdder evictions = new LongAdder();
    private final Sweeper sweeper;
    private final AtomicBoolean settling = new AtomicBoolean();

    /** Guards the writing of {@link #purges}. */
    private final Object purging = new Object();

    private volatile PurgeIndex purges = PurgeIndex.EMPTY;

    /** Whether any key ever had declared fields or cookies: only then does a URL have more keys than its two schemes. */
    private volatile boolean declared;

    /**
     * @param capacity in bytes: bodies, heads and bookkeeping
     * @param nanos a clock that never jumps, for expiry
     * @param executor for maintenance and for the walks of purges: never a loop
     */
    public LocalStore(long capacity, LongSupplier nanos, Executor executor) {
        this.capacity = capacity;
        this.executor = executor;
        Ticker ticker = nanos::getAsLong;
        this.shelves = Caffeine.newBuilder()
                .maximumWeight(capacity)
                .weigher((CacheKey key, Shelf shelf) -> shelf.weight())
                .expireAfter(Expiry.<CacheKey, Shelf>writing((key, shelf) -> Duration.ofNanos(shelf.keepNanos())))
                .ticker(ticker)
                .executor(executor)
                .evictionListener((@Nullable CacheKey key, @Nullable Shelf shelf, RemovalCause cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evictions.increment();
                    }
                })
                .build();
        this.unshareable = Caffeine.newBuilder()
                .maximumWeight(UNSHAREABLE)
                .weigher((CacheKey key, Duration time) -> BOOKKEEPING + key.weight())
                .expireAfter(Expiry.<CacheKey, Duration>writing((key, time) -> time))
                .ticker(ticker)
                .executor(executor)
                .build();
        this.uses = Caffeine.newBuilder()
                .maximumWeight(USES)
                .weigher((CacheKey key, Integer count) -> BOOKKEEPING + key.weight())
                .expireAfterWrite(USED)
                .ticker(ticker)
                .executor(executor)
                .build();
        this.sweeper = new Sweeper(shelves.asMap(), executor);
    }

    @Override
    public Variants near(CacheKey key) {
        Shelf shelf = shelves.getIfPresent(key);
        if (shelf == null) {
            return Variants.NONE;
        }
        if (shelf.isValid(key, purges)) {
            return shelf.variants();
        }
        shelves.asMap().remove(key, shelf);
        return Variants.NONE;
    }

    @Override
    public boolean isCurrent(CacheKey key, Position fence) {
        return !purges.covers(key.authority().toString(), key.pathAndQuery(), fence);
    }

    @Override
    public Position fence() {
        return purges.latest();
    }

    @Override
    public boolean put(CacheKey key, Stored stored, Position fence) {
        PurgeIndex now = purges;
        if (now.covers(key.authority().toString(), key.pathAndQuery(), fence)) {
            return false;
        }
        if (key.hasExtras() && !declared) {
            declared = true;
        }
        // a purge that comes after this line is later than `now`, and near() will hold it against the shelf
        shelves.asMap().compute(key, (k, old) -> {
            Variants others = old != null && old.isValid(k, now) ? old.variants() : Variants.NONE;
            return new Shelf(k, others.with(stored), now.latest().value());
        });
        unshareable.invalidate(key);
        return true;
    }

    @Override
    public void remove(CacheKey key) {
        shelves.invalidate(key);
    }

    @Override
    public CompletionStage<Purged> purge(Purge purge) {
        PurgeIndex now;
        synchronized (purging) {
            purges = purges.with(purge);
            now = purges;
        }
        if (now.size() >= MANY_PURGES && settling.compareAndSet(false, true)) {
            executor.execute(this::settle);
        }
        return swept(purge).thenApply(matched -> new Purged(now.latest(), matched));
    }

    /** Frees what {@code purge} covers; whatever comes in meanwhile is held against the index when it is asked for. */
    private CompletionStage<Long> swept(Purge purge) {
        return purge instanceof Purge.Url url && !declared
                ? CompletableFuture.supplyAsync(() -> removed(url, "http") + removed(url, "https"), executor)
                : sweeper.sweep(purge);
    }

    private long removed(Purge.Url url, String scheme) {
        Target target = Target.of(scheme, url.authority(), url.pathAndQuery());
        CacheKey key = CacheKey.of(KeyRules.Query.WHOLE, target);
        return removed(key) + removed(key.partial());
    }

    private long removed(CacheKey key) {
        Shelf shelf = shelves.asMap().remove(key);
        return shelf == null ? 0 : shelf.variants().all().size();
    }

    /** Holds all purges against all entries, so that they can be forgotten; fetches older than they are never stored. */
    private void settle() {
        PurgeIndex settled = purges;
        for (Map.Entry<CacheKey, Shelf> entry : shelves.asMap().entrySet()) {
            if (!entry.getValue().isValid(entry.getKey(), settled)) {
                shelves.asMap().remove(entry.getKey(), entry.getValue());
            }
        }
        synchronized (purging) {
            purges = purges.since(settled.latest());
        }
        settling.set(false);
    }

    @Override
    public void noteUnshareable(CacheKey key, Duration time) {
        unshareable.put(key, time);
    }

    @Override
    public boolean isUnshareable(CacheKey key) {
        return unshareable.getIfPresent(key) != null;
    }

    @Override
    public void noteUse(CacheKey key) {
        uses.asMap().merge(key, 1, Integer::sum);
    }

    @Override
    public int uses(CacheKey key) {
        Integer count = uses.getIfPresent(key);
        return count == null ? 0 : count;
    }

    @Override
    public Stats stats() {
        long bytes = shelves.policy()
                .eviction()
                .flatMap(eviction -> eviction.weightedSize().stream().boxed().findFirst())
                .orElse(0L);
        return new Stats(shelves.estimatedSize(), bytes, capacity, evictions.sum());
    }
}
