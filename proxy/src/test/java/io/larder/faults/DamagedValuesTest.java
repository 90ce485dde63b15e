package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RedisServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever somebody writes over what nodes share in Redis: it is a miss, and the next node puts it right. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DamagedValuesTest {
    private static final int VERSION_AT = 4; // in an envelope, behind its magic
    private static final int CHECKSUM = 4;

    private static RedisServer redis;
    private static Fleet fleet;

    @RegisterExtension
    static final Testimony TESTIMONY = new Testimony();

    @BeforeAll
    static void start() throws IOException {
        redis = RedisServer.start();
        fleet = TESTIMONY.of(Fleet.start(node -> "\"redis://127.0.0.1:" + redis.port() + "\""));
        fleet.awaitInStep();
    }

    @AfterAll
    static void stop() throws IOException {
        try {
            fleet.close();
        } finally {
            redis.close();
        }
    }

    record Damage(String name, UnaryOperator<String> to) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                        new Damage("garbage", value -> "garbage".repeat(100)),
                        new Damage("nothing", value -> ""),
                        new Damage("the first half", value -> value.substring(0, value.length() / 2)),
                        new Damage("all but the last octet", value -> value.substring(0, value.length() - 1)),
                        new Damage("one octet more", value -> value + "x"),
                        new Damage("an octet changed", value -> changed(value, value.length() / 2)),
                        new Damage("a length changed", value -> changed(value, VERSION_AT + 2)),
                        new Damage("a newer version", DamagedValuesTest::newer))
                .map(Arguments::of);
    }

    private static String changed(String value, int place) {
        char[] octets = value.toCharArray();
        octets[place] = (char) (octets[place] ^ 0x10);
        return new String(octets);
    }

    /** As a later release might write it, with everything else in order. */
    private static String newer(String value) {
        byte[] octets = value.getBytes(StandardCharsets.ISO_8859_1);
        octets[VERSION_AT]++;
        int end = octets.length - CHECKSUM;
        CRC32C checksum = new CRC32C();
        checksum.update(octets, 0, end);
        ByteBuffer.wrap(octets).putInt(end, (int) checksum.getValue());
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamagedEnvelope(Damage damage) throws IOException {
        for (String kind : List.of("/new/", "/large/")) {
            String path = kind + damage.hashCode();
            String key = stored(path);
            for (String field : redis.ask("HKEYS", key).lines().toList()) {
                redis.ask("HSET", key, field, damage.to.apply(redis.ask("HGET", key, field)));
            }
            isAMissAndPutRight(path);
        }
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamagedChunk(Damage damage) throws IOException {
        String path = "/large/chunk-" + damage.hashCode();
        Set<String> before = keys("c");
        stored(path);
        Set<String> chunks = keys("c");
        chunks.removeAll(before);
        assertThat(chunks).isNotEmpty();
        for (String chunk : chunks) {
            redis.ask("SET", chunk, damage.to.apply(redis.ask("GET", chunk)), "KEEPTTL");
        }
        isAMissAndPutRight(path);
    }

    @Test
    void aChunkThatIsGone() throws IOException {
        Set<String> before = keys("c");
        stored("/large/gone");
        Set<String> chunks = keys("c");
        chunks.removeAll(before);
        redis.ask("DEL", chunks.iterator().next());
        isAMissAndPutRight("/large/gone");
    }

    @Test
    void somethingElseUnderTheKey() throws IOException {
        String key = stored("/new/replaced");
        redis.ask("DEL", key);
        redis.ask("SET", key, "something else");
        isAMiss("/new/replaced");
    }

    /** Node a has fetched it; @return its key in Redis. */
    private static String stored(String path) throws IOException {
        Set<String> before = keys("o");
        assertThat(fleet.get("a", path).isGood()).isTrue();
        eventually("a shared " + path, () -> keys("o").size() > before.size());
        Set<String> after = keys("o");
        after.removeAll(before);
        assertThat(after).hasSize(1);
        return after.iterator().next();
    }

    private static Set<String> keys(String kind) {
        String all = redis.ask("KEYS", Fleet.NAMESPACE + ":" + kind + ":*");
        return new TreeSet<>(all.lines().toList());
    }

    private static void isAMiss(String path) throws IOException {
        int before = fleet.origin().requests(path);
        Seen one = fleet.get("b", path);
        assertThat(one.isGood()).as(one::toString).isTrue();
        assertThat(one.isHit()).as(one::toString).isFalse();
        assertThat(fleet.origin().requests(path)).isEqualTo(before + 1);
    }

    private static void isAMissAndPutRight(String path) throws IOException {
        isAMiss(path);
        eventually("a hit on another node for " + path, () -> {
            int before = fleet.origin().requests(path);
            return fleet.get("c", path).isHit() && fleet.origin().requests(path) == before;
        });
        assertThat(fleet.origin().requests(path))
                .as("how often the origin was asked")
                .isLessThanOrEqualTo(3);
    }
}
