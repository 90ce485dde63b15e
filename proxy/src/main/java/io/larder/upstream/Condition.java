package io.larder.upstream;

import io.larder.balance.HealthCount;
import io.larder.balance.OutlierDetector;
import io.larder.balance.SuccessRate;
import io.larder.exchange.Failure;
import io.larder.exchange.Shared;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What all loops know of one server's health, from three sources: its circuit breaker (it could not be reached, or hung up),
 * what else it does worse than it should (outliers, where they are configured), and its health check.
 *
 * <p>Reading it costs three volatile reads (four once it has failed); while all goes well nothing is written.
 */
@Shared
final class Condition {
    /** Is told when it changes. On whichever thread that happens: must not block. */
    interface Listener {
        void changed(Standing standing, String why);
    }

    /** The other servers of the upstream. From any thread. */
    interface Others {
        /** Whether {@code one} may be ejected as an outlier, beside those that are. */
        boolean haveRoom(Condition one, long nanos);

        /** {@code one} is back. */
        default void follow(Condition one, long nanos) {}
    }

    private final UpstreamSettings.Care care;
    private final Duration patience; // with a probe, before another is sent
    private final OutlierDetector breaker;
    private final @Nullable OutlierDetector detector; // null: outliers are not looked for
    private final @Nullable SuccessRate rate;
    private final Others others;
    private final Listener listener;
    private volatile OutlierDetector.State reach =
            OutlierDetector.HEALTHY; // written, as the next four, under the lock of this
    private volatile OutlierDetector.State conduct = OutlierDetector.HEALTHY;
    private volatile HealthCount.State checks = HealthCount.UNCHECKED;
    private volatile boolean answersCalls; // what it failed at last, it failed at by itself and at once
    private volatile long usableSince;
    private SuccessRate.Window window;

    /** @param usableSince on the loop's clock; a server that is new starts slowly */
    Condition(UpstreamSettings.Care care, Duration patience, Others others, Listener listener, long usableSince) {
        this.care = care;
        this.patience = patience;
        this.breaker = care.breaker();
        UpstreamSettings.Outliers outliers = care.outliers();
        this.detector = outliers == null ? null : outliers.detector();
        this.rate = outliers == null ? null : outliers.successRate();
        this.others = others;
        this.listener = listener;
        this.usableSince = usableSince;
        this.window = SuccessRate.Window.at(usableSince, 0, 0);
    }

    boolean isUsable(long nanos) {
        return breaker.isUsable(reach, nanos) && !isOutlier(nanos) && HealthCount.isUp(checks);
    }

    /**
     * Whether it may be sent a request where no server is usable: by one probe at a time where it costs a wait to find out;
     * freely where it takes connections and then hangs up, which may be one page's fault, and holds nobody up.
     */
    boolean mayBeTried(long nanos) {
        return (answersCalls || breaker.mayBeTried(reach, nanos))
                && (detector == null || detector.mayBeTried(conduct, nanos))
                && HealthCount.isUp(checks);
    }

    /** Whether it is left alone as an outlier, or being probed after it was. */
    boolean isLeftAlone(long nanos) {
        return conduct instanceof OutlierDetector.Probing || isOutlier(nanos);
    }

    boolean isOutlier(long nanos) {
        return detector != null && !detector.isUsable(conduct, nanos);
    }

    /** Since when it has been usable without a break; for those that start slowly. */
    long usableSince() {
        return usableSince;
    }

    /** Others are back, and whatever was the matter with all of them may be over: who could not be reached may be probed. */
    synchronized void due(long nanos) {
        reach = breaker.due(reach, nanos);
    }

    /** It is let in again: whoever took it out may have started it anew. */
    synchronized void letIn(long nanos) {
        usableSince = nanos;
    }

    Standing standing(long nanos) {
        if (!HealthCount.isUp(checks)) {
            return Standing.DOWN;
        }
        return isUsable(nanos) ? Standing.UP : Standing.EJECTED;
    }

    /** How long it will still be left alone for what requests have met with; zero where it is not. */
    Duration ejectedFor(long nanos) {
        Duration reached = left(reach, nanos);
        Duration conducted = left(conduct, nanos);
        return reached.compareTo(conducted) > 0 ? reached : conducted;
    }

    private static Duration left(OutlierDetector.State state, long nanos) {
        return switch (state) {
            case OutlierDetector.Active active -> Duration.ZERO;
            case OutlierDetector.Ejected ejected -> Duration.ofNanos(Math.max(0, ejected.until() - nanos));
            case OutlierDetector.Probing probing -> Duration.ofNanos(Math.max(0, probing.until() - nanos));
        };
    }

    /** A request is sent to it. */
    void sent(long nanos) {
        if (isClean()) {
            return;
        }
        synchronized (this) {
            reach = breaker.sent(reach, patience, nanos);
            conduct = detector == null ? conduct : detector.sent(conduct, patience, nanos);
        }
    }

    /** Its answer has begun, and does not speak against it. */
    void answered() {
        if (isClean()) {
            return;
        }
        synchronized (this) {
            reach = breaker.answered(reach);
            conduct = detector == null ? conduct : detector.answered(conduct);
        }
    }

    /** Its answer is complete, and does not speak against it. */
    void succeeded(long nanos) {
        if (isClean()) {
            return;
        }
        boolean back;
        synchronized (this) {
            back = hasBeenEjected(reach) || (hasBeenEjected(conduct) && !(conduct instanceof OutlierDetector.Ejected));
            reach = OutlierDetector.HEALTHY;
            conduct = conduct instanceof OutlierDetector.Ejected
                    ? conduct
                    : OutlierDetector.HEALTHY; // no straggler ends it
            usableSince = back ? nanos : usableSince;
        }
        if (back && isUsable(nanos)) {
            listener.changed(Standing.UP, "it answers again");
            others.follow(this, nanos);
        }
    }

    /** Before the first failure, and after a success that followed the last. */
    private boolean isClean() {
        return reach.equals(OutlierDetector.HEALTHY) && conduct.equals(OutlierDetector.HEALTHY);
    }

    private static boolean hasBeenEjected(OutlierDetector.State state) {
        return !(state instanceof OutlierDetector.Active active) || active.times() > 0;
    }

    /** A request to it has ended in a way that tells nothing of it. */
    void abandoned(long nanos) {
        if (isClean()) {
            return;
        }
        synchronized (this) {
            reach = breaker.abandoned(reach, nanos);
            conduct = detector == null ? conduct : detector.abandoned(conduct, nanos);
        }
    }

    /** It could not be reached, hung up, was silent, or did not speak HTTP. */
    void failed(Failure why, long ended, long failures, long nanos) {
        boolean ejected;
        synchronized (this) {
            answersCalls = answersCalls(why.kind());
            OutlierDetector.State before = reach;
            reach = breaker.failed(reach, nanos);
            ejected = isNew(before, reach);
            ejected |= misconducted(ended, failures, nanos);
        }
        tell(ejected, why.detail(), nanos);
    }

    private static boolean answersCalls(Failure.Kind kind) {
        return switch (kind) {
            case CONNECTION_TERMINATED, RESPONSE_INCOMPLETE, PROTOCOL_ERROR -> true;
            default -> false;
        };
    }

    /** It has answered that it cannot. */
    void answeredBadly(int status, @Nullable Duration retryAfter, long ended, long failures, long nanos) {
        if (detector == null) {
            answered();
            return;
        }
        boolean ejected;
        synchronized (this) {
            reach = breaker.answered(reach);
            ejected = misconducted(ended, failures, nanos);
            if (!ejected && retryAfter != null && detector.isUsable(conduct, nanos) && others.haveRoom(this, nanos)) {
                conduct = detector.ejectedFor(conduct, retryAfter, nanos);
                ejected = true;
            }
        }
        tell(ejected, "it answers " + status + (retryAfter == null ? "" : " with Retry-After"), nanos);
    }

    /** What else than being reached speaks against it; answers whether it is ejected by that. Holds the lock. */
    private boolean misconducted(long ended, long failures, long nanos) {
        if (detector == null) {
            return false;
        }
        OutlierDetector.State before = conduct;
        OutlierDetector.State after = detector.failed(before, nanos);
        if (SuccessRate.isOver(window, nanos) || before instanceof OutlierDetector.Probing) {
            window = SuccessRate.Window.at(nanos, ended, failures);
        } else if (after instanceof OutlierDetector.Active && rate != null && rate.isMissed(window, ended, failures)) {
            after = detector.ejectedFor(before, detector.next(before), nanos);
            window = SuccessRate.Window.at(nanos, ended, failures);
        }
        boolean out = after instanceof OutlierDetector.Ejected && !(before instanceof OutlierDetector.Ejected);
        if (out && !others.haveRoom(this, nanos)) {
            conduct = detector.answered(before);
            return false;
        }
        conduct = after;
        return isNew(before, after);
    }

    /** Whether this is news: probes that fail only prolong what is known. */
    private static boolean isNew(OutlierDetector.State before, OutlierDetector.State after) {
        return after instanceof OutlierDetector.Ejected && before instanceof OutlierDetector.Active;
    }

    private void tell(boolean ejected, String why, long nanos) {
        if (ejected) {
            long millis = ejectedFor(nanos).toMillis();
            listener.changed(Standing.EJECTED, why + "; left alone for " + millis / 1e3 + " s");
        }
    }

    /** A health check has ended. */
    void checked(boolean passed, String why, long nanos) {
        UpstreamSettings.Checks rule = care.checks();
        if (rule == null) {
            return;
        }
        boolean wasUp;
        boolean isUp;
        synchronized (this) {
            HealthCount.State before = checks;
            wasUp = HealthCount.isUp(before);
            checks = passed ? rule.count().passed(before) : rule.count().failed(before);
            isUp = HealthCount.isUp(checks);
            if (isUp && !wasUp) {
                reach = OutlierDetector.HEALTHY; // the check knows better than what requests met with before
                usableSince = nanos;
            }
        }
        if (wasUp != isUp) {
            listener.changed(standing(nanos), "health check: " + why);
        }
    }
}
