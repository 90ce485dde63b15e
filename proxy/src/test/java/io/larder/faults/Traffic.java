package io.larder.faults;

import io.larder.testing.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that read pages from all nodes, one request after the other on connections that they keep, and operators who
 * publish pages anew and purge them on any node. What they do next is drawn from a seed. One client reads from the origin
 * itself: what he waits for is the machine.
 */
final class Traffic implements AutoCloseable {
    private static final int READERS = 2; // of each node, and one more of slow pages
    private static final int PUBLISHERS = 2;
    private static final Duration THOUGHT = Duration.ofMillis(5); // between a reader's requests
    private static final Duration LEISURE = Duration.ofMillis(40); // between a publisher's purges
    private static final Duration DISMAY = Duration.ofMillis(20); // after a request that failed

    private final Fleet fleet;
    private final History history;
    private final Set<String> asked = ConcurrentHashMap.newKeySet(); // nodes that purges are put to
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger publishing = new AtomicInteger();
    private volatile boolean publish = true;
    private volatile boolean stopped;

    Traffic(Fleet fleet, History history, long seed) {
        this.fleet = fleet;
        this.history = history;
        asked.addAll(Fleet.NODES);
        Random seeds = new Random(seed);
        for (String node : Fleet.NODES) {
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(seeds.nextLong());
                begin("reader-" + node + i, () -> read(node, random, false));
            }
            Random random = new Random(seeds.nextLong());
            begin("slow-reader-" + node, () -> read(node, random, true));
        }
        Random control = new Random(seeds.nextLong());
        begin("control", () -> read(Fleet.ORIGIN, control, false));
        for (int i = 0; i < PUBLISHERS; i++) {
            Random random = new Random(seeds.nextLong());
            begin("publisher-" + i, () -> publish(random));
        }
    }

    private void begin(String name, Runnable task) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(task));
    }

    /** Lets it go on for a while. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Purges are put to {@code nodes} only. */
    void ask(Set<String> nodes) {
        asked.addAll(nodes);
        asked.retainAll(nodes);
    }

    /** Nothing is published any more; returns when the last purge is answered. */
    void stopPublishing() {
        publish = false;
        while (publishing.get() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    void goOnPublishing() {
        publish = true;
    }

    private void read(String node, Random random, boolean slow) {
        RawClient client = null;
        while (!stopped) {
            String path = slow ? Page.pick(Page.SLOW, random) : Page.any(random);
            long start = System.nanoTime();
            try {
                if (client == null) {
                    client = new RawClient(fleet.web(node));
                }
                Seen one = Fleet.get(client, node, path);
                history.add(one);
                LockSupport.parkNanos(THOUGHT.toNanos());
            } catch (IOException | RuntimeException e) {
                history.add(new Seen(node, path, start, System.nanoTime(), 0, -1, e.toString()));
                close(client);
                client = null;
                LockSupport.parkNanos(DISMAY.toNanos());
            }
        }
        close(client);
    }

    private static void close(@Nullable RawClient client) {
        if (client != null) {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void publish(Random random) {
        while (!stopped) {
            publishing.incrementAndGet();
            if (publish) {
                publishOne(random);
            }
            publishing.decrementAndGet();
            LockSupport.parkNanos(LEISURE.toNanos());
        }
    }

    private void publishOne(Random random) {
        Order order = Order.any(random);
        List<String> nodes = List.copyOf(new TreeSet<>(asked));
        String node = nodes.get(random.nextInt(nodes.size()));
        long version = fleet.origin().raise(order.paths());
        try {
            PurgeAnswer answer = fleet.purge(node, order.json());
            history.add(new History.Purged(Set.copyOf(order.paths()), version, node, answer, order.soft()));
        } catch (IOException | RuntimeException lost) {
            // whoever asked a node that is gone knows nothing, and is promised nothing
            LockSupport.parkNanos(DISMAY.toNanos());
        }
    }

    /** A purge: what it covers, and how it is put. */
    private record Order(List<String> paths, String json, boolean soft) {
        static Order any(Random random) {
            int chance = random.nextInt(100);
            String wait = ",\"wait\":\"" + (random.nextInt(5) == 0 ? "3s" : "400ms") + "\"";
            if (chance < 20) {
                String tag = "group-" + random.nextInt(4);
                return new Order(Page.ofGroup(tag), "\"tags\":[\"" + tag + "\"]" + wait, false);
            }
            if (chance < 25) {
                List<String> paths =
                        Page.HARD.stream().filter(p -> p.startsWith("/p/1")).toList();
                return new Order(paths, "\"prefixes\":[\"" + Page.url("/p/1") + "\"]" + wait, false);
            }
            if (chance < 28) {
                return new Order(Page.HARD, "\"hosts\":[\"" + Page.HOST + "\"]" + wait, false);
            }
            if (chance < 40) {
                String path = Page.pick(Page.SOFT, random);
                return new Order(List.of(path), url(path) + ",\"soft\":true" + wait, true);
            }
            String path = Page.pick(chance < 70 ? Page.PLAIN : chance < 98 ? Page.SLOW : Page.LARGE, random);
            return new Order(List.of(path), url(path) + wait, false);
        }

        private static String url(String path) {
            return "\"urls\":[\"" + Page.url(path) + "\"]";
        }
    }

    /** Ends it; returns when the last answers are there. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
