package io.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.larder.config.LarderConfig;
import io.larder.config.Loaded;
import io.larder.config.load.ConfigLoader;
import io.larder.config.load.Problems;
import io.larder.netty.Transport;
import io.larder.testing.RawClient;
import io.larder.testing.ScriptedOrigin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole gateway on loopback ports in front of one origin, and what a test does with it. */
final class Running implements AutoCloseable {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicLong SEEDS = new AtomicLong(1); // what nodes share a Redis must not draw the same names

    final Larder larder;

    private Running(Larder larder) {
        this.larder = larder;
    }

    /** @param more lines of configuration beside listener, admin, upstream and site */
    static Running start(Path directory, ScriptedOrigin origin, int loops, String... more) throws IOException {
        String upstream = "upstreams: { app: { servers: ['127.0.0.1:" + origin.port() + "'] } }\n";
        String own = String.join("\n", more);
        return new Running(start(directory, loops, own.contains("upstreams:") ? own : upstream + own));
    }

    static Larder start(Path directory, int loops, String more) throws IOException {
        String text = """
                listeners: { web: { bind: "127.0.0.1:0" } }
                admin: { bind: "127.0.0.1:0" }
                log: { access: { format: off } }
                sites: { shop: { upstream: app } }
                """;
        StringBuilder config = new StringBuilder(more).append('\n');
        text.lines()
                .filter(line -> !more.contains(line.substring(0, line.indexOf(':') + 1)))
                .forEach(line -> config.append(line).append('\n'));
        return Larder.start(load(directory, config.toString()), platform(loops));
    }

    /** A gateway that reads {@code larder.yaml} of that directory again when it is told to, and by itself if that is watched. */
    static Running reloading(Path directory, int loops, boolean watched, String text) throws IOException {
        return reloading(directory, loops, watched, text, name -> null);
    }

    static Running reloading(
            Path directory, int loops, boolean watched, String text, UnaryOperator<@Nullable String> environment)
            throws IOException {
        Path file = Files.writeString(directory.resolve("larder.yaml"), text);
        ConfigLoader.Reading reading = ConfigLoader.read(file, environment);
        Rereading again = new Rereading(reading.sources(), () -> ConfigLoader.read(file, environment), watched);
        return new Running(Larder.start(good(reading.loaded()), platform(loops), again));
    }

    static LarderConfig load(Path directory, String text) throws IOException {
        Path file = Files.writeString(directory.resolve("larder.yaml"), text);
        return good(ConfigLoader.load(file, name -> null));
    }

    private static LarderConfig good(Loaded loaded) {
        return switch (loaded) {
            case Loaded.Good good -> good.config();
            case Loaded.Bad bad -> throw new AssertionError(Problems.text(bad.problems()));
        };
    }

    static Platform platform(int loops) {
        return new Platform(
                "test", Transport.pick(null), loops, InstantSource.system(), new Random(SEEDS.getAndIncrement()));
    }

    /** The names of the threads of gateways that are alive. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("larder-"))
                .toList();
    }

    /** Looks again and again until {@code condition} holds. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Where clients connect. */
    int port() {
        return address().getPort();
    }

    private InetSocketAddress address() {
        return larder.addresses().values().iterator().next();
    }

    RawClient connect() throws IOException {
        return new RawClient(address());
    }

    /** @param receiveBuffer of the socket, in bytes */
    RawClient connect(int receiveBuffer) throws IOException {
        return new RawClient(address(), receiveBuffer);
    }

    static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: shop.test\r\n\r\n";
    }

    static String ok(String headers, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n" + headers + "\r\n" + body;
    }

    RawClient.Answer fetch(String target) throws IOException {
        try (RawClient client = connect()) {
            return client.send(get(target)).answer();
        }
    }

    RawClient.Answer admin(String request) throws IOException {
        try (RawClient operator = new RawClient(larder.adminAddress())) {
            return operator.send(request).answer();
        }
    }

    RawClient.Answer adminGet(String path) throws IOException {
        return admin("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    RawClient.Answer adminPost(String path, String json) throws IOException {
        return admin("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + json.length() + "\r\n\r\n" + json);
    }

    /** Reads the configuration again; what the gateway answers to that, which must be {@code status}. */
    JsonNode reload(int status) throws IOException {
        RawClient.Answer answer = adminPost("/v1/reload", "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    JsonNode status() throws IOException {
        return JSON.readTree(adminGet("/v1/status").body());
    }

    @Override
    public void close() {
        larder.stop();
        try {
            larder.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody waits for the gateway to stop", e);
        }
    }
}
