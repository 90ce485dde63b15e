package io.larder.store;

import io.larder.coherence.AsOf;
import io.larder.coherence.Follower;
import io.larder.coherence.LogEntry;
import io.larder.coherence.LogState;
import io.larder.coherence.Quorum;
import io.larder.exchange.Shared;
import io.larder.store.format.LogEntryFormat;
import io.larder.store.redis.Redis;
import io.larder.store.redis.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/** The log of purges in a Redis stream. */
@Shared
final class RedisPurgeLog implements PurgeLog {
    private static final int PAGE = 200; // entries of one answer
    private static final int PAGE_OCTETS =
            256 * 1024; // after which an answer holds no further entry: it has to come in time
    private static final int MOST = 100_000; // entries of a log

    /**
     * How it is kept.
     *
     * @param namespace what all keys begin with
     * @param lease for how long a node counts as alive after it was heard of: longer than it trusts what it has
     * @param remembered for how long a purge is: nothing stored lives longer
     * @param most entries that are remembered; the oldest hundredth goes where there are more
     */
    record Settings(String namespace, Duration lease, Duration remembered, int most) {
        Settings(String namespace, Duration lease, Duration remembered) {
            this(namespace, lease, remembered, MOST);
        }

        /** So that a log that everybody has left goes away, but not before everything that is held against it. */
        private long life() {
            return remembered.multipliedBy(2).plus(lease).toMillis();
        }
    }

    private final Redis redis;
    private final Settings settings;
    private final LongSupplier chance;
    private final List<String> keys;
    private final String appended;
    private final String confirmed;

    /** @param chance any number, for the names of epochs */
    RedisPurgeLog(Redis redis, Settings settings, LongSupplier chance) {
        this.redis = redis;
        this.settings = settings;
        this.chance = chance;
        String tag = "{" + settings.namespace + "}:";
        this.keys = List.of(tag + "purges", tag + "log");
        this.appended = tag + "appended";
        this.confirmed = tag + "confirmed";
    }

    private CompletionStage<List<Object>> run(Script script, Object... arguments) {
        List<byte[]> octets = new ArrayList<>();
        for (Object argument : arguments) {
            octets.add(
                    argument instanceof byte[] content
                            ? content
                            : argument.toString().getBytes(StandardCharsets.UTF_8));
        }
        return redis.eval(script, keys, octets);
    }

    @Override
    public CompletionStage<LogState> join(long distrusted) {
        return run(LogScripts.JOIN, name(distrusted), name(chance.getAsLong() | 1), settings.life())
                .thenApply(answer -> state(epoch(answer.get(0)), answer.get(1), answer.get(2)));
    }

    @Override
    public CompletionStage<Follower.Answer> sync(String node, AsOf cursor) {
        return run(
                        LogScripts.SYNC,
                        name(cursor.epoch()),
                        node,
                        LogPosition.id(cursor.position()),
                        settings.lease.toMillis(),
                        settings.life(),
                        PAGE,
                        confirmed,
                        PAGE_OCTETS)
                .thenApply(answer -> answer.isEmpty()
                        ? new Follower.Answer.Strange()
                        : new Follower.Answer.Entries(
                                state(cursor.epoch(), answer.get(0), answer.get(1)), entries(answer)));
    }

    @Override
    public CompletionStage<?> leave(String node) {
        return run(LogScripts.LEAVE, node, confirmed);
    }

    private static List<LogEntry> entries(List<Object> answer) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 2; i + 1 < answer.size(); i += 2) {
            entries.add(LogEntryFormat.decode(LogPosition.of(text(answer.get(i))), (byte[]) answer.get(i + 1)));
        }
        return entries;
    }

    @Override
    public CompletionStage<Optional<AsOf>> append(long epoch, LogEntry entry) {
        return run(
                        LogScripts.APPEND,
                        name(epoch),
                        LogEntryFormat.encode(entry),
                        settings.remembered.toMillis(),
                        settings.most,
                        settings.life(),
                        appended)
                .thenApply(answer -> answer.stream().findFirst().map(id -> new AsOf(epoch, LogPosition.of(text(id)))));
    }

    @Override
    public CompletionStage<Quorum> quorum() {
        return run(LogScripts.QUORUM, settings.lease.toMillis()).thenApply(answer -> {
            if (answer.isEmpty()) {
                return new Quorum(0, settings.lease, Map.of());
            }
            Map<String, Long> cursors = new HashMap<>();
            for (int i = 2; i + 1 < answer.size(); i += 2) {
                cursors.put(text(answer.get(i)), LogPosition.of(text(answer.get(i + 1))));
            }
            return new Quorum(epoch(answer.get(0)), millis(answer.get(1)), cursors);
        });
    }

    @Override
    public CompletionStage<Optional<FleetView>> fleet() {
        return run(LogScripts.FLEET, settings.lease.toMillis(), FleetView.MOST_BEHIND)
                .thenApply(answer -> answer.isEmpty() ? Optional.empty() : Optional.of(fleet(answer)));
    }

    private FleetView fleet(List<Object> answer) {
        List<FleetView.Node> nodes = new ArrayList<>();
        for (int i = 4; i + 3 < answer.size(); i += 4) {
            nodes.add(node(answer.subList(i, i + 4)));
        }
        nodes.sort(Comparator.comparing(FleetView.Node::name));
        return new FleetView(
                text(answer.get(0)), text(answer.get(1)), text(answer.get(2)), millis(answer.get(3)), nodes);
    }

    private FleetView.Node node(List<Object> item) {
        Duration lease = millis(item.get(3));
        Duration lag = settings.lease.minus(lease); // it was prolonged when the node was heard of, on each for as long
        return new FleetView.Node(
                text(item.get(0)),
                text(item.get(1)),
                (Long) item.get(2),
                lag.isNegative() ? Duration.ZERO : lag,
                lease);
    }

    @Override
    public void listen(Runnable whenAppended, Runnable whenConfirmed) {
        redis.subscribe(appended, message -> whenAppended.run());
        redis.subscribe(confirmed, message -> whenConfirmed.run());
    }

    private static LogState state(long epoch, Object floor, Object last) {
        return new LogState(epoch, LogPosition.of(text(floor)), LogPosition.of(text(last)));
    }

    private static String name(long epoch) {
        return Long.toHexString(epoch);
    }

    private static long epoch(Object name) {
        return Long.parseUnsignedLong(text(name), 16);
    }

    private static Duration millis(Object count) {
        return Duration.ofMillis((Long) count);
    }

    private static String text(Object octets) {
        return new String((byte[]) octets, StandardCharsets.UTF_8);
    }
}
