package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Ledger;
import io.larder.coherence.Verdict;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.policy.Tags;
import io.larder.store.redis.GuardedRedis;
import java.util.concurrent.CompletionStage;

/** What this node does together with those it shares a store with, beside that. */
@Shared
public final class Fleet {
    /**
     * How it has gone since the start.
     *
     * @param warmedKeys that something was brought for before requests were asked for
     * @param warmedBytes of heap that it took, as estimated
     */
    public record Stats(Leases.Stats leases, long warmedKeys, long warmedBytes) {}

    private final SharedLeases leases;
    private final WarmStart warmStart;
    private final HotKeys hotKeys;

    private Fleet(SharedLeases leases, WarmStart warmStart, HotKeys hotKeys) {
        this.leases = leases;
        this.warmStart = warmStart;
        this.hotKeys = hotKeys;
    }

    /**
     * The fleet of {@code store}, in which this node begins to take part once it is started.
     *
     * @param local this node's tier of {@code store}
     * @param redis as for {@code store}, like the settings
     */
    public static Fleet of(
            LocalStore local,
            TieredStore store,
            GuardedRedis redis,
            TieredStore.Settings settings,
            TieredStore.Environment environment) {
        SharedLeases leases = new SharedLeases(
                new RedisLeaseTable(redis, settings.namespace()),
                settings.namespace(),
                (key, asOf) -> isOutdated(local, key, asOf),
                store::settled,
                environment.random(),
                environment.loop());
        HotKeys hotKeys = new HotKeys(
                redis, settings.namespace(), local, settings.maxObject(), environment.worker(), environment.loop());
        WarmStart warmStart = new WarmStart(local, hotKeys::hottest, store::far, store::isCurrent, environment.loop());
        return new Fleet(leases, warmStart, hotKeys);
    }

    /** Of what another log knew nothing can be said. */
    private static boolean isOutdated(LocalStore local, CacheKey key, AsOf asOf) {
        Ledger now = local.book().ledger();
        return asOf.epoch() == now.cursor().epoch()
                && now.verdict(Shelf.subject(key, Tags.NONE), asOf) != Verdict.VALID;
    }

    /**
     * Begins to take part; called once.
     *
     * @return completes, on any thread and within seconds, when it is time for requests: this node knows what the others
     *     have purged, and has what it will be asked for most, or it has not been possible to find that out. Never fails.
     */
    public CompletionStage<?> start() {
        leases.start();
        hotKeys.start();
        return warmStart.run();
    }

    /** How nodes agree on who fetches. */
    public Leases leases() {
        return leases;
    }

    public Stats stats() {
        WarmStart.Stats warmed = warmStart.stats();
        return new Stats(leases.stats(), warmed.keys(), warmed.bytes());
    }
}
