package io.larder.telemetry;

import io.larder.exchange.Failure;
import io.larder.exchange.RequestId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs bugs that requests ran into, with their stack traces. */
record BugLog(LogWriter writer) {
    private static final Logger LOG = LoggerFactory.getLogger(BugLog.class);

    /** Notes what {@code failure} of a request was, if it was a bug. Returns at once. */
    void note(RequestId id, Failure failure) {
        if (failure.kind() == Failure.Kind.INTERNAL) {
            writer.write(() -> LOG.error("request {} ran into a bug", id, failure.getCause()));
        }
    }
}
