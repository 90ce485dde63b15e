package io.larder.store.redis;

import static io.larder.store.redis.RedisRig.answer;
import static io.larder.store.redis.RedisRig.bytes;
import static io.larder.store.redis.RedisRig.failure;
import static io.larder.store.redis.RedisRig.text;
import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.assertj.core.api.InstanceOfAssertFactories;

/** Every command once, whatever the servers are. */
final class RoundTrips {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Script ADD = Script.of("return redis.call('XADD', KEYS[1], '*', 'kind', ARGV[1])");
    private static final Script SHAPES =
            Script.of("return {1, ARGV[1], {2, redis.call('GET', KEYS[1])}, redis.call('EXISTS', KEYS[2])}");

    private RoundTrips() {}

    /** All keys bear one tag, so that a cluster may have it. */
    static void check(Redis redis, String tag) throws Exception {
        values(redis, tag);
        hashes(redis, tag);
        scripts(redis, tag);
        streams(redis, tag);
        messages(redis, tag);
        clock(redis, tag);
    }

    private static void values(Redis redis, String tag) throws Exception {
        String one = "{" + tag + "}:1";
        String two = "{" + tag + "}:2";
        byte[] binary = {0, -1, '\r', '\n', -128};
        assertThat(answer(redis.get(one))).isEmpty();
        answer(redis.set(one, binary, MINUTE));
        assertThat(answer(redis.get(one)).orElseThrow()).containsExactly(binary);
        answer(redis.set(two, new byte[700_000], MINUTE));
        List<Optional<byte[]>> values = answer(redis.mget(List.of(two, "{" + tag + "}:none", one)));
        assertThat(values)
                .extracting(value -> value.map(v -> v.length).orElse(-1))
                .containsExactly(700_000, -1, 5);
        assertThat(answer(redis.pexpire(one, MINUTE))).isTrue();
        assertThat(answer(redis.pexpire("{" + tag + "}:none", MINUTE))).isFalse();
        assertThat(answer(redis.unlink(List.of(one, two, "{" + tag + "}:none"))))
                .isEqualTo(2);
        assertThat(answer(redis.get(two))).isEmpty();
        answer(redis.set(one, binary, Duration.ofMillis(1)));
        eventually("the end of a short life", () -> answer(redis.get(one)).isEmpty());
    }

    private static void hashes(Redis redis, String tag) throws Exception {
        String key = "{" + tag + "}:hash";
        assertThat(answer(redis.hgetall(key))).isEmpty();
        answer(redis.hset(key, Map.of("head", bytes("h"), "body", bytes("b"))));
        answer(redis.hset(key, Map.of("body", bytes("c"))));
        Map<String, byte[]> fields = answer(redis.hgetall(key));
        assertThat(fields).hasSize(2).containsKeys("head", "body");
        assertThat(fields.get("body")).containsExactly('c');
        RedisFailure refused = failure(redis.get(key));
        assertThat(refused.kind()).isEqualTo(RedisFailure.Kind.REFUSED);
        assertThat(refused.detail()).startsWith("WRONGTYPE");
        answer(redis.unlink(List.of(key)));
    }

    /** The first time a server learns the script, the second time it knows it. */
    private static void scripts(Redis redis, String tag) throws Exception {
        String key = "{" + tag + "}:s";
        answer(redis.set(key, bytes("v"), MINUTE));
        for (int i = 0; i < 2; i++) {
            List<Object> answer =
                    answer(redis.eval(SHAPES, List.of(key, "{" + tag + "}:none"), List.of(bytes("argument"))));
            assertThat(answer).hasSize(4);
            assertThat(answer.get(0)).isEqualTo(1L);
            assertThat(text((byte[]) answer.get(1))).isEqualTo("argument");
            assertThat(answer.get(2))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .hasSize(2);
            assertThat(answer.get(3)).isEqualTo(0L);
        }
        assertThat(failure(redis.eval(Script.of("return redis.call('NONE')"), List.of(key), List.of()))
                        .kind())
                .isEqualTo(RedisFailure.Kind.REFUSED);
    }

    private static void streams(Redis redis, String tag) throws Exception {
        String key = "{" + tag + "}:log";
        eventually(
                "a connection for streams",
                () -> answer(redis.xread(key, "0", 10, Duration.ofMillis(5))).isEmpty());
        String first = added(redis, key, "url");
        added(redis, key, "tag");
        List<StreamEntry> entries = answer(redis.xread(key, "0", 10, Duration.ofMillis(5)));
        assertThat(entries).hasSize(2);
        assertThat(entries.get(0).id()).isEqualTo(first);
        assertThat(text(entries.get(0).fields().getOrDefault("kind", new byte[0])))
                .isEqualTo("url");
        assertThat(answer(redis.xread(key, first, 10, Duration.ofMillis(5)))).hasSize(1);
        assertThat(answer(redis.xread(key, "0", 1, Duration.ofMillis(5)))).hasSize(1);

        var waiting = redis.xread(key, entries.get(1).id(), 10, Duration.ofSeconds(5));
        String third = added(redis, key, "all");
        assertThat(answer(waiting)).extracting(StreamEntry::id).containsExactly(third);
    }

    private static String added(Redis redis, String key, String kind) throws Exception {
        return text((byte[])
                answer(redis.eval(ADD, List.of(key), List.of(bytes(kind)))).get(0));
    }

    private static void messages(Redis redis, String tag) throws Exception {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        redis.subscribe(tag + ":news", message -> heard.add(text(message)));
        redis.subscribe(tag + ":other", message -> {
            throw new IllegalStateException("not understood, on purpose");
        });
        eventually("a message", () -> {
            answer(redis.publish(tag + ":other", bytes("x")));
            answer(redis.publish(tag + ":news", bytes("hello")));
            return heard.contains("hello");
        });
    }

    private static void clock(Redis redis, String tag) throws Exception {
        long micros = answer(redis.time("{" + tag + "}:log"));
        assertThat(Instant.ofEpochMilli(micros / 1000))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }
}
