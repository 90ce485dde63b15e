package io.larder.app;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.RedisServer;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole gateways in front of one origin that share a Redis. */
class SharingTest {
    private static final String PAGE = "Cache-Control: max-age=60\r\nETag: \"1\"\r\nCache-Tag: product-7\r\n";

    @TempDir
    Path directory;

    private RedisServer redis;
    private ScriptedOrigin origin;
    private Running one;
    private Running two;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.start();
        origin = ScriptedOrigin.play(ScriptedOrigin.always(Running.ok(PAGE, "page")));
        one = node("one");
        two = node("two");
    }

    private Running node(String name) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        return Running.start(own, origin, 1, """
                cache: { memory: 16MiB, redis: { uri: "%s", node: %s, max-lag: 1s } }
                """.formatted("redis://127.0.0.1:" + redis.port(), name));
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        origin.close();
        redis.close();
    }

    private static String cache(RawClient.Answer answer) {
        return answer.field("Cache-Status");
    }

    private int asked() {
        return origin.requests().size();
    }

    @Test
    void whatOneNodeFetchedTheOtherHas() throws Exception {
        eventually("the page is there", () -> {
            one.fetch("/p");
            int before = asked();
            boolean hit = cache(two.fetch("/p")).contains("hit");
            return hit && asked() == before;
        });
        assertThat(two.fetch("/p").body()).isEqualTo("page");
    }

    @Test
    void aPurgeOnOneNodeHoldsOnBoth() throws Exception {
        eventually(
                "both serve it",
                () -> cache(one.fetch("/p")).contains("hit")
                        && cache(two.fetch("/p")).contains("hit"));
        int before = asked();
        one.adminPost("/v1/purge", "{\"tags\":[\"product-7\"]}");
        eventually("the purge has come", () -> {
            two.fetch("/p");
            return asked() > before;
        });
        eventually(
                "both serve it again",
                () -> cache(one.fetch("/p")).contains("hit")
                        && cache(two.fetch("/p")).contains("hit"));
        assertThat(asked())
                .as("once by each at most: what one has fetched is written later")
                .isBetween(before + 1, before + 2);
    }

    /** Else every purge while servers are replaced one by one would wait for those that have gone. */
    @Test
    void whoHasStoppedIsNotWaitedFor() throws Exception {
        eventually("a log that knows its nodes", () -> purge().status() == 200);
        assertThat(purge().body()).contains("two");
        two.close();
        RawClient.Answer after = purge();
        assertThat(after.status()).as(after.body()).isEqualTo(200);
        assertThat(after.body()).doesNotContain("two");
    }

    private RawClient.Answer purge() throws IOException {
        return one.adminPost("/v1/purge", "{\"tags\":[\"product-7\"],\"wait\":\"500ms\"}");
    }

    @Test
    void withoutRedisPagesAreServedAndAskedFor() throws Exception {
        eventually("it is served", () -> cache(one.fetch("/p")).contains("hit"));
        redis.kill();
        eventually("nobody trusts what was stored", () -> cache(one.fetch("/p")).contains("in-doubt"));
        assertThat(one.fetch("/p").status()).isEqualTo(200);
    }
}
