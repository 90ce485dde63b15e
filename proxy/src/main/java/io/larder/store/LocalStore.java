package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.coherence.PurgeIndex;
import io.larder.coherence.Verdict;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    /**
     * For how many bytes of capacity Caffeine plans an entry, besides what is there: the more it plans for, the longer it
     * remembers how often something was asked for, which is what it admits by. Costs sixteen bytes for each.
     */
    private static final long PLANNED_ENTRY = 4096;

    /** The heap that is spent on remembering which keys are unshareable, in bytes: clients choose how long keys are. */
    private static final long UNSHAREABLE = 8L * 1024 * 1024;

    /** The heap that is spent on counting how often keys are asked for, in bytes. */
    private static final long USES = 8L * 1024 * 1024;

    /** How long a key that is not asked for again is remembered. */
    private static final Duration USED = Duration.ofHours(1);

    /** How many purges are remembered before they are settled. */
    private static final int MANY_PURGES = 8_192;

    private final long capacity;
    private final LongSupplier nanos;
    private final Executor executor;
    private final Cache<CacheKey, Shelf> shelves;
    private final Cache<CacheKey, Long> unshareable; // until when, on the store's clock
    private final Cache<CacheKey, Integer> uses;
    private final LikeKeys likes;
    private final LongAdder evictions = new LongAdder();
    private final Sweeper sweeper;
    private final PurgeCounter counter = new PurgeCounter();
    private final AtomicBoolean settling = new AtomicBoolean();

    /** Guards the writing of {@link #purges}. */
    private final Object purging = new Object();

    private volatile PurgeIndex purges = PurgeIndex.EMPTY;

    /** Whether any key ever had declared fields or cookies: only then does a URL have more keys than its two schemes. */
    private volatile boolean declared;

    /**
     * @param capacity in bytes: bodies, heads and bookkeeping
     * @param nanos a clock that never jumps, for expiry
     * @param upkeep for what caches have to do besides answering: never a loop
     * @param executor for the walks of purges: never a loop
     */
    public LocalStore(long capacity, LongSupplier nanos, Executor upkeep, Executor executor) {
        this.capacity = capacity;
        this.nanos = nanos;
        this.executor = executor;
        Ticker ticker = nanos::getAsLong;
        this.shelves = Caffeine.newBuilder()
                .initialCapacity(Math.clamp(capacity / PLANNED_ENTRY, 16, 1 << 24))
                .maximumWeight(capacity)
                .weigher((CacheKey key, Shelf shelf) -> shelf.weight())
                .expireAfter(new ShelfLife())
                .ticker(ticker)
                .executor(upkeep)
                .evictionListener((@Nullable CacheKey key, @Nullable Shelf shelf, RemovalCause cause) -> {
                    if (cause == RemovalCause.SIZE) {
                        evictions.increment();
                    }
                })
                .build();
        this.unshareable = Caffeine.newBuilder()
                .maximumWeight(UNSHAREABLE)
                .weigher((CacheKey key, Long until) -> BOOKKEEPING + key.weight())
                .expireAfter(
                        Expiry.<CacheKey, Long>writing((key, until) -> Duration.ofNanos(until - nanos.getAsLong())))
                .ticker(ticker)
                .executor(upkeep)
                .build();
        this.uses = Caffeine.newBuilder()
                .maximumWeight(USES)
                .weigher((CacheKey key, Integer count) -> BOOKKEEPING + key.weight())
                .expireAfterWrite(USED)
                .ticker(ticker)
                .executor(upkeep)
                .build();
        this.likes = new LikeKeys(upkeep);
        this.sweeper = new Sweeper(shelves.asMap(), () -> purges, executor);
    }

    @Override
    public Variants near(CacheKey key) {
        Shelf shelf = shelves.getIfPresent(key);
        return shelf == null ? Variants.NONE : shelf.valid(key, purges);
    }

    @Override
    public Variants peek(CacheKey key) {
        Shelf shelf = shelves.policy().getIfPresentQuietly(key);
        return shelf == null ? Variants.NONE : shelf.valid(key, purges);
    }

    @Override
    public @Nullable CacheKey alike(CacheKey key) {
        LikeKeys.Like like = likes.find(key);
        return like != null && isCurrent(key, like.fence()) ? like.key() : null;
    }

    @Override
    public boolean isCurrent(CacheKey key, Position fence) {
        return isValid(key, Tags.NONE, fence);
    }

    @Override
    public boolean isCurrent(CacheKey key, Stored stored, Position fence) {
        return isValid(key, stored.tags(), fence);
    }

    private boolean isValid(CacheKey key, Tags tags, Position fence) {
        PurgeIndex now = purges;
        return !now.latest().isAfter(fence) || now.verdict(Shelf.subject(key, tags), fence) == Verdict.VALID;
    }

    @Override
    public Position fence() {
        return purges.latest();
    }

    @Override
    public boolean put(CacheKey key, Stored stored, Position fence) {
        PurgeIndex now = purges;
        Verdict verdict = now.verdict(Shelf.subject(key, stored.tags()), fence);
        if (verdict == Verdict.GONE) {
            return false;
        }
        if (key.hasExtras() && !declared) {
            declared = true;
        }
        Stored kept = verdict == Verdict.SOFTENED ? stored.softened() : stored;
        shelves.asMap().compute(key, (k, old) -> {
            Variants others =
                    old == null ? Variants.NONE : sweeper.judge(k, old, now).left();
            return new Shelf(k, others.with(kept), now.latest());
        });
        // a purge that came after `now` may have walked past before this was there; one that comes later will see it
        if (now != purges) {
            sweeper.settle(key);
        }
        unshareable.invalidate(key);
        likes.note(key, kept, fence);
        return true;
    }

    @Override
    public void remove(CacheKey key) {
        shelves.invalidate(key);
    }

    @Override
    public CompletionStage<Purged> purge(Collection<? extends Purge> targets, Purge.Mode mode) {
        Sweep sweep;
        synchronized (purging) {
            sweep = announced(targets, mode);
        }
        return carriedOut(sweep);
    }

    @Override
    public Optional<Position> supersede(
            CacheKey key, Stored stored, Collection<? extends Purge> covering, Position fence) {
        Sweep sweep;
        boolean current;
        synchronized (purging) { // no purge of somebody else's may come between the look and our own
            current = isCurrent(key, stored, fence);
            sweep = announced(covering, Purge.Mode.HARD);
        }
        carriedOut(sweep);
        return current ? Optional.of(sweep.position()) : Optional.empty();
    }

    /** Takes its place in the order of purges; {@link #purging} is held. */
    private Sweep announced(Collection<? extends Purge> targets, Purge.Mode mode) {
        PurgeIndex now = purges.with(targets, mode, purges.latest().next());
        Sweep sweep = new Sweep(new Selection(targets), mode, now.latest());
        counter.add(targets, mode);
        sweeper.announce(sweep);
        purges = now;
        return sweep;
    }

    private CompletionStage<Purged> carriedOut(Sweep sweep) {
        if (purges.size() >= MANY_PURGES && settling.compareAndSet(false, true)) {
            executor.execute(this::settle);
        }
        if (sweep.selection().isUrls() && !declared) {
            sweeper.visitFor(sweep);
        } else {
            sweeper.walkFor(sweep);
        }
        return sweep.done();
    }

    @Override
    public CompletionStage<Purged> wouldPurge(Collection<? extends Purge> targets) {
        Selection selection = new Selection(targets);
        return CompletableFuture.supplyAsync(
                () -> new Purged(purges.latest(), sweeper.count(selection, !declared)), executor);
    }

    /** Holds all purges against all entries, so that they can be forgotten; fetches older than they are never stored. */
    private void settle() {
        try {
            PurgeIndex settled = purges;
            sweeper.settleAll(settled);
            synchronized (purging) {
                purges = purges.since(settled.latest());
            }
        } finally {
            settling.set(false);
        }
    }

    @Override
    public void noteUnshareable(CacheKey key, Duration time) {
        Long known = unshareable.getIfPresent(key);
        // written anew only when half of it is over: every response to an unshareable request says so again
        long now = nanos.getAsLong();
        long wanted = time.toNanos();
        long left = known == null ? 0 : known - now;
        if (left < wanted / 2 || left > wanted) {
            unshareable.put(key, now + wanted);
        }
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
        return new Stats(
                shelves.estimatedSize(), bytes, capacity, evictions.sum(), sweeper.softened(), sweeper.removed());
    }

    @Override
    public List<PurgeCount> purges() {
        return counter.read();
    }
}
