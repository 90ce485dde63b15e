package io.larder.store.redis;

import java.time.Duration;

/**
 * The rule by which Redis is left alone once asking it has become pointless: after so many failures in a row, or when too
 * large a share of many calls fails, nothing is asked any more but a probe, again and again after a pause, until one succeeds.
 *
 * @param inARow failures in a row that open it, at least 1
 * @param many calls in one {@code window} before their share of failures counts
 * @param share of failures that opens it then, above 0 up to 1
 * @param window how long calls are counted together; the counting begins anew after it
 * @param pause between opening and a probe, and between probes
 */
public record Breaker(int inARow, int many, double share, Duration window, Duration pause) {
    public Breaker {
        if (inARow < 1 || many < 1 || share <= 0 || share > 1 || window.isNegative() || pause.isNegative()) {
            throw new IllegalArgumentException("a breaker needs at least one failure, and a share in (0, 1]");
        }
    }

    /** Five in a row, or half of twenty and more in ten seconds; probed each second. */
    public static Breaker usual() {
        return new Breaker(5, 20, 0.5, Duration.ofSeconds(10), Duration.ofSeconds(1));
    }

    /** How things stand. Times are on the caller's clock, in nanoseconds. */
    public sealed interface State {
        /** Whether Redis may be asked. */
        default boolean mayAsk() {
            return this instanceof Closed;
        }
    }

    /**
     * All is asked.
     *
     * @param inARow failures since the last success
     * @param since when the counting began
     * @param calls counted since then
     * @param failures among them
     */
    public record Closed(int inARow, long since, int calls, int failures) implements State {}

    /** Nothing is asked; from {@code probeAt} on a probe may be. */
    public record Open(long probeAt) implements State {}

    /** A probe is on its way: half open. */
    public record Probing() implements State {}

    /** How things stand at first. */
    public State start(long nanos) {
        return new Closed(0, nanos, 0, 0);
    }

    /** What follows when a call has succeeded; one of before the opening closes nothing. */
    public State succeeded(State state, long nanos) {
        return switch (state) {
            case Closed closed -> {
                Closed counted = counting(closed, nanos);
                yield new Closed(0, counted.since, counted.calls + 1, counted.failures);
            }
            case Open open -> open;
            case Probing probing -> probing;
        };
    }

    /** What follows when a call has failed; one of before the opening prolongs nothing. */
    public State failed(State state, long nanos) {
        return switch (state) {
            case Closed closed -> {
                Closed counted = counting(closed, nanos);
                Closed worse = new Closed(counted.inARow + 1, counted.since, counted.calls + 1, counted.failures + 1);
                yield isPointless(worse) ? open(nanos) : worse;
            }
            case Open open -> open;
            case Probing probing -> probing;
        };
    }

    /** What follows when it is time to see about a probe: {@link Probing} means that one is to be sent. */
    public State probe(State state, long nanos) {
        return state instanceof Open open && nanos - open.probeAt >= 0 ? new Probing() : state;
    }

    /** What follows when a probe has been answered, or has failed. */
    public State probed(State state, boolean answered, long nanos) {
        if (!(state instanceof Probing)) {
            return state;
        }
        return answered ? start(nanos) : open(nanos);
    }

    private Open open(long nanos) {
        return new Open(nanos + pause.toNanos());
    }

    private boolean isPointless(Closed closed) {
        return closed.inARow >= inARow || (closed.calls >= many && closed.failures >= share * closed.calls);
    }

    private Closed counting(Closed closed, long nanos) {
        return nanos - closed.since < window.toNanos() ? closed : new Closed(closed.inARow, nanos, 0, 0);
    }
}
