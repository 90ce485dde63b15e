package io.larder.faults;

import static io.larder.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.larder.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three gateways, each a process, in front of one origin, that share a Redis. */
final class Fleet implements AutoCloseable {
    static final List<String> NODES = List.of("a", "b", "c");

    /** What is asked past all nodes. */
    static final String ORIGIN = "origin";

    /** For how long a node trusts what it has after contact with Redis is lost. */
    static final Duration MAX_LAG = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(1); // on a machine that others keep busy

    /** What all keys in Redis begin with. */
    static final String NAMESPACE = "faults";

    private final Path directory = Files.createTempDirectory("larder-faults");
    private final VersionedOrigin origin = new VersionedOrigin();
    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, LarderProcess> nodes = new TreeMap<>(); // guarded by itself
    private final List<LarderProcess> past = new ArrayList<>();

    private Fleet() throws IOException {}

    /**
     * Starts all nodes, and waits until they take requests.
     *
     * @param uri where a node of this name finds Redis, as the value of {@code cache.redis.uri}
     */
    static Fleet start(UnaryOperator<String> uri) throws IOException {
        Fleet fleet = new Fleet();
        for (String name : NODES) {
            fleet.files.put(name, Files.writeString(fleet.directory.resolve(name + ".yaml"), """
                    listeners: { web: { bind: "127.0.0.1:0" } }
                    admin: { bind: "127.0.0.1:0" }
                    log: { access: { format: off } }
                    cache: { memory: 16MiB, redis: { uri: %s, node: %s, namespace: %s, max-lag: %ds } }
                    upstreams: { app: { servers: ["127.0.0.1:%d"] } }
                    sites: { shop: { upstream: app } }
                    shutdown: { drain: 2s }
                    """.formatted(
                            uri.apply(name),
                            name,
                            NAMESPACE,
                            MAX_LAG.toSeconds(),
                            fleet.origin.address().getPort())));
        }
        try {
            for (String name : NODES) {
                fleet.launch(name);
            }
            NODES.forEach(name -> fleet.node(name).awaitReady());
            return fleet;
        } catch (IOException | RuntimeException | AssertionError failure) {
            fleet.end();
            throw failure;
        }
    }

    private void launch(String name) throws IOException {
        LarderProcess process = new LarderProcess(file(name), directory.resolve(name + ".pid"));
        synchronized (nodes) {
            nodes.put(name, process);
        }
    }

    private Path file(String name) {
        return Stream.ofNullable(files.get(name)).findFirst().orElseThrow();
    }

    VersionedOrigin origin() {
        return origin;
    }

    LarderProcess node(String name) {
        synchronized (nodes) {
            return Stream.ofNullable(nodes.get(name)).findFirst().orElseThrow();
        }
    }

    /** Other processes in the places of those that are dead. */
    void restart(List<String> names) throws IOException {
        for (String name : names) {
            past.add(node(name));
            launch(name);
        }
        names.forEach(name -> node(name).awaitReady());
    }

    InetSocketAddress web(String name) {
        return name.equals(ORIGIN) ? origin.address() : node(name).address("web");
    }

    /** Asks {@code name} for a page, on a connection of its own. */
    Seen get(String name, String path) throws IOException {
        try (RawClient client = new RawClient(web(name))) {
            return get(client, name, path);
        }
    }

    static Seen get(RawClient client, String name, String path) throws IOException {
        long start = System.nanoTime();
        client.send("GET " + path + " HTTP/1.1\r\nHost: " + Page.HOST + "\r\n\r\n");
        return seen(client, name, path, start);
    }

    /** What comes back for a request that was sent at {@code start}. */
    static Seen seen(RawClient client, String name, String path, long start) throws IOException {
        RawClient.Answer answer = client.answer();
        long end = System.nanoTime();
        long version = answer.status() == 200 ? Page.version(path, answer.body()) : -1;
        return new Seen(name, path, start, end, answer.status(), version, answer.field("Cache-Status"));
    }

    /** @param what members of the call, such as {@code "urls":["http://shop.test/"],"wait":"5s"} */
    PurgeAnswer purge(String name, String what) throws IOException {
        String json = "{" + what + "}";
        try (RawClient operator = new RawClient(node(name).address("admin"))) {
            operator.send("POST /v1/purge HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "Content-Length: " + json.length() + "\r\n\r\n" + json);
            return PurgeAnswer.of(operator.answer());
        }
    }

    /** Raises a page and purges it everywhere. */
    PurgeAnswer renew(String name, String path, String wait) throws IOException {
        origin.raise(List.of(path));
        return purge(name, "\"urls\":[\"" + Page.url(path) + "\"],\"wait\":\"" + wait + "\"");
    }

    /** Returns when a purge is complete with the word of all nodes: they follow one log, and it is no new one. */
    void awaitInStep() {
        eventually(PATIENCE, () -> "nodes in step:\n" + said(), () -> {
            PurgeAnswer answer = purge("a", "\"urls\":[\"http://nobody.test/\"],\"wait\":\"3s\"");
            return answer.isComplete() && answer.acked().containsAll(NODES);
        });
    }

    /** Returns when every node serves every page as the origin has it: no purge was lost on the way. */
    void awaitTold() {
        for (String name : NODES) {
            for (String path : Page.PUBLISHED) {
                eventually(
                        PATIENCE,
                        () -> path + " in version " + origin.version(path) + " from " + name + ":\n" + said(),
                        () -> get(name, path).version() == origin.version(path));
            }
        }
    }

    /** Octets of memory that each node takes. */
    Map<String, Long> resident() {
        return NODES.stream()
                .collect(Collectors.toMap(name -> name, name -> node(name).resident(), Math::max, TreeMap::new));
    }

    private List<LarderProcess> all() {
        List<LarderProcess> all = new ArrayList<>(past);
        synchronized (nodes) {
            all.addAll(nodes.values());
        }
        return all;
    }

    /** All that the nodes have said, those that are no more included. */
    String said() {
        return all().stream().map(LarderProcess::said).collect(Collectors.joining("\n---\n"));
    }

    /** Stops all nodes. None has found a bug in itself, and those that live end in good order. */
    @Override
    public void close() throws IOException {
        try {
            List<LarderProcess> living =
                    all().stream().filter(LarderProcess::isAlive).toList();
            assertThat(living.parallelStream().map(LarderProcess::stop))
                    .as(this::said)
                    .allMatch(status -> status == 0);
            for (LarderProcess process : all()) {
                assertThat(process.bugs()).as(process::said).isEmpty();
            }
        } finally {
            end();
        }
    }

    private void end() throws IOException {
        all().forEach(LarderProcess::close);
        origin.close();
        remove(directory);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
