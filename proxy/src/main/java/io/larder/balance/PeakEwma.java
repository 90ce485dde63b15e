package io.larder.balance;

import java.time.Duration;

/**
 * What a server's latency is like at present: a moving average that believes bad news at once (peak-EWMA, as in Finagle). A
 * slower answer is the estimate from then on; a faster one takes its part as time goes by; and where nobody hears of the
 * server the estimate fades, so that it is tried again. Confined to one loop; time is passed in.
 */
public final class PeakEwma {
    /** In which time all but 1/e of the past is forgotten. */
    public static final Duration TAU = Duration.ofSeconds(10);

    private final double tau;
    private double estimate;
    private long since; // when that was the estimate

    /** Forgets as usual. */
    public PeakEwma() {
        this(TAU);
    }

    /** Forgets all but 1/e in {@code tau}. */
    public PeakEwma(Duration tau) {
        if (tau.isNegative() || tau.isZero()) {
            throw new IllegalArgumentException("tau must be above 0");
        }
        this.tau = tau.toNanos();
    }

    /** An answer took so long. */
    public void observe(long rttNanos, long nowNanos) {
        if (rttNanos < 0) {
            throw new IllegalArgumentException("an answer took less than no time");
        }
        double kept = kept(nowNanos);
        double faded = estimate * kept;
        estimate = rttNanos >= faded ? rttNanos : faded + rttNanos * (1 - kept);
        since = nowNanos;
    }

    /** The estimate at that time, in nanoseconds; 0 while nothing was observed. */
    public double at(long nowNanos) {
        return estimate == 0 ? 0 : estimate * kept(nowNanos);
    }

    /** The part of the past that counts still. StrictMath: what is simulated on one machine is what happens on another. */
    private double kept(long nowNanos) {
        long passed = nowNanos - since;
        return passed <= 0 ? 1 : StrictMath.exp(-passed / tau);
    }
}
