package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients who want the same at the same time, from several loops. */
class CrowdTest {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String FRESH = "Cache-Control: max-age=600\r\n";

    @TempDir
    Path directory;

    @Test
    void aThousandMissesAreOneRequest() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        List<RawClient> crowd = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        wire.pauseUntil(all, PATIENCE_MILLIS);
                        wire.send(Running.ok(FRESH, "one for all"));
                    }
                });
                Running running = Running.start(directory, origin, 4)) {
            for (int i = 0; i < 1000; i++) {
                crowd.add(running.connect().send(Running.get("/hot")));
            }
            all.countDown();
            int collapsed = 0;
            for (RawClient client : crowd) {
                RawClient.Answer answer = client.answer();
                assertThat(answer.body()).isEqualTo("one for all");
                collapsed += answer.field("Cache-Status").contains("collapsed") ? 1 : 0;
                client.close();
            }
            assertThat(origin.requests()).hasSize(1);
            assertThat(collapsed).isGreaterThan(500);
        }
    }

    /** Were they served one after the other, or ten by ten, they would never all be at the origin at once. */
    @Test
    void aThousandWhoMayNotShareAreAtTheOriginAllAtOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch together = new CountDownLatch(999);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        if (asked.getAndIncrement() == 0) {
                            wire.pauseUntil(sent, PATIENCE_MILLIS);
                        } else {
                            together.countDown();
                            wire.pauseUntil(together, PATIENCE_MILLIS);
                        }
                        wire.send(Running.ok("Cache-Control: private\r\n", "yours"));
                    }
                });
                Running running = Running.start(
                        directory,
                        origin,
                        4,
                        "upstreams: { app: { servers: ['127.0.0.1:" + origin.port()
                                + "'], pool: { max-connections: 4000 }, timeouts: { connect: 30s } } }")) {
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                crowd.add(running.connect().send(Running.get("/mine")));
            }
            sent.countDown();
            for (RawClient client : crowd) {
                assertThat(client.answer().body()).isEqualTo("yours");
                client.close();
            }
            assertThat(together.getCount()).isZero();
            assertThat(origin.requests()).hasSize(1000);
        }
    }

    @Test
    void variantsAreFetchedOnceEach() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
                        wire.pauseUntil(all, PATIENCE_MILLIS);
                        String language = head.replaceAll("(?s).*Accept-Language: (..).*", "$1");
                        wire.send(Running.ok(FRESH + "Vary: Accept-Language\r\nX-Asked: 1\r\n", language));
                    }
                });
                Running running = Running.start(directory, origin, 4)) {
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                String language = "Accept-Language: l" + i % 4 + "\r\n\r\n";
                crowd.add(running.connect().send(Running.get("/page").replace("\r\n\r\n", "\r\n" + language)));
            }
            all.countDown();
            int fetched = 0;
            for (int i = 0; i < 400; i++) {
                RawClient.Answer answer = crowd.get(i).answer();
                assertThat(answer.body()).isEqualTo("l" + i % 4);
                fetched += answer.field("X-Cache").equals("MISS") ? 1 : 0;
                crowd.get(i).close();
            }
            assertThat(fetched).isEqualTo(4);
        }
    }

    @Test
    void followersReadWhileItComesAndOutliveTheOneWhoAskedFirst() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        asked.countDown();
                        wire.send("HTTP/1.1 200 OK\r\n" + FRESH + "Content-Length: 8\r\n\r\nhalf");
                        wire.pauseUntil(rest, PATIENCE_MILLIS);
                        wire.send("rest");
                    }
                });
                Running running = Running.start(directory, origin, 4)) {
            RawClient first = running.connect().send(Running.get("/hot"));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            List<RawClient> followers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                followers.add(running.connect().send(Running.get("/hot")));
            }
            for (RawClient follower : followers) {
                assertThat(half(follower)).isEqualTo("half");
            }
            assertThat(half(first)).isEqualTo("half");
            first.reset();
            rest.countDown();
            for (RawClient follower : followers) {
                assertThat(text(follower, 4)).isEqualTo("rest");
                follower.close();
            }
            assertThat(running.fetch("/hot").body()).isEqualTo("halfrest");
            assertThat(origin.requests()).hasSize(1);
        }
    }

    @Test
    void anOriginIsLeftAloneWhenNobodyListensAnyMore() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    wire.readRequest();
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf");
                    try {
                        wire.awaitClose();
                    } finally {
                        left.countDown(); // a reset is an end, too
                    }
                });
                Running running = Running.start(directory, origin, 2)) {
            RawClient client = running.connect().send(Running.get("/events"));
            assertThat(half(client)).isEqualTo("half");
            client.reset();
            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static String half(RawClient client) throws IOException {
        assertThat(client.head().get(0)).startsWith("HTTP/1.1 200");
        return text(client, 4);
    }

    private static String text(RawClient client, int length) throws IOException {
        return new String(client.exactly(length), StandardCharsets.US_ASCII);
    }

    /**
     * The promise: once a purge was answered, nobody is served what was there before it. An origin whose content carries
     * its version, fetches that a purge overtakes, and clients on several loops, 300 times in as many orders as chance gives.
     */
    @Test
    void nothingStaleComesAfterThePurgeWasAnswered() throws Exception {
        AtomicInteger version = new AtomicInteger();
        AtomicBoolean gated = new AtomicBoolean();
        Semaphore arrived = new Semaphore(0);
        Semaphore gate = new Semaphore(0);
        Random random = new Random(20261123);
        try (ScriptedOrigin origin = ScriptedOrigin.play(wire -> {
                    while (wire.readRequest()) {
                        String body = "version " + version.get();
                        boolean headFirst = version.get() % 2 == 0;
                        String answer = Running.ok(FRESH, body);
                        int sentFirst = headFirst ? answer.length() - body.length() + 3 : 0;
                        wire.send(answer.substring(0, sentFirst));
                        arrived.release();
                        if (gated.get() && !gate.tryAcquire(10, TimeUnit.SECONDS)) {
                            return;
                        }
                        wire.send(answer.substring(sentFirst));
                    }
                });
                Running running = Running.start(directory, origin, 2);
                RawClient slow = running.connect();
                RawClient late = running.connect();
                RawClient last = running.connect()) {
            for (int round = 1; round <= 300; round++) {
                version.incrementAndGet();
                gated.set(true);
                arrived.drainPermits();
                slow.send(Running.get("/page"));
                assertThat(arrived.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                int current = version.incrementAndGet();
                boolean purgeFirst = random.nextBoolean();
                gated.set(false);
                if (!purgeFirst) {
                    gate.release();
                }
                assertThat(running.adminPost("/v1/purge", purge(random)).status())
                        .isEqualTo(200);
                late.send(Running.get("/page"));
                if (purgeFirst && random.nextBoolean()) {
                    assertThat(seen(late)).as("round " + round).isGreaterThanOrEqualTo(current);
                    late.send(Running.get("/page"));
                }
                if (purgeFirst) {
                    gate.release();
                }
                assertThat(seen(slow)).isGreaterThanOrEqualTo(current - 1);
                assertThat(seen(late)).as("round " + round).isGreaterThanOrEqualTo(current);
                assertThat(seen(last.send(Running.get("/page"))))
                        .as("round " + round)
                        .isGreaterThanOrEqualTo(current);
                running.adminPost("/v1/purge", "{\"all\":true}");
            }
        }
    }

    private static String purge(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "{\"urls\":[\"http://shop.test/page\"]}";
            case 1 -> "{\"prefixes\":[\"http://shop.test/p\"]}";
            case 2 -> "{\"hosts\":[\"shop.test\"]}";
            default -> "{\"all\":true}";
        };
    }

    private static int seen(RawClient client) throws IOException {
        return Integer.parseInt(client.answer().body().replace("version ", ""));
    }
}
