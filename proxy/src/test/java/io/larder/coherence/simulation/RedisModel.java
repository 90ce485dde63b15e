package io.larder.coherence.simulation;

import io.larder.coherence.AsOf;
import io.larder.coherence.Follower;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Quorum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A Redis: what it holds, and the few things that nodes ask of it, each at one moment. */
final class RedisModel {
    /** Some entries of a reply at most, so that nodes have to ask on. */
    private static final int PAGE = 3;

    /** What was stored for a key, and what the fetch that brought it knew of purges. */
    record Value(int version, AsOf asOf) {}

    private record Epoch(long id, long server, long born) {}

    private static final class State {
        @Nullable
        Epoch epoch;

        long floor;
        long last;
        final TreeMap<Long, LogEntry> log = new TreeMap<>();
        final Map<String, Long> leases = new HashMap<>();
        final Map<String, Long> cursors = new HashMap<>();
        final Map<Integer, Value> values = new HashMap<>();

        State copy() {
            State copy = new State();
            copy.epoch = epoch;
            copy.floor = floor;
            copy.last = last;
            copy.log.putAll(log);
            copy.leases.putAll(leases);
            copy.cursors.putAll(cursors);
            copy.values.putAll(values);
            return copy;
        }
    }

    private final World world;
    private final long lease;
    private final Bug bug;
    private State state = new State();
    private State saved = new State();
    private long server;
    private boolean down;

    RedisModel(World world, long lease, Bug bug) {
        this.world = world;
        this.lease = lease;
        this.bug = bug;
        this.server = world.id();
    }

    /** Which process it is; whoever is connected to another one has lost his connection. */
    long server() {
        return server;
    }

    boolean isDown() {
        return down;
    }

    LogState join(long distrusted) {
        Epoch known = state.epoch;
        if (known == null || known.server != server || known.id == distrusted || isTorn()) {
            state.epoch = new Epoch(world.id(), server, world.now());
            state.floor = state.last;
            state.log.clear();
            state.leases.clear();
            state.cursors.clear();
        }
        return log();
    }

    private LogState log() {
        Epoch epoch = state.epoch;
        return new LogState(epoch == null ? 0 : epoch.id, state.floor, state.last);
    }

    Follower.Answer sync(String node, AsOf cursor) {
        if (isStrange(cursor.epoch())) {
            return new Follower.Answer.Strange();
        }
        state.leases.put(node, world.now() + lease);
        state.cursors.merge(node, cursor.position(), Math::max);
        List<LogEntry> entries = new ArrayList<>();
        for (LogEntry entry : state.log.tailMap(cursor.position(), false).values()) {
            if (entries.size() < PAGE) {
                entries.add(entry);
            }
        }
        return new Follower.Answer.Entries(log(), entries);
    }

    private boolean isStrange(long epoch) {
        Epoch known = state.epoch;
        return known == null || known.server != server || known.id != epoch || isTorn();
    }

    private boolean isTorn() {
        long newest = state.log.isEmpty() ? state.floor : state.log.lastKey();
        return newest != state.last && bug != Bug.TORN_LOG_CONTINUED;
    }

    /** Where the purge stands; empty when the log is not the one that is meant. */
    Optional<AsOf> append(long epoch, LogEntry entry) {
        if (isStrange(epoch)) {
            return Optional.empty();
        }
        state.last = Math.max(state.last + 1, world.now() * 1_000);
        state.log.put(state.last, new LogEntry(state.last, entry.node(), entry.ticket(), entry.purges(), entry.mode()));
        return Optional.of(new AsOf(epoch, state.last));
    }

    Quorum quorum() {
        state.leases.values().removeIf(until -> until < world.now());
        state.cursors.keySet().retainAll(state.leases.keySet());
        Epoch epoch = state.epoch;
        if (epoch == null || isStrange(epoch.id)) {
            return new Quorum(0, Duration.ofMillis(lease), Map.of());
        }
        Duration unsettled = epoch.born + lease < world.now() ? Duration.ZERO : Duration.ofMillis(1);
        return new Quorum(epoch.id, unsettled, state.cursors);
    }

    @Nullable
    Value get(int key) {
        return state.values.get(key);
    }

    void put(int key, Value value) {
        state.values.put(key, value);
    }

    void save() {
        saved = state.copy();
    }

    /** Forgets a part of the log, as it does with what is older than any entry may be. */
    void trim() {
        if (!state.log.isEmpty()) {
            List<Long> positions = List.copyOf(state.log.keySet());
            state.floor = positions.get(world.below(positions.size()));
            state.log.headMap(state.floor, true).clear();
            state.values.values().removeIf(value -> value.asOf.position() < state.floor && world.onceIn(2));
        }
    }

    void flush() {
        state = new State();
    }

    /** Makes room, and the entries are what it does without. */
    void losesEntries() {
        state.log.clear();
    }

    void losesLog() {
        state.log.clear();
        state.last = 0;
        state.floor = 0;
    }

    void stops() {
        down = true;
    }

    /** Comes back, as another process. */
    void starts(boolean empty) {
        down = false;
        server = world.id();
        state = empty ? new State() : saved.copy();
        saved = state.copy();
    }
}
