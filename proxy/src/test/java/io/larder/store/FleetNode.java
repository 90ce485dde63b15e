package io.larder.store;

import static io.larder.testing.Eventually.eventually;

import io.larder.exchange.Loop;
import io.larder.netty.Loops;
import io.larder.netty.Transport;
import io.larder.policy.CacheKey;
import io.larder.policy.Stored;
import io.larder.policy.Variants;
import io.larder.store.redis.Breaker;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.RedisFailure;
import io.larder.store.redis.RedisLink;
import io.larder.store.redis.RedisSettings;
import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Servers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A node's store, and what it does with other nodes, on a real Redis. */
final class FleetNode implements AutoCloseable {
    static final String NAMESPACE = "test";
    static final long MAX_OBJECT = 1 << 20;
    private static final AtomicLong SEEDS = new AtomicLong();

    final LocalStore local;
    final TieredStore store;
    final Fleet fleet;
    final HotKeys hotKeys;
    final Loop loop;
    private final RedisLink link;
    private final Loops loops = new Loops(Transport.pick(null), 1, InstantSource.system(), "test-fleet");
    private final ExecutorService worker = Executors.newFixedThreadPool(2);

    static {
        System.setProperty("io.lettuce.core.iouring", "false"); // with two native transports Lettuce warns each time
    }

    private FleetNode(Servers servers, long memory) {
        Random random = new Random(SEEDS.incrementAndGet());
        this.link = new RedisLink(
                new RedisSettings(servers, null, null, Duration.ofSeconds(2)),
                System::nanoTime,
                random::nextDouble,
                new Silence());
        GuardedRedis redis =
                new GuardedRedis(link, Breaker.usual(), NAMESPACE + ":probe", System::nanoTime, link::later);
        TieredStore.Settings settings = new TieredStore.Settings(
                "node-" + SEEDS.get(),
                NAMESPACE,
                MAX_OBJECT,
                Duration.ofDays(1),
                Duration.ofSeconds(5),
                TieredStore.WhenLagging.REVALIDATE);
        this.loop = loops.all().get(0);
        TieredStore.Environment environment =
                new TieredStore.Environment(loop, worker, () -> StoreContract.NOW, System::nanoTime, random::nextLong);
        this.local = new LocalStore(memory, System::nanoTime, Runnable::run, Runnable::run);
        this.store = TieredStore.of(local, redis, link, settings, environment);
        this.fleet = Fleet.of(local, store, redis, settings, environment);
        this.hotKeys = new HotKeys(redis, NAMESPACE, local, MAX_OBJECT, worker, loop);
    }

    /** One that has joined the others. */
    static FleetNode of(Servers servers) {
        FleetNode node = absent(servers, 64 << 20);
        answer(node.fleet.start());
        eventually("the node is in step", node.store::isCurrent);
        return node;
    }

    static FleetNode on(int port) {
        return of(single(port));
    }

    /** One that does nothing yet. */
    static FleetNode absent(Servers servers, long memory) {
        return new FleetNode(servers, memory);
    }

    static Servers single(int port) {
        return new Servers.Single(new Address("127.0.0.1", port), 0);
    }

    static <T> T answer(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    boolean put(CacheKey key, Stored stored) {
        return store.put(key, stored, store.fence());
    }

    /** What the others see of it; not what is here. */
    Variants far(CacheKey key) {
        CompletionStage<Variants> far = store.far(key);
        return far == null ? Variants.NONE : answer(far);
    }

    /** As a process that is killed. */
    void kill() {
        loops.closeAndWait(Duration.ofSeconds(1));
        link.close();
    }

    @Override
    public void close() {
        kill();
        worker.shutdownNow();
    }

    private record Silence() implements RedisLink.Reports {
        @Override
        public void up() {}

        @Override
        public void down(RedisFailure why) {}
    }
}
