package io.larder.store.redis;

import static io.larder.testing.Eventually.eventually;

import io.larder.store.redis.RedisSettings.Address;
import io.larder.store.redis.RedisSettings.Login;
import io.larder.store.redis.RedisSettings.Servers;
import io.larder.store.redis.RedisSettings.Tls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A link to real servers, what it reports, and short ways to ask. */
public final class RedisRig implements AutoCloseable, RedisLink.Reports {
    /** So that a busy machine does not make an answer late; the tests of deadlines have one of their own. */
    public static final Duration TIMEOUT = Duration.ofSeconds(2);

    public final Queue<String> reports = new ConcurrentLinkedQueue<>();
    public final RedisLink link;

    static {
        System.setProperty("io.lettuce.core.iouring", "false"); // with two native transports Lettuce warns each time
    }

    RedisRig(RedisSettings settings) {
        this.link = new RedisLink(settings, System::nanoTime, () -> 0.5, this);
    }

    public static RedisRig to(int port) {
        return to(port, TIMEOUT);
    }

    public static RedisRig to(int port, Duration timeout) {
        return new RedisRig(settings(single(port), null, null, timeout));
    }

    public static RedisRig of(Servers servers, @Nullable Login login, @Nullable Tls tls) {
        return new RedisRig(settings(servers, login, tls, TIMEOUT));
    }

    public static Servers single(int port) {
        return new Servers.Single(new Address("127.0.0.1", port), 0);
    }

    public static List<Address> addresses(List<Integer> ports) {
        return ports.stream().map(port -> new Address("127.0.0.1", port)).toList();
    }

    private static RedisSettings settings(Servers servers, @Nullable Login login, @Nullable Tls tls, Duration timeout) {
        return new RedisSettings(servers, login, tls, timeout);
    }

    public RedisRig awaitUp() {
        eventually(() -> "a connection: " + reports, link::isUp);
        return this;
    }

    void awaitDown() {
        eventually("no connection", () -> !link.isUp());
    }

    /** The answer, waited for. */
    public static <T> T answer(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** The failure, waited for; it must be one. */
    public static RedisFailure failure(CompletionStage<?> stage) throws Exception {
        try {
            throw new AssertionError(
                    "no failure but " + stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RedisFailure failure) {
                return failure;
            }
            throw e;
        }
    }

    boolean answersSet(String key) {
        try {
            answer(link.set(key, bytes("v"), Duration.ofMinutes(1)));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The threads that a link runs on. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("lettuce-") || name.startsWith("larder-redis"))
                .sorted()
                .toList();
    }

    @Override
    public void up() {
        reports.add("up");
    }

    @Override
    public void down(RedisFailure why) {
        reports.add("down: " + why.detail());
    }

    @Override
    public void close() {
        link.close();
    }
}
