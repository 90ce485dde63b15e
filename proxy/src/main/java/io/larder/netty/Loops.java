package io.larder.netty;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All event loops of the process: as many as were asked for, made once, closed once. */
public final class Loops {
    private final Transport transport;
    private final EventLoopGroup group;
    private final List<NettyLoop> loops;

    /** Loops on the system's clock. */
    public Loops(Transport transport, int count) {
        this(transport, count, InstantSource.system());
    }

    /** Loops on another wall clock; durations and timers stay the system's. */
    public Loops(Transport transport, int count, InstantSource clock) {
        this(transport, count, clock, "larder-loop");
    }

    /** @param name of their threads, before a number */
    public Loops(Transport transport, int count, InstantSource clock, String name) {
        this.transport = transport;
        this.group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name), transport.ioHandlers());
        List<NettyLoop> all = new ArrayList<>(count);
        for (EventExecutor executor : group) {
            all.add(new NettyLoop((EventLoop) executor, all.size(), clock));
        }
        this.loops = List.copyOf(all);
    }

    public Transport transport() {
        return transport;
    }

    public EventLoopGroup group() {
        return group;
    }

    public List<NettyLoop> all() {
        return loops;
    }

    /** The loop that {@code eventLoop}, one of ours, is. */
    public NettyLoop of(EventLoop eventLoop) {
        for (NettyLoop loop : loops) {
            if (loop.eventLoop().equals(eventLoop)) {
                return loop;
            }
        }
        throw new IllegalArgumentException("not one of these loops");
    }

    /** Ends all loops and waits for that, for {@code limit} at most. Never called on a loop. */
    public void closeAndWait(Duration limit) {
        close(limit).awaitUninterruptibly(limit.toMillis());
    }

    /** Ends all loops; what is still scheduled is dropped. Completes within {@code limit}. */
    public Future<?> close(Duration limit) {
        return group.shutdownGracefully(0, limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
