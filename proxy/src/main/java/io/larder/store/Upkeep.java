package io.larder.store;

import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which caches do their upkeep: note what was read, make room, let go of what has expired.
 *
 * <p>After each round it rests for a moment, and what comes meanwhile waits for the next one. A loop that serves hits then
 * seldom has to wake it, which would cost a system call every sixteen hits; what it does not get to note is a sample, and
 * enough to choose by.
 */
@Shared
public final class Upkeep implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final long REST = Duration.ofMillis(1).toNanos();

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::work, "larder-upkeep");
    private volatile boolean asleep; // until it is woken, that is: not while it rests
    private volatile boolean closed;

    /** Starts the thread. */
    public Upkeep() {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void work() {
        while (!closed) {
            Runnable task = tasks.poll();
            if (task == null) {
                sleep();
                continue;
            }
            for (; task != null; task = tasks.poll()) {
                run(task);
            }
            LockSupport.parkNanos(this, REST);
        }
    }

    private void sleep() {
        asleep = true;
        if (tasks.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep = false;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error bug) { // a cache whose upkeep has ended for good would grow without end
            LOG.error("upkeep of a cache failed because of a bug", bug);
        }
    }

    /** Ends the thread after the round it is in. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
