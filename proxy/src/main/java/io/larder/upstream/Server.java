package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.Load;
import io.larder.balance.OutlierDetector;
import io.larder.exchange.Failure;
import io.larder.exchange.Shared;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/** What all loops know of one server: how busy it is, whether it is ejected, and the counters that metrics read. */
@Shared
final class Server implements Load {
    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final OutlierDetector outliers;
    private volatile OutlierDetector.State health = OutlierDetector.HEALTHY; // written under this object's lock
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final Map<Failure.Kind, LongAdder> failures = new EnumMap<>(Failure.Kind.class); // every kind, from birth

    Server(UpstreamSettings.ServerSettings settings, OutlierDetector outliers) {
        this.endpoint = settings.endpoint();
        this.address = settings.address();
        this.outliers = outliers;
        for (Failure.Kind kind : Failure.Kind.values()) {
            failures.put(kind, new LongAdder());
        }
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public boolean isUsable(long nanos) {
        return outliers.isUsable(health, nanos);
    }

    @Override
    public boolean mayBeTried(long nanos) {
        return outliers.mayBeTried(health, nanos);
    }

    /** A request is on its way; {@link #ended} must follow. */
    void began(long nanos) {
        requests.increment();
        inFlight.incrementAndGet();
        if (!health.equals(OutlierDetector.HEALTHY)) {
            judge(state -> outliers.sent(state, nanos));
        }
    }

    /** The request that had {@link #ended} goes on over another connection. */
    void resumed() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    /** It has answered. */
    void succeeded() {
        if (!health.equals(OutlierDetector.HEALTHY)) {
            judge(outliers::succeeded);
        }
    }

    /** Counts a failure that says nothing about the server's health. */
    void count(Failure.Kind kind) {
        Objects.requireNonNull(failures.get(kind)).increment();
    }

    /** Counts a failure before any answer, and holds it against the server. */
    void failed(Failure.Kind kind, long nanos) {
        count(kind);
        judge(state -> outliers.failed(state, nanos));
    }

    /** Rare: while all goes well nobody comes here. */
    private synchronized void judge(UnaryOperator<OutlierDetector.State> verdict) {
        health = verdict.apply(health);
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

    ServerStats stats(long nanos) {
        return new ServerStats(
                endpoint.address(),
                connections.get(),
                idle.get(),
                inFlight.get(),
                pending.get(),
                requests.sum(),
                failures(),
                ejectedFor(nanos));
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

    private Duration ejectedFor(long nanos) {
        return switch (health) {
            case OutlierDetector.Active active -> Duration.ZERO;
            case OutlierDetector.Ejected ejected -> Duration.ofNanos(Math.max(0, ejected.until() - nanos));
            case OutlierDetector.Probing probing -> Duration.ofNanos(Math.max(0, probing.until() - nanos));
        };
    }
}
