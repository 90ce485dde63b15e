package io.larder.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Ticker;
import io.larder.coherence.Fence;
import io.larder.coherence.Purge;
import io.larder.coherence.PurgeIndex;
import io.larder.coherence.Subject;
import io.larder.coherence.Verdict;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Tags;
import io.larder.policy.Variants;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
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

    /** How many entries are looked at for each hot one that is wanted: those that are somebody's own are passed by. */
    private static final int LOOKED_AT = 8;

    private final long capacity;
    private final LongSupplier nanos;
    private final Cache<CacheKey, Shelf> shelves;
    private final Cache<CacheKey, Long> unshareable; // until when, on the store's clock
    private final Cache<CacheKey, Integer> uses;
    private final LikeKeys likes;
    private final LongAdder evictions = new LongAdder();
    private final PurgeBook purges;

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
        this.purges = new PurgeBook(shelves.asMap(), () -> !declared, executor);
    }

    /** The purges that are in force here. */
    PurgeBook book() {
        return purges;
    }

    @Override
    public Variants near(CacheKey key) {
        Shelf shelf = shelves.getIfPresent(key);
        return shelf == null ? Variants.NONE : shelf.valid(key, purges.index());
    }

    @Override
    public Variants peek(CacheKey key) {
        Shelf shelf = shelves.policy().getIfPresentQuietly(key);
        return shelf == null ? Variants.NONE : shelf.valid(key, purges.index());
    }

    @Override
    public @Nullable CacheKey alike(CacheKey key) {
        LikeKeys.Like like = likes.find(key);
        return like != null && isCurrent(key, like.fence()) ? like.key() : null;
    }

    @Override
    public boolean isCurrent(CacheKey key, Fence fence) {
        return purges.verdict(key, Tags.NONE, fence) == Verdict.VALID;
    }

    @Override
    public boolean isCurrent(CacheKey key, Stored stored, Fence fence) {
        return purges.verdict(key, stored.tags(), fence) == Verdict.VALID;
    }

    @Override
    public Fence fence() {
        return purges.ledger().fence();
    }

    @Override
    public boolean put(CacheKey key, Stored stored, Fence fence) {
        PurgeIndex now = purges.index();
        Subject subject = Shelf.subject(key, stored.tags());
        Verdict verdict = now.verdict(subject, fence.own());
        if (verdict == Verdict.GONE) {
            return false;
        }
        if (key.hasExtras() && !declared) {
            declared = true;
        }
        Stored kept = left(stored, verdict, () -> now.staleFrom(subject, fence.own()));
        shelves.asMap().compute(key, (k, old) -> {
            Variants others = old == null
                    ? Variants.NONE
                    : purges.sweeper().judge(k, old, now).left();
            return new Shelf(k, others.with(kept), now.latest());
        });
        // a purge that came after `now` may have walked past before this was there; one that comes later will see it
        if (now != purges.index()) {
            purges.sweeper().settle(key);
        }
        unshareable.invalidate(key);
        likes.note(key, kept, fence);
        return true;
    }

    /**
     * What a purge leaves of {@code stored}.
     *
     * @param verdict but {@link Verdict#GONE}, which leaves nothing
     * @param staleFrom is asked where it is softened
     */
    static Stored left(Stored stored, Verdict verdict, LongSupplier staleFrom) {
        return switch (verdict) {
            case VALID, GONE -> stored;
            case SOFTENED -> stored.softened(staleFrom.getAsLong());
            case DOUBTED -> stored.doubted();
        };
    }

    @Override
    public void remove(CacheKey key) {
        shelves.invalidate(key);
    }

    @Override
    public Announcement purge(Collection<? extends Purge> targets, Purge.Mode mode) {
        long began = nanos.getAsLong();
        Sweep sweep = purges.purge(targets, mode);
        return Announcement.alone(
                sweep.done(), sweep::matched, sweep.position(), Duration.ofNanos(nanos.getAsLong() - began));
    }

    @Override
    public Optional<Fence> supersede(CacheKey key, Stored stored, Collection<? extends Purge> covering, Fence fence) {
        return purges.supersede(key, stored, covering, fence);
    }

    @Override
    public CompletionStage<Purged> wouldPurge(Collection<? extends Purge> targets) {
        return purges.wouldPurge(targets);
    }

    @Override
    public void noteUnshareable(CacheKey key, Duration time) {
        noteAnew(key, time);
    }

    /** As {@link #noteUnshareable}; whether that had not been noted, or not lately enough. */
    boolean noteAnew(CacheKey key, Duration time) {
        Long known = unshareable.getIfPresent(key);
        // written anew only when half of it is over: every response to an unshareable request says so again
        long now = nanos.getAsLong();
        long wanted = time.toNanos();
        long left = known == null ? 0 : known - now;
        boolean anew = left < wanted / 2 || left > wanted;
        if (anew) {
            unshareable.put(key, now + wanted);
        }
        return anew;
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

    /**
     * The keys under which most hits are found, the hottest first: those that hold for everybody and stand for responses of
     * up to {@code maxBody} octets. Takes a while, and holds up the upkeep: neither for a loop nor often.
     */
    List<CacheKey> hottest(int most, long maxBody) {
        return shelves.policy()
                .eviction()
                .map(eviction -> eviction.hottest(entries -> entries.limit(LOOKED_AT * (long) most)
                        .filter(entry ->
                                entry.getKey().isForAll() && entry.getValue().has(maxBody))
                        .limit(most)
                        .map(Map.Entry::getKey)
                        .toList()))
                .orElse(List.of());
    }

    @Override
    public Stats stats() {
        long bytes = shelves.policy()
                .eviction()
                .flatMap(eviction -> eviction.weightedSize().stream().boxed().findFirst())
                .orElse(0L);
        return new Stats(
                shelves.estimatedSize(),
                bytes,
                capacity,
                evictions.sum(),
                purges.sweeper().softened(),
                purges.sweeper().removed());
    }

    @Override
    public List<PurgeCount> purges() {
        return purges.counter().read();
    }
}
