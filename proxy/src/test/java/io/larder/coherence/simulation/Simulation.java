package io.larder.coherence.simulation;

import io.larder.coherence.Purge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Three nodes and what befalls them, as a seed decides: the same seed, the same story. */
public final class Simulation {
    private static final int NODES = 3;
    private static final int KEYS = 6;
    private static final long MAX_LAG = 1_000;
    private static final long LEASE = 1_250;
    private static final int TROUBLES = 15;

    /**
     * How a story went.
     *
     * @param steps things that happened
     * @param served responses from either tier
     * @param completed purges that were complete
     * @param violation what must not have been; empty where nothing was
     */
    public record Outcome(long seed, long steps, long served, long completed, String violation) {
        public boolean isGood() {
            return violation.isEmpty();
        }
    }

    private final World world;
    private final RedisModel redis;
    private final Origin origin;
    private final Bug bug;
    private final long rest; // between two troubles, at most
    private final long idle; // between two requests, at most
    private final int usual; // what befalls them in half of all cases
    private final int mostWaiting; // purges of one node that go into the log one by one
    private final List<NodeModel> nodes = new ArrayList<>();
    private int lives;

    private Simulation(long seed, Bug bug) {
        this.world = new World(seed);
        this.redis = new RedisModel(world, LEASE, bug);
        this.origin = new Origin(world, KEYS);
        this.bug = bug;
        this.rest = world.onceIn(2) ? 2_000 : 8_000;
        this.idle = world.onceIn(2) ? 10 : 60;
        this.usual = world.below(TROUBLES);
        this.mostWaiting = world.onceIn(2) ? 1 : 10;
        for (int i = 0; i < NODES; i++) {
            nodes.add(node());
        }
        load();
        purging();
        trouble();
    }

    /** Lets that many things happen, or fewer, if one of them must not. */
    public static Outcome run(long seed, long steps) {
        return run(seed, steps, Bug.NONE);
    }

    static Outcome run(long seed, long steps, Bug bug) {
        Simulation simulation = new Simulation(seed, bug);
        long step = 0;
        while (step < steps && simulation.origin.violation().isEmpty() && simulation.world.step()) {
            step++;
        }
        Origin origin = simulation.origin;
        return new Outcome(seed, step, origin.served(), origin.completed(), origin.violation());
    }

    private NodeModel node() {
        return new NodeModel(world, redis, origin, MAX_LAG, mostWaiting, bug, "node-" + ++lives);
    }

    private NodeModel any() {
        return nodes.get(world.below(nodes.size()));
    }

    private void load() {
        any().isAsked(world.below(KEYS));
        world.after(world.between(0, idle), this::load);
    }

    private void purging() {
        int key = world.below(KEYS);
        origin.changes(key);
        switch (world.below(8)) {
            case 0 -> purge(new Purge.All(), any -> true);
            case 1 -> purge(new Purge.Prefix("a.example", "/"), any -> true);
            case 2, 3 ->
                purge(new Purge.Tag(Origin.tag(key)), k -> Origin.tag(k).equals(Origin.tag(key)));
            default -> purge(new Purge.Url("a.example", "/" + key), k -> k == key);
        }
        world.after(world.onceIn(5) ? world.between(0, 3_000) : world.between(0, 200), this::purging);
    }

    private void purge(Purge what, IntPredicate covered) {
        Map<Integer, Integer> versions = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            if (covered.test(key)) {
                versions.put(key, origin.version(key));
            }
        }
        any().purges(Set.of(what), versions);
    }

    private void trouble() {
        switch (world.onceIn(2) ? usual : world.below(TROUBLES)) {
            case 0, 1 -> any().isCutOff(world.between(10, 4_000));
            case 2, 3 -> any().standsStill(world.between(10, 4_000));
            case 4 -> {
                int who = world.below(NODES);
                nodes.get(who).dies();
                nodes.set(who, node());
            }
            case 5, 6 -> redis.trim();
            case 7 -> redis.flush();
            case 8 -> redis.starts(true);
            case 9 -> redis.starts(false);
            case 10 -> {
                if (!redis.isDown()) {
                    boolean empty = world.onceIn(2);
                    redis.stops();
                    world.after(world.between(10, 3_000), () -> redis.starts(empty));
                }
            }
            case 11 -> redis.losesLog();
            case 12 -> {
                long away = world.between(10, 900);
                any().isCutOff(away);
                world.after(away / 2, redis::losesEntries);
            }
            default -> redis.save();
        }
        world.after(world.between(100, rest), this::trouble);
    }
}
