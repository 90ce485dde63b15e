package io.larder.netty;

import io.larder.exchange.Loop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** A Netty event loop as a {@link Loop}: the adapter through which everything above it gets threads and time. */
public final class NettyLoop implements Loop {
    private final EventLoop eventLoop;
    private final int number;
    private final InstantSource clock;
    private Instant now = Instant.EPOCH; // the last one told: nothing needs more than its milliseconds

    NettyLoop(EventLoop eventLoop, int number, InstantSource clock) {
        this.eventLoop = eventLoop;
        this.number = number;
        this.clock = clock;
    }

    /** The loop's place among its siblings, from 0. */
    public int number() {
        return number;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Future<?> scheduled = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public Instant now() {
        long millis = clock.millis();
        if (millis != now.toEpochMilli()) {
            now = Instant.ofEpochMilli(millis);
        }
        return now;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void check() {
        if (!eventLoop.inEventLoop()) {
            throw new IllegalStateException(
                    "called from " + Thread.currentThread().getName() + ", not from loop " + number);
        }
    }
}
