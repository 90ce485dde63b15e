package io.larder.exchange;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop that is also the clock: nothing happens unless a test says so, and time moves only when it is told to. */
public final class ManualLoop implements Loop {
    private record Due(long at, long order, Runnable task) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Due> timers = new PriorityQueue<>();
    private Instant epoch;
    private long nanos;
    private long order;

    public ManualLoop(Instant epoch) {
        this.epoch = epoch;
    }

    public ManualLoop() {
        this(Instant.parse("2026-11-23T12:00:00Z"));
    }

    /** Runs everything that is ready now. */
    public void run() {
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            task.run();
        }
    }

    /** Lets time pass, running what falls due on the way, in order. */
    public void advance(Duration time) {
        long end = nanos + time.toNanos();
        run();
        while (!timers.isEmpty() && timers.peek().at() <= end) {
            Due due = timers.remove();
            nanos = Math.max(nanos, due.at());
            due.task().run();
            run();
        }
        nanos = end;
    }

    /** Moves the wall clock alone, as an administrator or NTP may. */
    public void jump(Duration by) {
        epoch = epoch.plus(by);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        Due due = new Due(nanos + delay.toNanos(), order++, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public Instant now() {
        return epoch.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void check() {}
}
