package io.larder.store;

import io.larder.exchange.Loop;
import io.larder.exchange.Shared;
import io.larder.policy.CacheKey;
import io.larder.store.format.KeyFormat;
import io.larder.store.redis.Redis;
import io.larder.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys are asked for most, by all nodes together: each says of its own every ten seconds. Kept in Redis, bounded, so
 * that a node which starts knows what it will be asked for.
 *
 * <p>A report counts 1 for a node's hottest key and less for each after it. What nodes report adds up, and halves every five
 * minutes. Scores are the logarithms of that at the beginning of time: so what is not reported any more sinks by itself,
 * since all others rise, and no number grows out of bounds.
 */
@Shared
final class HotKeys {
    private static final Logger LOG = LoggerFactory.getLogger(HotKeys.class);

    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration HALF_LIFE = Duration.ofMinutes(5);
    private static final Duration LIFE = Duration.ofHours(1); // of all of it, when no node is there
    private static final int FORGOTTEN = 12; // half-lives after which nothing is left of a report
    private static final int REPORTED = 500; // keys at once, of one node
    private static final int MOST = 2_000; // keys of all nodes
    private static final int BATCH = 100; // keys of one call: others wait while it is carried out
    private static final int LONGEST = 4_096; // octets of a key

    /** KEYS: the keys by heat. ARGV: seconds of a half-life, half-lives, how many keys, life; counts and keys in turns. */
    private static final Script REPORT = Script.of("""
            local time = redis.call('TIME')
            local now = (time[1] + time[2] / 1000000) / ARGV[1]
            for i = 5, #ARGV, 2 do
              local heat = now + math.log(ARGV[i]) / math.log(2)
              local known = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i + 1]) or heat - 64)
              local most = math.max(heat, known)
              heat = most + math.log(1 + 2 ^ (math.min(heat, known) - most)) / math.log(2)
              redis.call('ZADD', KEYS[1], string.format('%.17g', heat), ARGV[i + 1])
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.17g', now - ARGV[2]))
            redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[3])
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
            return {}
            """);

    /** ARGV: places of the first and the last that are wanted, the hottest being 0. */
    private static final Script HOTTEST = Script.of("return redis.call('ZREVRANGE', KEYS[1], ARGV[1], ARGV[2])");

    private final Redis redis;
    private final List<String> name;
    private final LocalStore local;
    private final long maxBody;
    private final Executor worker;
    private final Loop loop;

    /**
     * @param maxBody octets of the largest response that is shared
     * @param worker looks what is hot: never a loop
     * @param loop on which no request lives
     */
    HotKeys(Redis redis, String namespace, LocalStore local, long maxBody, Executor worker, Loop loop) {
        this.redis = redis;
        this.name = List.of(namespace + ":hot");
        this.local = local;
        this.maxBody = maxBody;
        this.worker = worker;
        this.loop = loop;
    }

    /** Begins to report. Returns at once. */
    void start() {
        loop.execute(() -> loop.schedule(PAUSE, this::report));
    }

    /** However long it takes, the next report is begun later only. */
    void report() {
        try {
            worker.execute(() -> {
                List<CacheKey> hottest = looked();
                loop.execute(() -> send(hottest, 0));
            });
        } catch (RejectedExecutionException closing) {
            return; // nor is there a next one
        }
    }

    /** A bug in finding it out costs this one report, and not all that come after it. */
    private List<CacheKey> looked() {
        try {
            return local.hottest(REPORTED, maxBody);
        } catch (RuntimeException bug) {
            LOG.error("what is hot could not be found out", bug);
            return List.of();
        }
    }

    private void send(List<CacheKey> hottest, int from) {
        int to = Math.min(hottest.size(), from + BATCH);
        if (from == to) {
            loop.schedule(PAUSE, this::report);
            return;
        }
        List<byte[]> arguments = new ArrayList<>(
                List.of(octets(HALF_LIFE.toSeconds()), octets(FORGOTTEN), octets(MOST), octets(LIFE.toMillis())));
        for (int place = from; place < to; place++) {
            byte[] key = KeyFormat.encode(hottest.get(place));
            if (key.length <= LONGEST) {
                arguments.add(octets(1 - (double) place / (2 * REPORTED)));
                arguments.add(key);
            }
        }
        redis.eval(REPORT, name, arguments)
                .whenComplete((done, failure) ->
                        loop.execute(() -> send(failure == null ? hottest : List.of(), failure == null ? to : 0)));
    }

    /**
     * Some of the hottest keys of all nodes, the hottest first.
     *
     * @param last whether there are no others
     */
    record Page(List<CacheKey> keys, boolean last) {
        Page {
            keys = List.copyOf(keys);
        }
    }

    /**
     * The hottest keys from place {@code from} on; fails where Redis does not answer.
     *
     * @param most how many
     */
    CompletionStage<Page> hottest(int from, int most) {
        return redis.eval(HOTTEST, name, List.of(octets(from), octets(from + most - 1)))
                .thenApply(found -> new Page(keys(found), found.size() < most));
    }

    private static List<CacheKey> keys(List<Object> found) {
        return found.stream()
                .map(octets -> KeyFormat.decode((byte[]) octets))
                .flatMap(Optional::stream)
                .filter(CacheKey::isForAll)
                .toList();
    }

    private static byte[] octets(Number number) {
        return number.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
