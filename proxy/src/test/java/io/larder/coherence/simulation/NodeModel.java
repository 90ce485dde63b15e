package io.larder.coherence.simulation;

import io.larder.coherence.AsOf;
import io.larder.coherence.Fence;
import io.larder.coherence.Follower;
import io.larder.coherence.Ledger;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Position;
import io.larder.coherence.Purge;
import io.larder.coherence.Subject;
import io.larder.coherence.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node: the rules are the real ones, what surrounds them is not. */
final class NodeModel implements Follower.Node {
    private static final long PAUSE = 100; // between two questions to a log that is silent
    private static final long PATIENCE = 300; // for an answer

    private record Kept(int version, Position asOf) {}

    private final World world;
    private final RedisModel redis;
    private final Origin origin;
    private final long maxLag;
    private final int mostWaiting; // purges that go into the log one by one
    private final Bug bug;
    private final String name;
    private final Follower follower = new Follower(this);
    private final Map<Integer, Kept> kept = new HashMap<>();
    private final List<Purging> purging = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>(); // what would have happened while it stood still
    private Ledger ledger = Ledger.EMPTY;
    private long connectedTo;
    private boolean cut;
    private boolean still;
    private boolean dead;
    private long tickets;
    private @Nullable Purging collecting; // for many, and not on its way
    private int asking;

    /** A purge that this node was asked for. */
    private static final class Purging {
        final Ledger.Pending purge;
        final Map<Integer, Integer> versions;

        @Nullable
        AsOf position;

        Purging(Ledger.Pending purge, Map<Integer, Integer> versions) {
            this.purge = purge;
            this.versions = versions;
        }
    }

    NodeModel(World world, RedisModel redis, Origin origin, long maxLag, int mostWaiting, Bug bug, String name) {
        this.world = world;
        this.redis = redis;
        this.origin = origin;
        this.maxLag = maxLag;
        this.mostWaiting = mostWaiting;
        this.bug = bug;
        this.name = name;
        follow();
        confirm();
    }

    String name() {
        return name;
    }

    void dies() {
        dead = true;
    }

    void standsStill(long millis) {
        if (!still) {
            still = true;
            world.after(millis, () -> {
                still = false;
                List<Runnable> late = List.copyOf(held);
                held.clear();
                late.forEach(this::later);
            });
        }
    }

    /** In the order in which it would have happened, yet not all at once: others get their turn in between. */
    private void later(Runnable what) {
        after(0, what);
    }

    void isCutOff(long millis) {
        if (!cut) {
            cut = true;
            world.after(millis, () -> cut = false);
        }
    }

    private void after(long millis, Runnable what) {
        world.after(millis, () -> {
            if (still) {
                held.add(what);
            } else if (!dead) {
                what.run();
            }
        });
    }

    /** Asks Redis; neither question nor answer need arrive. */
    private void ask(Runnable atRedis, Runnable back, Runnable unanswered) {
        if (connectedTo != redis.server() || redis.isDown()) {
            connectedTo = redis.isDown() ? 0 : redis.server();
            after(20, unanswered);
            return;
        }
        long server = connectedTo;
        boolean[] over = new boolean[1];
        after(PATIENCE, () -> {
            if (!over[0]) {
                over[0] = true;
                connectedTo = 0;
                unanswered.run();
            }
        });
        world.after(world.latency(), () -> {
            if (cut || redis.isDown() || redis.server() != server) {
                return;
            }
            atRedis.run();
            if (!cut) {
                after(world.latency(), () -> {
                    if (!over[0]) {
                        over[0] = true;
                        back.run();
                    }
                });
            }
        });
    }

    private void follow() {
        long askedAt = world.now();
        int turn = ++asking;
        switch (follower.next()) {
            case Follower.Question.Join(long distrusted) -> {
                LogState[] answer = new LogState[1];
                ask(
                        () -> answer[0] = redis.join(distrusted),
                        () -> {
                            follower.joined(answer[0]);
                            next(turn, 0);
                        },
                        () -> next(turn, PAUSE));
            }
            case Follower.Question.Sync(AsOf cursor) -> {
                Follower.Answer[] answer = new Follower.Answer[1];
                ask(
                        () -> answer[0] = redis.sync(name, cursor),
                        () -> synced(turn, answer[0], askedAt),
                        () -> next(turn, PAUSE));
            }
        }
    }

    private void synced(int turn, Follower.Answer answer, long askedAt) {
        if (bug == Bug.CONFIRMED_BEFORE_APPLIED
                && answer instanceof Follower.Answer.Entries(LogState log, List<LogEntry> entries)
                && !entries.isEmpty()) {
            AsOf read = new AsOf(log.epoch(), entries.get(entries.size() - 1).position());
            ask(() -> redis.sync(name, read), () -> {}, () -> {});
            after(world.between(1, 50), () -> next(turn, follower.synced(answer, askedAt) ? 0 : PAUSE));
            return;
        }
        next(turn, follower.synced(answer, askedAt) ? 0 : world.onceIn(4) ? PAUSE : world.latency());
    }

    private void next(int turn, long pause) {
        after(pause, () -> {
            if (turn == asking) {
                follow();
            }
        });
    }

    @Override
    public void joins(LogState log) {
        Ledger joined = ledger.joining(log);
        if (bug == Bug.GAP_IGNORED) {
            Ledger before = ledger;
            kept.replaceAll((key, entry) -> {
                Verdict verdict = before.own().verdict(origin.subject(key), entry.asOf);
                return verdict == Verdict.VALID
                        ? new Kept(entry.version, joined.own().latest())
                        : entry;
            });
        }
        ledger = joined;
    }

    @Override
    public void learns(LogEntry entry) {
        ledger = ledger.with(entry, entry.node().equals(name));
    }

    private boolean isTrusting() {
        Long asOf = follower.currentAsOf();
        return asOf != null && (bug == Bug.LAG_IGNORED || world.now() - asOf < maxLag);
    }

    /** A client asks for {@code key}. */
    void isAsked(int key) {
        if (still || dead) {
            return;
        }
        Kept entry = kept.get(key);
        boolean trusting = isTrusting();
        Subject subject = origin.subject(key);
        if (trusting && entry != null && ledger.own().verdict(subject, entry.asOf) == Verdict.VALID) {
            origin.served(this, key, entry.version, "from its own");
            return;
        }
        if (!trusting) {
            fetch(key);
            return;
        }
        RedisModel.Value[] far = new RedisModel.Value[1];
        ask(() -> far[0] = redis.get(key), () -> found(key, far[0]), () -> fetch(key));
    }

    private void found(int key, RedisModel.@Nullable Value value) {
        Ledger now = ledger;
        if (value == null || !isTrusting() || now.verdict(origin.subject(key), value.asOf()) != Verdict.VALID) {
            fetch(key);
            return;
        }
        origin.served(this, key, value.version(), "from the shared tier");
        kept.put(key, new Kept(value.version(), now.own().latest()));
    }

    private void fetch(int key) {
        Fence before = ledger.fence();
        world.after(world.between(0, 30), () -> {
            int version = origin.version(key);
            after(world.onceIn(20) ? world.between(0, 2_000) : world.between(0, 30), () -> {
                Fence fence = bug == Bug.FENCE_TAKEN_LATE ? ledger.fence() : before;
                if (ledger.own().verdict(origin.subject(key), fence.own()) == Verdict.VALID) {
                    kept.put(key, new Kept(version, fence.own()));
                }
                // written behind, whenever
                after(
                        world.onceIn(10) ? world.between(0, 1_000) : 0,
                        () -> ask(
                                () -> redis.put(key, new RedisModel.Value(version, fence.shared())),
                                () -> {},
                                () -> {}));
            });
        });
    }

    /** An operator asks for a purge here: he knows that the origin has these versions. */
    void purges(Set<Purge> purges, Map<Integer, Integer> versions) {
        if (still || dead) {
            return;
        }
        if (ledger.pending().size() >= mostWaiting) {
            Purging one = together();
            ledger = ledger.with(purges, Purge.Mode.HARD);
            versions.forEach((key, version) -> one.versions.merge(key, version, Math::max));
            return; // it is sent when it is its turn
        }
        Ledger.Pending pending = new Ledger.Pending(++tickets, purges, Purge.Mode.HARD);
        ledger = ledger.withPending(pending);
        Purging one = new Purging(pending, versions);
        purging.add(one);
        append(one);
    }

    /** What stands in the log for all that come while too many wait. */
    private Purging together() {
        Purging known = collecting;
        if (known != null) {
            return known;
        }
        Ledger.Pending pending = new Ledger.Pending(++tickets, Set.of(new Purge.All()), Purge.Mode.DOUBT);
        ledger = ledger.awaiting(pending);
        Purging one = new Purging(pending, new HashMap<>());
        purging.add(one);
        collecting = one;
        return one;
    }

    private void append(Purging one) {
        if (!(follower.next() instanceof Follower.Question.Sync(AsOf cursor))) {
            return;
        }
        if (collecting == one && bug != Bug.COLLECTING_ON_THE_WAY) {
            collecting = null;
        }
        LogEntry entry = new LogEntry(0, name, one.purge.ticket(), one.purge.purges(), one.purge.mode());
        AsOf[] position = new AsOf[1];
        ask(
                () -> position[0] = redis.append(cursor.epoch(), entry).orElse(null),
                () -> one.position = position[0],
                () -> {});
    }

    /** Sees to the purges that are not complete, from time to time. */
    private void confirm() {
        after(world.between(5, 40), () -> {
            for (Purging one : List.copyOf(purging)) {
                if (one.position == null
                        || one.position.epoch() != ledger.cursor().epoch()) {
                    append(one);
                }
            }
            io.larder.coherence.Quorum[] quorum = new io.larder.coherence.Quorum[1];
            ask(() -> quorum[0] = redis.quorum(), () -> complete(quorum[0]), () -> {});
            confirm();
        });
    }

    private void complete(io.larder.coherence.Quorum quorum) {
        purging.removeIf(one -> {
            boolean done = one.position != null && quorum.isComplete(one.position);
            if (done) {
                origin.purged(one.versions);
                collecting = collecting == one ? null : collecting;
            }
            return done;
        });
    }
}
