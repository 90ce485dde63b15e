package io.larder.balance;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The rule that leaves a server alone for a while when requests to it keep failing before any answer: after so many
 * failures in a row it is ejected for {@code base}, doubled at each further ejection up to {@code max}; then one
 * request may probe it, and success clears everything.
 *
 * @param failures in a row that eject, at least 1
 * @param base the first ejection
 * @param max the longest
 */
public record OutlierDetector(int failures, Duration base, Duration max) {
    public OutlierDetector {
        if (failures < 1 || base.isNegative() || base.isZero() || max.compareTo(base) < 0) {
            throw new IllegalArgumentException("outliers need at least 1 failure and 0 < base <= max");
        }
    }

    /** What is known of one server. Times are on the loop's clock, in nanoseconds. */
    public sealed interface State {}

    /**
     * It is in use.
     *
     * @param failures in a row so far
     * @param times it has been ejected since it last succeeded
     */
    public record Active(int failures, int times) implements State {}

    /** It is left alone until {@code until}; then it may be probed. */
    public record Ejected(long until, int times) implements State {}

    /**
     * One request probes it; should nobody hear of that request again, another may from {@code until} on.
     *
     * @param despite the ejection that was not over yet: the request was sent for want of other servers, and its failure is
     *     no news; null where it was over
     */
    public record Probing(long until, int times, @Nullable Ejected despite) implements State {}

    /** Nothing is known to its disadvantage. */
    public static final State HEALTHY = new Active(0, 0);

    /** Whether it may be sent a request. */
    public boolean isUsable(State state, long nanos) {
        return switch (state) {
            case Active active -> true;
            case Ejected ejected -> nanos - ejected.until >= 0;
            case Probing probing -> nanos - probing.until >= 0;
        };
    }

    /** Whether it may be sent a request where no server is usable: by one probe at a time they find out when one is again. */
    public boolean mayBeTried(State state, long nanos) {
        return state instanceof Ejected || isUsable(state, nanos);
    }

    /**
     * What follows when a request is sent to it: the first after, or in spite of, an ejection is the probe.
     *
     * @param patience how long it may take until another probe is sent
     */
    public State sent(State state, Duration patience, long nanos) {
        return switch (state) {
            case Active active -> active;
            case Ejected ejected -> probe(ejected.times, isUsable(ejected, nanos) ? null : ejected, patience, nanos);
            case Probing probing -> isUsable(probing, nanos) ? probe(probing.times, null, patience, nanos) : probing;
        };
    }

    /** What follows when its answer to a probe has begun: it is in use, but the next failure ejects it again, for longer. */
    public State answered(State state) {
        return state instanceof Probing probing ? new Active(failures - 1, probing.times) : state;
    }

    /** What follows when a request to it has ended without telling anything of it: if that was the probe, another may be. */
    public State abandoned(State state, long nanos) {
        if (!(state instanceof Probing probing)) {
            return state;
        }
        return probing.despite == null ? new Ejected(nanos, probing.times) : probing.despite;
    }

    /** What follows when it has to be left alone for {@code time} for what it says itself, or for what else is known of it. */
    public State ejectedFor(State state, Duration time, long nanos) {
        int times = switch (state) {
            case Active active -> active.times;
            case Ejected ejected -> ejected.times;
            case Probing probing -> probing.times;
        };
        return new Ejected(nanos + (time.compareTo(max) < 0 ? time : max).toNanos(), times + 1);
    }

    /** How long it would be left alone if it were ejected now. */
    public Duration next(State state) {
        return switch (state) {
            case Active active -> ejection(active.times);
            case Ejected ejected -> ejection(ejected.times);
            case Probing probing -> ejection(probing.times);
        };
    }

    /** What follows when it need not be left alone any longer: one request may probe it. */
    public State due(State state, long nanos) {
        return state instanceof Ejected ejected && !isUsable(ejected, nanos)
                ? new Ejected(nanos, ejected.times)
                : state;
    }

    /** What follows when a request to it has ended well. */
    public State succeeded(State state) {
        return HEALTHY.equals(state) ? state : HEALTHY;
    }

    /** What follows when a request to it has failed before any answer. */
    public State failed(State state, long nanos) {
        return switch (state) {
            case Active active ->
                active.failures + 1 < failures
                        ? new Active(active.failures + 1, active.times)
                        : eject(active.times, nanos);
            case Ejected ejected -> ejected; // a straggler from before, or a request sent because all are ejected
            case Probing probing -> probing.despite == null ? eject(probing.times, nanos) : probing.despite;
        };
    }

    private State probe(int times, @Nullable Ejected despite, Duration patience, long nanos) {
        return new Probing(nanos + patience.toNanos(), times, despite);
    }

    private State eject(int times, long nanos) {
        return new Ejected(nanos + ejection(times).toNanos(), times + 1);
    }

    /** How long the ejection lasts that follows {@code times} others. */
    Duration ejection(int times) {
        Duration length = base;
        for (int i = 0; i < times && length.compareTo(max) < 0; i++) {
            length = length.multipliedBy(2);
        }
        return length.compareTo(max) < 0 ? length : max;
    }
}
