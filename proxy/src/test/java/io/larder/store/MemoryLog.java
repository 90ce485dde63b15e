package io.larder.store;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A log in this heap, which can be out of reach, forget, and begin anew. */
final class MemoryLog implements PurgeLog {
    private final TreeMap<Long, LogEntry> entries = new TreeMap<>();
    private final Map<String, Long> cursors = new HashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();
    private final List<Runnable> holding = new ArrayList<>();
    private long epoch = 1;
    private long floor;
    private long last;
    boolean reachable = true;
    Duration unsettled = Duration.ZERO;
    boolean answers = true; // else what is asked is done, and whoever asks does not hear of it
    Predicate<LogEntry> held = entry -> false; // what is not appended before it is let go
    int syncs;

    private <T> CompletionStage<T> answer(Supplier<T> value) {
        if (!reachable) {
            return CompletableFuture.failedFuture(new IllegalStateException("out of reach"));
        }
        T answer = value.get();
        return answers
                ? CompletableFuture.completedFuture(answer)
                : CompletableFuture.failedFuture(new IllegalStateException("too late"));
    }

    @Override
    public CompletionStage<LogState> join(long distrusted) {
        return answer(() -> {
            if (distrusted == epoch) {
                beginAnew();
            }
            return state();
        });
    }

    private LogState state() {
        return new LogState(epoch, floor, last);
    }

    @Override
    public CompletionStage<Follower.Answer> sync(String node, AsOf cursor) {
        return answer(() -> {
            syncs++;
            if (cursor.epoch() != epoch) {
                return new Follower.Answer.Strange();
            }
            cursors.put(node, cursor.position());
            return new Follower.Answer.Entries(
                    state(),
                    List.copyOf(entries.tailMap(cursor.position(), false).values()));
        });
    }

    @Override
    public CompletionStage<?> leave(String node) {
        return answer(() -> cursors.remove(node) != null);
    }

    @Override
    public CompletionStage<Optional<AsOf>> append(long to, LogEntry entry) {
        if (held.test(entry)) {
            CompletableFuture<Optional<AsOf>> late = new CompletableFuture<>();
            holding.add(() -> appended(to, entry).thenAccept(late::complete));
            return late;
        }
        return appended(to, entry);
    }

    private CompletionStage<Optional<AsOf>> appended(long to, LogEntry entry) {
        return answer(() -> to == epoch ? Optional.of(new AsOf(epoch, add(entry))) : Optional.empty());
    }

    /** Appends what was held. */
    void letGo() {
        held = entry -> false;
        holding.forEach(Runnable::run);
        holding.clear();
    }

    private long add(LogEntry entry) {
        last++;
        entries.put(last, new LogEntry(last, entry.node(), entry.ticket(), entry.purges(), entry.mode()));
        listeners.forEach(Runnable::run);
        return last;
    }

    @Override
    public CompletionStage<Quorum> quorum() {
        return answer(() -> new Quorum(epoch, unsettled, cursors));
    }

    @Override
    public CompletionStage<Optional<FleetView>> fleet() {
        return answer(() -> Optional.of(new FleetView(
                Long.toHexString(epoch), LogPosition.id(floor), LogPosition.id(last), unsettled, List.of())));
    }

    @Override
    public void listen(Runnable appended, Runnable confirmed) {
        listeners.add(appended);
    }

    /** As a server does that has lost everything. */
    void beginAnew() {
        epoch++;
        floor = last;
        entries.clear();
        cursors.clear();
    }

    /** A node that is there, and reads nothing. */
    void livesElsewhere(String node) {
        cursors.put(node, 0L);
    }

    void confirmsElsewhere(String node) {
        cursors.put(node, last);
    }

    /** Those that somebody may wait for. */
    Set<String> nodes() {
        return Set.copyOf(cursors.keySet());
    }

    List<LogEntry> entries() {
        return List.copyOf(entries.values());
    }
}
