package io.larder.store;

import io.larder.exchange.Shared;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Writes that nobody waits for: done later, in about the order in which they came, some at a time, and left out where too
 * much waits already.
 */
@Shared
final class WriteBehind {
    /** A write that waits. */
    private record Write(long octets, Supplier<? extends CompletionStage<?>> what, CompletableFuture<Boolean> over) {}

    private final Executor worker;
    private final long most;
    private final Semaphore places;
    private final Queue<Write> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder dropped = new LongAdder();

    /**
     * @param worker begins the writes
     * @param most octets that may wait; one write may always
     * @param atOnce writes that have begun and are not over
     */
    WriteBehind(Executor worker, long most, int atOnce) {
        this.worker = worker;
        this.most = most;
        this.places = new Semaphore(atOnce);
    }

    /**
     * Has {@code what} done later, if at all. Returns at once.
     *
     * @param octets that are kept in memory for it
     * @return completes when it is over, with whether it was done; never fails
     */
    CompletableFuture<Boolean> add(long octets, Supplier<? extends CompletionStage<?>> what) {
        long before = waiting.getAndAdd(octets);
        if (before > 0 && before + octets > most) {
            waiting.addAndGet(-octets);
            dropped.increment();
            return CompletableFuture.completedFuture(false);
        }
        Write write = new Write(octets, what, new CompletableFuture<>());
        queue.add(write);
        proceed();
        return write.over;
    }

    /** Begins what may begin. Whoever adds a write, or ends one, looks whether there is another. */
    private void proceed() {
        while (!queue.isEmpty() && places.tryAcquire()) {
            Write next = queue.poll();
            if (next == null) {
                places.release(); // somebody else was quicker
            } else {
                begin(next);
            }
        }
    }

    private void begin(Write write) {
        try {
            worker.execute(() -> started(write).whenComplete((done, failure) -> {
                over(write, failure == null, failure == null ? written : failed);
                proceed();
            }));
        } catch (RejectedExecutionException closing) {
            over(write, false, dropped);
        }
    }

    private static CompletionStage<?> started(Write write) {
        try {
            return write.what.get();
        } catch (RuntimeException | Error bug) { // as much waits as before, whatever goes wrong
            return CompletableFuture.failedFuture(bug);
        }
    }

    private void over(Write write, boolean done, LongAdder count) {
        waiting.addAndGet(-write.octets);
        count.increment();
        places.release();
        write.over.complete(done);
    }

    /** Octets that wait. */
    long waiting() {
        return waiting.get();
    }

    /** Writes that were done. */
    long written() {
        return written.sum();
    }

    /** Writes that were tried, and failed. */
    long failed() {
        return failed.sum();
    }

    /** Writes that were left out. */
    long dropped() {
        return dropped.sum();
    }
}
