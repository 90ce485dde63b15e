package io.larder.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other processes and threads bring about. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PAUSE = Duration.ofMillis(5).toNanos();

    private Eventually() {}

    /** Something that is so or is not, or cannot be told yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Returns once the condition holds; a condition that throws does not. */
    public static void eventually(String what, Condition condition) {
        eventually(() -> what, condition);
    }

    /** As {@link #eventually(String, Condition)}, with words that are looked up when it is given up. */
    public static void eventually(Supplier<String> what, Condition condition) {
        eventually(PATIENCE, what, condition);
    }

    /** As {@link #eventually(Supplier, Condition)}, for what takes longer. */
    public static void eventually(Duration patience, Supplier<String> what, Condition condition) {
        long end = System.nanoTime() + patience.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(PAUSE);
        }
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + what.get(), last);
    }
}
