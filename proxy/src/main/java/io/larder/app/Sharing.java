package io.larder.app;

import io.larder.coherence.NodeName;
import io.larder.config.CacheConfig;
import io.larder.config.RedisConfig;
import io.larder.exchange.Loop;
import io.larder.netty.Loops;
import io.larder.store.Fleet;
import io.larder.store.LocalStore;
import io.larder.store.Rates;
import io.larder.store.TieredStore;
import io.larder.store.redis.Breaker;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.RedisLink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has in common with others, and what that takes.
 *
 * @param fleet what it does with the others beside that
 * @param rates the allowances of clients, of all nodes together
 * @param values the connections for what is shared
 * @param log the connections for the log of purges
 * @param loop on which this node keeps in step
 * @param worker writes and reads what is shared
 */
record Sharing(
        TieredStore store,
        Fleet fleet,
        Rates rates,
        RedisLink values,
        RedisLink log,
        Loops loop,
        ExecutorService worker) {
    private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);
    private static final Duration LAST = Duration.ofSeconds(1);

    /**
     * Begins to share. Does not wait for Redis.
     *
     * @throws StartFailure when the password cannot be read
     */
    static Sharing of(LocalStore local, CacheConfig cache, RedisConfig redis, Platform platform) {
        RedisLink values = RedisTranslation.values(redis, platform);
        RedisLink log = RedisTranslation.log(redis, platform);
        Loops loop = new Loops(platform.transport(), 1, platform.clock(), "larder-coherence");
        ExecutorService worker = worker(platform.loops());
        String namespace = redis.identity().namespace();
        GuardedRedis guarded =
                new GuardedRedis(values, Breaker.usual(), namespace + ":probe", System::nanoTime, values::later);
        TieredStore.Settings settings = settings(cache, redis, platform);
        TieredStore.Environment environment = new TieredStore.Environment(
                loop(loop), worker, platform.clock(), System::nanoTime, platform.random()::nextLong);
        TieredStore store = TieredStore.of(local, guarded, log, settings, environment);
        Fleet fleet = Fleet.of(local, store, guarded, settings, environment);
        return new Sharing(store, fleet, Rates.shared(guarded, namespace), values, log, loop, worker);
    }

    private static TieredStore.Settings settings(CacheConfig cache, RedisConfig redis, Platform platform) {
        return new TieredStore.Settings(
                node(redis.identity(), platform),
                redis.identity().namespace(),
                redis.limits().maxObject(),
                cache.maxLifetime(),
                redis.lag().max(),
                switch (redis.lag().then()) {
                    case REVALIDATE -> TieredStore.WhenLagging.REVALIDATE;
                    case SERVE -> TieredStore.WhenLagging.SERVE;
                    case BYPASS -> TieredStore.WhenLagging.BYPASS;
                });
    }

    private static Loop loop(Loops one) {
        return one.all().get(0);
    }

    private static ExecutorService worker(int threads) {
        return Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "larder-sharing");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static String node(RedisConfig.Identity identity, Platform platform) {
        String known = identity.node();
        return NodeName.of(known == null ? host() : known, platform.random().nextInt());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "node";
        }
    }

    /** Takes leave of the other nodes and ends all connections. Blocks for two seconds at most. */
    void close() {
        try {
            store.leave().toCompletableFuture().get(LAST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unheard) {
            LOG.info(
                    "the other nodes could not be told that this one stops: a purge may wait for it until its lease ends");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        loop.closeAndWait(LAST);
        worker.shutdownNow();
        values.close();
        log.close();
    }
}
