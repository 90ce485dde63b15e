package io.larder.store;

import io.larder.coherence.Fence;
import io.larder.coherence.Ledger;
import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import io.larder.coherence.Verdict;
import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.store.format.Decoded;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.Redis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's tier in front of the one that all nodes share; both are held against the same purges. */
@Shared
public final class TieredStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(TieredStore.class);

    /** What becomes of what is stored while purges may have been missed. */
    public enum WhenLagging {
        /** The origin is asked before it is served. */
        REVALIDATE,
        /** It is served all the same. */
        SERVE,
        /** It is left alone. */
        BYPASS
    }

    /**
     * How it works: a value.
     *
     * @param node this node's name, which no other process has or ever had
     * @param namespace what all keys in Redis begin with
     * @param maxObject octets of the largest response that is shared
     * @param maxLifetime no stored response is ever older
     * @param maxLag for how long stored responses are trusted after Redis was last heard
     */
    public record Settings(
            String node,
            String namespace,
            long maxObject,
            Duration maxLifetime,
            Duration maxLag,
            WhenLagging whenLagging) {
        /** A node is waited for a little longer than it trusts what it has: clocks do not all run at the same pace. */
        private Duration lease() {
            return maxLag.multipliedBy(5).dividedBy(4);
        }
    }

    /**
     * What it needs of the process.
     *
     * @param loop on which no request lives
     * @param worker writes and reads what is shared: never a loop
     * @param random safe on any thread
     */
    public record Environment(
            Loop loop, Executor worker, InstantSource clock, LongSupplier nanos, LongSupplier random) {}

    private final LocalStore local;
    private final SharedTier shared;
    private final Coherence coherence;
    private final WhenLagging whenLagging;

    TieredStore(LocalStore local, SharedTier shared, Coherence coherence, WhenLagging whenLagging) {
        this.local = local;
        this.shared = shared;
        this.coherence = coherence;
        this.whenLagging = whenLagging;
    }

    /**
     * A store that is shared through Redis. It begins to keep in step at once, whether Redis is there or not.
     *
     * @param values for what is shared
     * @param log for the log of purges: large values must not keep it waiting
     */
    public static TieredStore of(
            LocalStore local, GuardedRedis values, Redis log, Settings settings, Environment environment) {
        RedisPurgeLog.Settings kept =
                new RedisPurgeLog.Settings(settings.namespace, settings.lease(), settings.maxLifetime);
        Coherence coherence = new Coherence(
                settings.node,
                new RedisPurgeLog(log, kept, environment.random),
                local.book(),
                settings.maxLag,
                environment.nanos,
                environment.loop);
        SharedTier shared = new SharedTier(
                values,
                new SharedTier.Settings(settings.namespace, settings.maxObject),
                environment.worker,
                environment.clock::instant,
                environment.random);
        coherence.start();
        return new TieredStore(local, shared, coherence, settings.whenLagging);
    }

    @Override
    public Variants near(CacheKey key) {
        boolean inStep = isInStep();
        return trusted(local.near(key), inStep);
    }

    @Override
    public Variants peek(CacheKey key) {
        boolean inStep = isInStep();
        return trusted(local.peek(key), inStep);
    }

    private Variants lagging(Variants found) {
        return switch (whenLagging) {
            case SERVE -> found;
            case BYPASS -> Variants.NONE;
            case REVALIDATE ->
                new Variants(found.all().stream().map(Stored::doubted).toList());
        };
    }

    @Override
    public @Nullable CompletionStage<Variants> far(CacheKey key) {
        return isLookedFor(key)
                ? shared.get(key)
                        .thenApply(found -> promoted(key, found))
                        .exceptionally(
                                bug -> { // whoever waits for this is to be answered all the same
                                    LOG.error("what Redis has of {} could not be taken in", key, bug);
                                    return near(key);
                                })
                : null;
    }

    /** Whether there is any point in looking for {@code key} in the shared tier now. */
    private boolean isLookedFor(CacheKey key) {
        return key.isForAll() && shared.isAsked();
    }

    /** What is left of {@code found} beside what is here; taken into this node's own tier on the way. */
    private Variants promoted(CacheKey key, SharedTier.Found found) {
        boolean inStep = isInStep();
        Ledger now = local.book().ledger();
        Variants all = local.near(key);
        for (Stored stored : left(key, found.wholes(), now)) {
            if (!isAsGood(all, stored) && local.put(key, stored, now.fence())) {
                all = all.with(stored);
            }
        }
        if (found.wholes().isEmpty()) { // else it may have been shared after it was asked whether it can be
            learn(key, found.unshareable());
        }
        learn(key.personal(), found.personal());
        return trusted(all, inStep);
    }

    @Override
    public @Nullable CompletionStage<Variants> peekFar(CacheKey key) {
        return isLookedFor(key) ? shared.get(key).thenApply(found -> peeked(key, found)) : null;
    }

    private Variants peeked(CacheKey key, SharedTier.Found found) {
        boolean inStep = isInStep();
        return trusted(new Variants(left(key, found.wholes(), local.book().ledger())), inStep);
    }

    /** What purges have left of what the shared tier has. */
    private static List<Stored> left(CacheKey key, List<Decoded.Whole> found, Ledger now) {
        List<Stored> left = new ArrayList<>();
        for (Decoded.Whole whole : found) {
            Subject subject = Shelf.subject(key, whole.stored().tags());
            Verdict verdict = now.verdict(subject, whole.asOf());
            if (verdict != Verdict.GONE) {
                left.add(LocalStore.left(whole.stored(), verdict, () -> now.staleFrom(subject, whole.asOf())));
            }
        }
        return left;
    }

    @Override
    public boolean isInStep() {
        return whenLagging == WhenLagging.SERVE || coherence.isCurrent();
    }

    /** @param inStep before anything was held against purges: afterwards, more of them may be known than it was held against */
    private Variants trusted(Variants found, boolean inStep) {
        return found.isEmpty() || inStep ? found : lagging(found);
    }

    /** What another node has noted is noted here for as long, and goes no further. */
    private void learn(CacheKey key, Duration unshareable) {
        if (!unshareable.isZero() && !local.isUnshareable(key)) {
            local.noteUnshareable(key, unshareable);
        }
    }

    /** Whether {@code here} has {@code stored} already, or what came after it: that has been held against all purges. */
    private static boolean isAsGood(Variants here, Stored stored) {
        long received = stored.head().age().receivedAt();
        return here.all().stream()
                .anyMatch(known ->
                        known.vary().equals(stored.vary()) && known.head().age().receivedAt() >= received);
    }

    @Override
    public boolean put(CacheKey key, Stored stored, Fence fence) {
        boolean kept = local.put(key, stored, fence);
        if (kept && key.isForAll()) {
            shared.put(key, stored, fence.shared());
        }
        return kept;
    }

    /** How it has gone with the shared tier. */
    public SharedStats sharedStats() {
        return shared.stats();
    }

    /** Whether the shared tier is asked now: Redis has not just failed too often. */
    public boolean isShared() {
        return shared.isAsked();
    }

    /** Whether every purge that is complete is in force here. */
    boolean isCurrent() {
        return coherence.isCurrent();
    }

    /** See {@link Coherence#leave}. */
    public CompletionStage<?> leave() {
        return coherence.leave();
    }

    /** See {@link SharedTier#settled}. */
    CompletionStage<?> settled(CacheKey key) {
        return shared.settled(key);
    }

    @Override
    public Announcement purge(Collection<? extends Purge> purges, Purge.Mode mode) {
        return coherence.purge(Set.copyOf(purges), mode);
    }

    @Override
    public Optional<Fence> supersede(CacheKey key, Stored stored, Collection<? extends Purge> purges, Fence fence) {
        return coherence.supersede(key, stored, Set.copyOf(purges), fence);
    }

    @Override
    public @Nullable CacheKey alike(CacheKey key) {
        return local.alike(key);
    }

    @Override
    public boolean isCurrent(CacheKey key, Fence fence) {
        return local.isCurrent(key, fence);
    }

    @Override
    public boolean isCurrent(CacheKey key, Stored stored, Fence fence) {
        return local.isCurrent(key, stored, fence);
    }

    @Override
    public Fence fence() {
        return local.fence();
    }

    @Override
    public void remove(CacheKey key) {
        local.remove(key);
    }

    @Override
    public CompletionStage<Purged> wouldPurge(Collection<? extends Purge> purges) {
        return local.wouldPurge(purges);
    }

    @Override
    public void noteUnshareable(CacheKey key, Duration time) {
        if (local.noteAnew(key, time)) {
            shared.noteUnshareable(key, time);
        }
    }

    @Override
    public boolean isUnshareable(CacheKey key) {
        return local.isUnshareable(key);
    }

    @Override
    public void noteUse(CacheKey key) {
        local.noteUse(key);
    }

    @Override
    public int uses(CacheKey key) {
        return local.uses(key);
    }

    @Override
    public Stats stats() {
        return local.stats();
    }

    @Override
    public List<PurgeCount> purges() {
        return local.purges();
    }

    @Override
    public NodeView node() {
        Duration lag = coherence.lag();
        return new NodeView.Following(
                coherence.node(),
                coherence.isCurrent(),
                lag.isNegative() ? null : lag,
                coherence.maxLag(),
                whenLagging,
                coherence.epoch(),
                coherence.unreached());
    }

    @Override
    public CompletionStage<Optional<FleetView>> fleet() {
        return coherence.fleet();
    }
}
