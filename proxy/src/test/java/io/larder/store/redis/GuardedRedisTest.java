package io.larder.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuardedRedisTest {
    private final List<String> asked = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private long nanos;
    private RedisFailure.@Nullable Kind trouble;

    private final Redis behind = (Redis) Proxy.newProxyInstance(
            Redis.class.getClassLoader(), new Class<?>[] {Redis.class}, (proxy, method, arguments) -> {
                asked.add(method.getName() + " " + arguments[0]);
                return trouble == null
                        ? CompletableFuture.completedFuture(Optional.empty())
                        : CompletableFuture.failedFuture(new RedisFailure(trouble, "trouble"));
            });
    private final GuardedRedis redis =
            new GuardedRedis(behind, Breaker.usual(), "probe", () -> nanos, (task, delay) -> later.add(task));

    @ParameterizedTest
    @EnumSource(
            value = RedisFailure.Kind.class,
            names = {"DOWN", "TIMEOUT", "BUSY"})
    void asksNothingWhileItFailsAndFindsOutWhenItNoLongerDoes(RedisFailure.Kind kind) {
        trouble = kind;
        ask(5);
        assertThat(redis.isAsked()).isFalse();
        asked.clear();

        assertThat(redis.get("k").toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(RedisFailure.class);
        assertThat(asked).isEmpty();

        probe();
        assertThat(asked).containsExactly("get probe");
        assertThat(redis.isAsked()).isFalse();
        trouble = null;
        probe();
        assertThat(redis.isAsked()).isTrue();
        assertThat(later).isEmpty();
        ask(1);
        assertThat(asked).containsExactly("get probe", "get probe", "get k");
    }

    @Test
    void aRefusalIsAnAnswer() {
        trouble = RedisFailure.Kind.REFUSED;
        ask(100);
        assertThat(redis.isAsked()).isTrue();
        assertThat(later).isEmpty();
    }

    @Test
    void streamsAreNotHeldBack() {
        trouble = RedisFailure.Kind.DOWN;
        ask(5);
        asked.clear();
        redis.xread("log", "0", 1, Duration.ofSeconds(1));
        assertThat(asked).containsExactly("xread log");
    }

    private void ask(int times) {
        for (int i = 0; i < times; i++) {
            redis.get("k");
        }
    }

    /** Lets the probe that is due be sent; there must be exactly one. */
    private void probe() {
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(later).hasSize(1);
        later.remove(0).run();
    }
}
