package io.larder.balance;

/**
 * Finds by itself how many requests a server bears at once: as many as do not make it slower than it is when calm. After the
 * gradient limits of Netflix' concurrency-limits, with one difference: there the present latency is compared to a long
 * average, which under lasting overload learns the queue, so that the limit grows without end. Here the calm latency is
 * measured anew whenever the limit was cut, and while the load is far below it.
 *
 * <p>Mutable and without a lock: confined to one loop, or guarded by what shares it. There should be one for a server, of all
 * loops: with one on each, a loop that cuts still measures the queue of the others, and the sum comes to a multiple of what
 * the server bears.
 */
public final class GradientLimit {
    private static final int WINDOW =
            32; // answers that are judged together, or as many as the limit where that is more
    private static final double TOLERANCE = 1.5; // of the calm latency: a queue that keeps all workers busy is welcome
    private static final double GROWTH = 0.05; // by window
    private static final double DIP = 0.75; // of what should fit, so that after a cut the queue is gone
    private static final double DEEPEST = 0.25; // of the limit, at one cut
    private static final double LOSSES = 0.1; // of the answers, that are taken for overload
    private static final double MEASURED = 0.5; // how much of a calm latency is believed that was measured on purpose
    private static final double NOTICED = 0.1; // and of one that was met by chance: the lowest of many are luck

    private final int min;
    private final int max;
    private double limit;
    private double calm; // latency in nanoseconds without a queue; 0: not known yet
    private boolean isMeasuring;
    private int stragglers; // answers to come that say how it was before the cut

    // the present window
    private int answers;
    private int dropped;
    private double nanos;
    private int busiest;

    /** Begins at {@code initial}, and stays from {@code min} to {@code max}. */
    public GradientLimit(int min, int initial, int max) {
        if (min < 1 || initial < min || max < initial) {
            throw new IllegalArgumentException("a limit needs 1 <= min <= initial <= max");
        }
        this.min = min;
        this.max = max;
        this.limit = initial;
    }

    /** Requests that may be in flight at once. */
    public int limit() {
        return (int) limit;
    }

    /**
     * A request has ended.
     *
     * @param inFlight requests under this limit that were in flight with it when it began, itself included
     * @param wasDropped the server refused it for overload, or did not answer in time; the time it took then says nothing
     */
    public void observe(long rttNanos, int inFlight, boolean wasDropped) {
        if (stragglers > 0) {
            stragglers--;
            return;
        }
        answers++;
        busiest = Math.max(busiest, inFlight);
        if (wasDropped) {
            dropped++;
        } else {
            nanos += rttNanos;
        }
        if (answers >= Math.max(WINDOW, limit)) {
            judge();
            answers = 0;
            dropped = 0;
            nanos = 0;
            busiest = 0;
        }
    }

    private void judge() {
        double latency = answers == dropped ? calm : nanos / (answers - dropped);
        boolean isUsed = 2 * busiest >= limit();
        if (calm == 0) {
            calm = latency;
        } else if (isMeasuring || !isUsed) {
            calm += (latency - calm) * MEASURED;
        } else if (latency < calm) {
            calm += (latency - calm) * NOTICED;
        }
        boolean isSlow = isUsed && !isMeasuring && latency > TOLERANCE * calm;
        isMeasuring = isSlow || dropped > LOSSES * answers;
        if (isMeasuring) {
            cut(latency);
        } else if (isUsed) {
            limit = Math.min(max, limit + Math.max(1, GROWTH * limit));
        }
    }

    private void cut(double latency) {
        double gradient = latency > calm ? calm / latency : 1;
        limit = Math.max(min, limit * Math.max(DEEPEST, DIP * gradient));
        stragglers = busiest;
    }
}
