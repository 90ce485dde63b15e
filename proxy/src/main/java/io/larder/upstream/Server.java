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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What all loops know of one server: how busy it is, whether it is ejected, and the counters that metrics read. */
@Shared
final class Server implements Load {
    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final OutlierDetector outliers;
    private final AtomicReference<OutlierDetector.State> health = new AtomicReference<>(OutlierDetector.HEALTHY);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger idle = new AtomicInteger();
    private final AtomicInteger pending = new AtomicInteger();
    private final LongAdder requests = new LongAdder();
    private final AtomicLongArray failures = new AtomicLongArray(Failure.Kind.values().length);

    Server(UpstreamSettings.ServerSettings settings, OutlierDetector outliers) {
        this.endpoint = settings.endpoint();
        this.address = settings.address();
        this.outliers = outliers;
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
        return outliers.isUsable(health.get(), nanos);
    }

    /** A request is on its way; {@link #ended} must follow. */
    void began(long nanos) {
        requests.increment();
        inFlight.incrementAndGet();
        if (health.get() != OutlierDetector.HEALTHY) {
            health.updateAndGet(state -> outliers.sent(state, nanos));
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
        if (health.get() != OutlierDetector.HEALTHY) {
            health.updateAndGet(outliers::succeeded);
        }
    }

    /** Counts a failure that says nothing about the server's health. */
    void count(Failure.Kind kind) {
        failures.incrementAndGet(kind.ordinal());
    }

    /** Counts a failure before any answer, and holds it against the server. */
    void failed(Failure.Kind kind, long nanos) {
        count(kind);
        health.updateAndGet(state -> outliers.failed(state, nanos));
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
        for (Failure.Kind kind : Failure.Kind.values()) {
            long count = failures.get(kind.ordinal());
            if (count > 0) {
                counted.put(kind, count);
            }
        }
        return counted;
    }

    private Duration ejectedFor(long nanos) {
        return switch (health.get()) {
            case OutlierDetector.Active active -> Duration.ZERO;
            case OutlierDetector.Ejected ejected -> Duration.ofNanos(Math.max(0, ejected.until() - nanos));
            case OutlierDetector.Probing probing -> Duration.ofNanos(Math.max(0, probing.until() - nanos));
        };
    }
}
