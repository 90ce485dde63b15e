package io.larder.store;

import static io.larder.testing.Eventually.eventually;

import io.larder.exchange.Loop;
import io.larder.store.redis.Breaker;
import io.larder.store.redis.GuardedRedis;
import io.larder.store.redis.RedisRig;
import io.larder.testing.RedisServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A node as far as stores go, on real servers, with a clock that can jump. */
final class StoreNode implements AutoCloseable {
    static final Duration MAX_LAG = Duration.ofSeconds(20); // a busy machine is not to seem cut off
    static final Duration LEASE = Duration.ofSeconds(3); // shorter than it ought to be: nobody wants to wait

    private final RedisRig logs;
    private final RedisRig values;
    private final AtomicLong ahead = new AtomicLong();
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());
    private final ExecutorService worker = Executors.newFixedThreadPool(2);
    final LocalStore local = new LocalStore(64 << 20, this::nanos, Runnable::run, worker);
    final SharedTier shared;
    final Coherence coherence;
    final TieredStore store;

    StoreNode(String name, RedisServer log, RedisServer shared, TieredStore.WhenLagging then) {
        this(name, RedisRig.to(log.port()), RedisRig.to(shared.port()), then);
        logs.awaitUp();
        values.awaitUp();
    }

    /** A node that need not find a server. */
    static StoreNode at(String name, int port, TieredStore.WhenLagging then) {
        return new StoreNode(name, RedisRig.to(port), RedisRig.to(port), then);
    }

    private StoreNode(String name, RedisRig logs, RedisRig values, TieredStore.WhenLagging then) {
        this.logs = logs;
        this.values = values;
        LongSupplier chance = new Random(name.hashCode())::nextLong;
        GuardedRedis guarded =
                new GuardedRedis(values.link, Breaker.usual(), "t:probe", System::nanoTime, values.link::later);
        this.shared =
                new SharedTier(guarded, new SharedTier.Settings("t", 4 << 20), worker, () -> StoreContract.NOW, chance);
        RedisPurgeLog log =
                new RedisPurgeLog(logs.link, new RedisPurgeLog.Settings("t", LEASE, Duration.ofDays(7)), chance);
        this.coherence = new Coherence(name, log, local.book(), MAX_LAG, this::nanos, new OneThread());
        this.store = new TieredStore(local, shared, coherence, then);
        coherence.start();
    }

    private long nanos() {
        return System.nanoTime() + ahead.get();
    }

    /** Lets so much time pass for this node, at once. */
    void jump(Duration time) {
        ahead.addAndGet(time.toNanos());
    }

    StoreNode awaitCurrent() {
        eventually("a node in step", coherence::isCurrent);
        return this;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        worker.shutdownNow();
        values.close();
        logs.close();
    }

    private final class OneThread implements Loop {
        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            Future<?> later = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> later.cancel(false);
        }

        @Override
        public Instant now() {
            return StoreContract.NOW;
        }

        @Override
        public long nanos() {
            return StoreNode.this.nanos();
        }

        @Override
        public void check() {}
    }
}
