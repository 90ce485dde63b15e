package io.larder.balance;

/**
 * The rule that finds a server which fails too often to be of use, though never so often in a row: over windows of ten
 * seconds, judged whenever a request has failed and enough have ended.
 *
 * @param least the share of requests that must succeed, from 0 to 1
 */
public record SuccessRate(double least) {
    /** Fewer requests than this prove nothing. */
    public static final int ENOUGH = 20;

    private static final long WINDOW = 10_000_000_000L; // nanoseconds

    public SuccessRate {
        if (!(least > 0 && least <= 1)) {
            throw new IllegalArgumentException("a success rate is above 0 and at most 1");
        }
    }

    /**
     * Where a window began.
     *
     * @param since on the loop's clock
     * @param ended requests that had ended before
     * @param failed of them
     */
    public record Window(long since, long ended, long failed) {
        /** The counts as they are at {@code nanos}, when the next window begins. */
        public static Window at(long nanos, long ended, long failed) {
            return new Window(nanos, ended, failed);
        }
    }

    /** Whether what happened since the window began is too bad. */
    public boolean isMissed(Window window, long ended, long failed) {
        long all = ended - window.ended;
        return all >= ENOUGH && (all - (failed - window.failed)) < least * all;
    }

    /** Whether the window is over. */
    public static boolean isOver(Window window, long nanos) {
        return nanos - window.since >= WINDOW;
    }
}
