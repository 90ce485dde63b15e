package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.exchange.Failure;
import io.larder.exchange.Shared;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What all loops know of one server: how busy it is, its health, and the counters that metrics read. */
@Shared
final class Server {
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(5);

    private final SocketAddress address;
    private final Condition condition;
    private final int capacity;
    private final @Nullable SharedLimit limit; // null: as many as there may be connections
    private volatile Endpoint endpoint;
    private volatile boolean drained;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder waits = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder(); // of those that have ended: what outliers are judged by
    private final Map<Failure.Kind, LongAdder> failures = new EnumMap<>(Failure.Kind.class); // every kind, from birth

    /**
     * @param others of the upstream
     * @param since it has been usable, on the loops' clock
     */
    Server(
            UpstreamSettings.ServerSettings settings,
            UpstreamSettings upstream,
            Condition.Others others,
            Condition.Listener listener,
            long since) {
        this.endpoint = settings.endpoint();
        this.address = settings.address();
        this.capacity = upstream.pool().maxConnections();
        this.limit = upstream.balancing().adaptive() ? new SharedLimit(capacity) : null;
        this.condition = new Condition(upstream.care(), patience(upstream), others, listener, since);
        for (Failure.Kind kind : Failure.Kind.values()) {
            failures.put(kind, new LongAdder());
        }
    }

    SocketAddress address() {
        return address;
    }

    /** What its requests say in Host where nothing else is asked for. */
    String host() {
        return address instanceof UnixDomainSocketAddress ? "localhost" : endpoint.address();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** It counts otherwise from now on: its weight or its priority has changed. */
    void become(Endpoint other) {
        endpoint = other;
    }

    @Nullable
    SharedLimit limit() {
        return limit;
    }

    Condition condition() {
        return condition;
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Whether it has been taken out. */
    boolean isDrained() {
        return drained;
    }

    void drain(boolean out, long nanos) {
        if (drained && !out) {
            condition.letIn(nanos);
        }
        drained = out;
    }

    /** A healthy server answers sooner than this, or a busy one is asked again so much later. */
    private static Duration patience(UpstreamSettings upstream) {
        Duration connect = upstream.timeouts().connect();
        Duration answer = upstream.timeouts().firstByte();
        return connect.plus(answer.compareTo(MOST_PATIENCE) < 0 ? answer : MOST_PATIENCE);
    }

    /** A request is on its way; {@link #ended} must follow. */
    void began(long nanos) {
        requests.increment();
        inFlight.incrementAndGet();
        condition.sent(nanos);
    }

    /** The request that had {@link #ended} goes on over another connection. */
    void resumed() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    /** Its response is complete, and says nothing to its disadvantage. */
    void succeeded(long nanos) {
        ended.increment();
        condition.succeeded(nanos);
    }

    /** It has answered that it cannot. */
    void refused(int status, @Nullable Duration retryAfter, long nanos) {
        ended.increment();
        failed.increment();
        condition.answeredBadly(status, retryAfter, ended.sum(), failed.sum(), nanos);
    }

    /** Counts a failure that says nothing about the server's health. */
    void abandoned(Failure why, long nanos) {
        count(why.kind());
        condition.abandoned(nanos);
    }

    private void count(Failure.Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }

    /** Counts a failure, and holds it against the server. */
    void failed(Failure why, long nanos) {
        count(why.kind());
        ended.increment();
        failed.increment();
        condition.failed(why, ended.sum(), failed.sum(), nanos);
    }

    void connections(int change) {
        connections.addAndGet(change);
    }

    void idle(int change) {
        idle.addAndGet(change);
    }

    void pending(int change) {
        pending.addAndGet(change);
    }

    /** A request has waited so long for a connection, whether it got one or not. */
    void waited(long nanos) {
        waits.increment();
        waitedNanos.add(nanos);
    }

    ServerStats stats(long nanos) {
        return new ServerStats(
                endpoint,
                drained ? Standing.DRAINED : condition.standing(nanos),
                connections.get(),
                capacity,
                idle.get(),
                inFlight.get(),
                pending.get(),
                new ServerStats.Queue(waits.sum(), Duration.ofNanos(waitedNanos.sum())),
                requests.sum(),
                failures(),
                condition.ejectedFor(nanos));
    }

    private Map<Failure.Kind, Long> failures() {
        Map<Failure.Kind, Long> counted = new EnumMap<>(Failure.Kind.class);
        failures.forEach((kind, adder) -> {
            long count = adder.sum();
            if (count > 0) {
                counted.put(kind, count);
            }
        });
        return counted;
    }
}
