package io.larder.app;

import io.larder.config.load.FileWatch;
import io.larder.config.source.Sources;
import io.larder.exchange.Shared;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks twice a second whether the files of the configuration have changed, on a thread of its own. */
@Shared
final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration POLL = Duration.ofMillis(500);

    private final Runnable changed;
    private final ScheduledExecutorService thread;
    private Sources latest; // from what the configuration was read last; under the lock of this, as what follows
    private @Nullable FileWatch watch; // for what comes after that; null until somebody looks

    private Watcher(Sources read, Runnable changed) {
        this.changed = changed;
        this.latest = read;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "larder-config-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins to look.
     *
     * @param read from what the live configuration was read
     * @param reloads reads again when it is time
     */
    static Watcher start(Sources read, Reloads reloads) {
        Watcher watcher = new Watcher(read, reloads::reload);
        reloads.tell(watcher::read);
        watcher.thread.scheduleWithFixedDelay(watcher::look, POLL.toMillis(), POLL.toMillis(), TimeUnit.MILLISECONDS);
        return watcher;
    }

    private void look() {
        try {
            if (hasChanged()) {
                changed.run();
            }
        } catch (RuntimeException bug) {
            LOG.error("looking for changes of the configuration failed", bug); // or it would never be done again
        }
    }

    private synchronized boolean hasChanged() {
        if (watch == null) {
            watch = FileWatch.of(latest); // here, since a start need not wait for that
        }
        return watch.poll();
    }

    /** Somebody has read it: looks for what comes after that. */
    synchronized void read(Sources sources) {
        latest = sources;
        watch = null;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
