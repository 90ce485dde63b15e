package io.larder.store;

import io.larder.admission.Gcra;
import io.larder.exchange.Shared;
import io.larder.store.redis.Redis;
import io.larder.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The allowances of clients: on this node, and where that is wanted, of all nodes together. Any thread may call. */
@Shared
public final class Rates {
    /**
     * ARGV: the interval and the span in microseconds. Answers with whether one more is admitted, and in how many microseconds
     * the allowance is whole again. Redis has the clock, so that those of nodes need not agree. {@code Gcra} in Redis' words.
     */
    private static final Script TAKE = Script.of("""
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local interval, span = tonumber(ARGV[1]), tonumber(ARGV[2])
            local debt = math.min(span, math.max(0, (tonumber(redis.call('GET', KEYS[1])) or 0) - now))
            if debt + interval > span then return {0, math.floor(debt)} end
            debt = debt + interval
            redis.call('SET', KEYS[1], string.format('%.3f', now + debt), 'PX', math.ceil(debt / 1000))
            return {1, math.floor(debt)}
            """);

    private final RateTable own = new RateTable();
    private final @Nullable Redis redis;
    private final String prefix;
    private final LongAdder alone = new LongAdder();

    private Rates(@Nullable Redis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    /** Of a node that shares nothing. */
    public static Rates alone() {
        return new Rates(null, "");
    }

    /**
     * Of a node that counts together with others.
     *
     * @param redis fails soon where it does not answer
     * @param namespace what all names begin with
     */
    public static Rates shared(Redis redis, String namespace) {
        return new Rates(redis, namespace + ":rate:{");
    }

    /** Takes from the allowance that {@code client} has on this node, at {@code now} on a clock that goes on evenly. */
    public Gcra.Decision node(long client, Gcra rate, long now) {
        return own.take(client, rate, now);
    }

    /**
     * Takes from the allowance that {@code client} has on all nodes together; from that on this node, and soon, where Redis
     * does not say.
     *
     * @return never fails; completes on any thread
     */
    public CompletionStage<Gcra.Decision> fleet(long client, Gcra rate, long now) {
        if (redis == null) {
            return CompletableFuture.completedFuture(node(client, rate, now));
        }
        return redis.eval(TAKE, List.of(prefix + Long.toHexString(client) + '}'), arguments(rate))
                .handle((answer, failure) -> {
                    if (failure == null) {
                        return decision(answer, now);
                    }
                    alone.increment();
                    return node(client, rate, now);
                });
    }

    /** How often a node had to decide for itself what all were to decide together. */
    public long decidedAlone() {
        return alone.sum();
    }

    private static Gcra.Decision decision(List<Object> answer, long now) {
        long debt = (long) answer.get(1) * 1000;
        return new Gcra.Decision(answer.get(0).equals(1L), now + debt, debt);
    }

    private static List<byte[]> arguments(Gcra rate) {
        return List.of(microseconds(rate.interval()), microseconds(rate.span()));
    }

    private static byte[] microseconds(long nanos) {
        String text = nanos / 1000 + "." + Long.toString(1000 + nanos % 1000).substring(1);
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
