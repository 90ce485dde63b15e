package io.larder.telemetry;

import io.larder.exchange.Failure;
import io.larder.exchange.RequestId;
import io.larder.exchange.Shared;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs bugs that requests ran into, with their stack traces, on a thread of its own. When there are more than it can
 * write, it drops some: the access log and the counters have all of them.
 */
@Shared
final class BugLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BugLog.class);
    private static final int WAITING = 16;

    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            0,
            1,
            5,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> Thread.ofPlatform().name("larder-bug-log").daemon(true).unstarted(task),
            new ThreadPoolExecutor.DiscardPolicy());

    /** Notes what {@code failure} of a request was, if it was a bug. Returns at once. */
    void note(RequestId id, Failure failure) {
        if (failure.kind() == Failure.Kind.INTERNAL) {
            writer.execute(() -> LOG.error("request {} ran into a bug", id, failure.getCause()));
        }
    }

    @Override
    public void close() {
        writer.shutdown();
    }
}
