package io.larder.app;

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
    private volatile Generation now;
    private volatile History history; // replaced under the lock of this

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

    /** The next request is put to {@code next}. */
    void replace(Generation next) {
        now = next;
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
