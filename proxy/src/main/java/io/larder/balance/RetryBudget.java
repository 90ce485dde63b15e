package io.larder.balance;

/**
 * Keeps retries a fraction of the requests, so that a server in trouble is not buried under repetitions: counted over
 * the last ten to twenty seconds, with a few always allowed. Confined to one loop; time is passed in.
 */
public final class RetryBudget {
    private static final long WINDOW = 10_000_000_000L; // nanoseconds

    /** Retries that each window allows, however few requests there are: ten a second. */
    public static final int FLOOR = 100;

    private long began = Long.MIN_VALUE;
    private int requests;
    private int retries;
    private int earlierRequests;
    private int earlierRetries;

    /** A request came. */
    public void requested(long nanos) {
        turn(nanos);
        requests++;
    }

    /**
     * Asks for one retry, and takes it.
     *
     * @param ratio of retries to requests that is bearable, e.g. 0.2
     * @return false where it would be one too many
     */
    public boolean take(double ratio, long nanos) {
        turn(nanos);
        double allowed = Math.max(FLOOR, ratio * ((double) requests + earlierRequests));
        if (retries + earlierRetries >= allowed) {
            return false;
        }
        retries++;
        return true;
    }

    private void turn(long nanos) {
        if (began == Long.MIN_VALUE) {
            began = nanos;
        }
        long passed = nanos - began;
        if (passed < WINDOW) {
            return;
        }
        boolean adjacent = passed < 2 * WINDOW;
        earlierRequests = adjacent ? requests : 0;
        earlierRetries = adjacent ? retries : 0;
        requests = 0;
        retries = 0;
        began = nanos - passed % WINDOW;
    }
}
