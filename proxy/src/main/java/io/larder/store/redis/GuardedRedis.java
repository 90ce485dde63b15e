package io.larder.store.redis;

import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Redis behind a {@link Breaker}: while that is open every command fails at once, and a probe in the background finds out
 * when it may be asked again. Streams and messages have connections and patience of their own and are not held back.
 */
@Shared
public final class GuardedRedis implements Redis {
    /** Runs a task after a delay. */
    @FunctionalInterface
    public interface Later {
        void run(Runnable task, Duration delay);
    }

    private final Redis redis;
    private final Breaker rule;
    private final String probeKey;
    private final LongSupplier nanos;
    private final Later later;

    private volatile Breaker.State state; // written under the lock of this

    /**
     * @param probeKey a key that is looked for to find out whether there are answers; it need not be there
     * @param nanos a clock that goes on evenly
     */
    public GuardedRedis(Redis redis, Breaker rule, String probeKey, LongSupplier nanos, Later later) {
        this.redis = redis;
        this.rule = rule;
        this.probeKey = probeKey;
        this.nanos = nanos;
        this.later = later;
        this.state = rule.start(nanos.getAsLong());
    }

    /** Whether Redis is asked now. */
    public boolean isAsked() {
        return state.mayAsk();
    }

    @Override
    public CompletionStage<Optional<byte[]>> get(String key) {
        return guarded(() -> redis.get(key));
    }

    @Override
    public CompletionStage<List<Optional<byte[]>>> mget(List<String> keys) {
        return guarded(() -> redis.mget(keys));
    }

    @Override
    public CompletionStage<Void> set(String key, byte[] value, Duration life) {
        return guarded(() -> redis.set(key, value, life));
    }

    @Override
    public CompletionStage<Map<String, byte[]>> hgetall(String key) {
        return guarded(() -> redis.hgetall(key));
    }

    @Override
    public CompletionStage<Surveyed> survey(String key, List<String> beside) {
        return guarded(() -> redis.survey(key, beside));
    }

    @Override
    public CompletionStage<Void> hset(String key, Map<String, byte[]> fields) {
        return guarded(() -> redis.hset(key, fields));
    }

    @Override
    public CompletionStage<Boolean> pexpire(String key, Duration life) {
        return guarded(() -> redis.pexpire(key, life));
    }

    @Override
    public CompletionStage<Long> unlink(List<String> keys) {
        return guarded(() -> redis.unlink(keys));
    }

    @Override
    public CompletionStage<List<Object>> eval(Script script, List<String> keys, List<byte[]> arguments) {
        return guarded(() -> redis.eval(script, keys, arguments));
    }

    @Override
    public CompletionStage<List<StreamEntry>> xread(String key, String after, int most, Duration wait) {
        return redis.xread(key, after, most, wait);
    }

    @Override
    public CompletionStage<Long> publish(String channel, byte[] message) {
        return guarded(() -> redis.publish(channel, message));
    }

    @Override
    public void subscribe(String channel, Consumer<byte[]> listener) {
        redis.subscribe(channel, listener);
    }

    @Override
    public CompletionStage<Long> time(String key) {
        return guarded(() -> redis.time(key));
    }

    private <T> CompletionStage<T> guarded(Supplier<CompletionStage<T>> call) {
        if (!isAsked()) {
            return CompletableFuture.failedFuture(
                    new RedisFailure(RedisFailure.Kind.DOWN, "it has failed too often just now"));
        }
        CompletionStage<T> answer = call.get();
        answer.whenComplete((value, failure) -> note(isAnswer(failure)));
        return answer;
    }

    private synchronized void note(boolean good) {
        boolean asked = state.mayAsk();
        long now = nanos.getAsLong();
        state = good ? rule.succeeded(state, now) : rule.failed(state, now);
        if (asked && !state.mayAsk()) {
            later.run(this::probe, rule.pause());
        }
    }

    private void probe() {
        synchronized (this) {
            state = rule.probe(state, nanos.getAsLong());
            if (state instanceof Breaker.Open) {
                later.run(this::probe, rule.pause()); // too early, by another clock
                return;
            }
        }
        redis.get(probeKey).whenComplete((value, failure) -> probed(isAnswer(failure)));
    }

    private synchronized void probed(boolean answered) {
        state = rule.probed(state, answered, nanos.getAsLong());
        if (!state.mayAsk()) {
            later.run(this::probe, rule.pause());
        }
    }

    /** A refusal is an answer: a server that is full still has what it holds. */
    private static boolean isAnswer(@Nullable Throwable failure) {
        return failure == null || (failure instanceof RedisFailure known && known.kind() == RedisFailure.Kind.REFUSED);
    }
}
