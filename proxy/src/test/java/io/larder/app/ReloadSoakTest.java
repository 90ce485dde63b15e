package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.Eventually;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many reloads while clients are served: a thousand, or as many as there is time for; or as many as the system property {@code
 * larder.reloads} says, however long that takes.
 */
class ReloadSoakTest {
    private static final int RELOADS = Integer.getInteger("larder.reloads", 1000);
    private static final boolean HURRIED = Integer.getInteger("larder.reloads") == null;
    private static final Duration TIME = Duration.ofSeconds(30);
    private static final int CLIENTS = 4;

    @TempDir
    Path directory;

    /** Each differs from the one before in something that a reload has to do. */
    private static String config(int i, ScriptedOrigin origin, ScriptedOrigin other) {
        String more = i % 3 == 0 ? ", more: { bind: '127.0.0.1:0' }" : "";
        String limits = i % 5 == 0 ? ", limits: { body: " + (i + 1) + "KiB }" : "";
        String pool = i % 4 == 0 ? ", pool: { max-connections: " + (100 + i) + " }" : "";
        String server = (i % 7 == 0 ? other : origin).address().getPort() + "";
        return """
                listeners: { web: { bind: '127.0.0.1:0'%s }%s }
                admin: { bind: '127.0.0.1:0' }
                log: { access: { format: off }, level: error }
                shutdown: { drain: 2s }
                upstreams: { app: { servers: ['127.0.0.1:%s']%s }, same: { servers: ['127.0.0.1:%s'] } }
                sites:
                  shop:
                    upstream: app
                    routes:
                      - { path: /new%d, respond: { body: never } }
                      - { path: /same/**, upstream: same, cache: off }
                      - { path: /cached/** }
                      - { path: /**, cache: off }
                """.formatted(limits, more, server, pool, origin.address().getPort(), i);
    }

    /** What one client got until it was told to stop. */
    private static long visit(Running running, AtomicBoolean over, List<String> wrong) throws IOException {
        String[] targets = {"/", "/same/page", "/cached/page", "/large"};
        long answers = 0;
        try (RawClient client = running.connect()) {
            while (!over.get()) {
                RawClient.Answer answer = client.send(Running.get(targets[(int) (answers % targets.length)]))
                        .answer();
                if (answer.status() != 200 || !answer.body().equals("page") || answer.closes()) {
                    wrong.add(answer.toString());
                }
                answers++;
            }
        }
        return answers;
    }

    @Test
    void noRequestFailsAndNothingOldStays() throws Exception {
        String page = Running.ok("Cache-Control: max-age=1\r\n", "page");
        AtomicBoolean over = new AtomicBoolean();
        List<String> wrong = new CopyOnWriteArrayList<>();
        List<WeakReference<?>> old = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.play(ScriptedOrigin.always(page));
                ScriptedOrigin other = ScriptedOrigin.play(ScriptedOrigin.always(page));
                Running running = Running.reloading(directory, 2, false, config(1, origin, other));
                RawClient operator = new RawClient(running.larder.adminAddress());
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Long>> visits = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                visits.add(clients.submit(() -> visit(running, over, wrong)));
            }
            try {
                long end = System.nanoTime() + TIME.toNanos();
                for (int i = 0; i < RELOADS && (!HURRIED || System.nanoTime() < end); i++) {
                    old.add(new WeakReference<>(running.larder.live().now()));
                    old.add(new WeakReference<>(running.larder.live().gateway()));
                    reload(operator, config(i, origin, other), i);
                }
            } finally {
                over.set(true);
            }
            long answered = 0;
            for (Future<Long> visit : visits) {
                answered += visit.get();
            }
            assertThat(wrong).isEmpty();
            assertThat(old).hasSizeGreaterThan(100);
            assertThat(answered).isGreaterThan(old.size());
            assertThat(running.larder.live().history().failures()).isZero();
            reload(operator, config(1, origin, other), 1);
            Eventually.eventually(Duration.ofSeconds(30), () -> left(old) + " generations are left", () -> {
                System.gc();
                return left(old) == 0;
            });
        }
    }

    private static long left(List<WeakReference<?>> references) {
        return references.stream().filter(reference -> reference.get() != null).count();
    }

    private void reload(RawClient operator, String config, int number) throws IOException {
        Files.writeString(directory.resolve("larder.yaml"), config);
        RawClient.Answer answer = operator.send("POST /v1/reload HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                .answer();
        assertThat(answer.status()).as("reload %d: %s", number, answer.body()).isEqualTo(200);
    }

    /** The time is printed where the system property {@code larder.reloads.time} is set; without, only that it works counts. */
    @Test
    void aThousandRoutesAndServersAreReloaded() throws Exception {
        try (Running running = Running.reloading(directory, 2, false, large(0));
                RawClient operator = new RawClient(running.larder.adminAddress())) {
            List<Long> millis = new ArrayList<>();
            int rounds = Boolean.getBoolean("larder.reloads.time") ? 60 : 2;
            for (int i = 1; i <= rounds; i++) {
                long began = System.nanoTime();
                reload(operator, large(i), i);
                millis.add((System.nanoTime() - began) / 1_000_000);
            }
            if (Boolean.getBoolean("larder.reloads.time")) {
                System.out.println("1 000 routes and 1 000 servers, milliseconds of each reload: " + millis);
            }
            try (RawClient client = running.connect()) {
                assertThat(client.send(Running.get("/r7/x")).answer().body()).isEqualTo("r" + rounds);
            }
        }
    }

    private static String large(int round) {
        String servers = IntStream.range(0, 1000)
                .mapToObj(i -> "\"127.0." + i / 250 + "." + (1 + i % 250) + ":9\"")
                .collect(Collectors.joining(", "));
        String routes = IntStream.range(0, 999)
                .mapToObj(i -> "      - { path: /r" + i + "/**, "
                        + (i == 7
                                ? "respond: { body: r" + round + " }"
                                : "cache: { ttl: " + (1 + (i + round) % 9) + "m }")
                        + " }\n")
                .collect(Collectors.joining());
        return """
                listeners: { web: { bind: '127.0.0.1:0' } }
                admin: { bind: '127.0.0.1:0' }
                log: { access: { format: off }, level: error }
                upstreams: { app: { servers: [%s], pool: { max-connections: %d } } }
                sites:
                  shop:
                    upstream: app
                    routes:
                """.formatted(servers, 100 + round) + routes + "      - { path: /** }\n";
    }
}
