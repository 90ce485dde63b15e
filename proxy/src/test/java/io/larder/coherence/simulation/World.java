package io.larder.coherence.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time, and all chance there is. */
final class World {
    private record Event(long at, long number, Runnable what) {}

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private long now = 1_000;
    private long number;

    World(long seed) {
        this.random = new Random(seed);
    }

    /** Milliseconds. */
    long now() {
        return now;
    }

    void after(long millis, Runnable what) {
        events.add(new Event(now + millis, number++, what));
    }

    /** Lets the next thing happen; false when nothing will. */
    boolean step() {
        Event next = events.poll();
        if (next == null) {
            return false;
        }
        now = next.at;
        next.what.run();
        return true;
    }

    /** 0 to {@code bound} - 1. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least + 1));
    }

    /** True in one of {@code many} cases. */
    boolean onceIn(int many) {
        return random.nextInt(many) == 0;
    }

    long id() {
        return random.nextLong() | 1;
    }

    /** How long a message takes: mostly next to nothing, sometimes longer than anybody waits. */
    long latency() {
        if (onceIn(400)) {
            return between(100, 3_000);
        }
        return onceIn(20) ? between(3, 100) : between(0, 2);
    }
}
