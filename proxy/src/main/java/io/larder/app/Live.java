package io.larder.app;

import io.larder.admin.Draining;
import io.larder.config.LarderConfig;
import io.larder.exchange.Handler;
import io.larder.exchange.Shared;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The generation that is live, and how it went with those that were to follow. */
@Shared
final class Live {
    /**
     * What has become of configurations.
     *
     * @param loaded when the live one became what it is
     * @param reloads that succeeded since the start
     * @param failures that were refused since the start
     * @param problem why the latest was refused; null where it is live
     */
    record History(
            Instant loaded,
            long reloads,
            long failures,
            @Nullable String problem) {}

    private final LarderConfig started;
    private volatile Generation now; // replaced, as the next, under the lock of this
    private volatile History history;

    Live(Generation first, Instant start) {
        this.started = first.config();
        this.now = first;
        this.history = new History(start, 0, 0, null);
    }

    Generation now() {
        return now;
    }

    /** What the next request is put to. */
    Handler gateway() {
        return now.gateway();
    }

    History history() {
        return history;
    }

    /** What the live configuration says and this process cannot do any more. */
    List<String> restartNeeded() {
        return AtNextStart.of(started, now().config());
    }

    /** The next request is put to {@code next}; servers that were taken out until now stay out. */
    synchronized void replace(Generation next) {
        next.backends().takeOutAs(now.backends());
        now = next;
    }

    /** Takes a server of the live generation out, or lets it in again. */
    synchronized Draining.Outcome drain(String upstream, String server, boolean out) {
        return now.backends().drain(upstream, server, out);
    }

    /** @param changed whether the live configuration is another than before */
    synchronized void succeeded(boolean changed, Instant time) {
        History old = history;
        history = new History(changed ? time : old.loaded(), old.reloads() + 1, old.failures(), null);
    }

    /** @param problem what was wrong with it, in a line */
    synchronized void refused(String problem) {
        History old = history;
        history = new History(old.loaded(), old.reloads(), old.failures() + 1, problem);
    }
}
