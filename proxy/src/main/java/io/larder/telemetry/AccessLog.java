package io.larder.telemetry;

import io.larder.exchange.Shared;
import io.larder.exchange.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request, written by one background thread.
 *
 * <p>The loops format into rings of their own ({@link #lane}) and never wait: with the target slow, full or gone, lines
 * are dropped and counted, and requests go on.
 */
@Shared
public final class AccessLog implements AutoCloseable {
    /** What a line looks like. */
    public enum Format {
        JSON,
        COMBINED,
        OFF
    }

    /** Where lines go. */
    public sealed interface Destination {
        /** Standard output. */
        record Stdout() implements Destination {}

        /** Standard error. */
        record Stderr() implements Destination {}

        /** A file that is appended to. */
        record ToFile(Path path) implements Destination {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
    private static final int RING = 1 << 20; // bytes a loop: at 30 MB/s half of it lasts 17 ms
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LAST_WRITE = Duration.ofSeconds(2);

    private final Format format;
    private final double sample;
    private final @Nullable LogTarget target;
    private final Thread writer;
    private final List<LogRing> rings = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean reopening;
    private volatile boolean closing;
    private boolean failing; // the writing thread's

    AccessLog(Format format, double sample, @Nullable LogTarget target) {
        this.format = format;
        this.sample = sample;
        this.target = target;
        this.writer = new Thread(this::writeAll, "larder-access-log");
        writer.setDaemon(true);
        if (target != null) {
            writer.start();
        }
    }

    /** A log that writes nothing. */
    public static AccessLog off() {
        return new AccessLog(Format.OFF, 0, null);
    }

    /**
     * Begins a log.
     *
     * @param sample the share of requests that is logged, 0–1
     * @throws IOException when the file cannot be opened for appending
     */
    public static AccessLog open(Format format, Destination to, double sample) throws IOException {
        return format == Format.OFF ? off() : new AccessLog(format, sample, target(to));
    }

    private static LogTarget target(Destination to) throws IOException {
        return switch (to) {
            case Destination.Stdout stdout -> StreamTarget.stdout();
            case Destination.Stderr stderr -> StreamTarget.stderr();
            case Destination.ToFile file -> new FileTarget(file.path());
        };
    }

    /** What one loop, and no other, tells its exchanges to. */
    public Telemetry lane() {
        return switch (format) {
            case JSON -> lane(new JsonFormat());
            case COMBINED -> lane(new CombinedFormat());
            case OFF -> Telemetry.NONE;
        };
    }

    private Telemetry lane(LineFormat line) {
        LogRing ring = new LogRing(RING);
        rings.add(ring);
        return new LogLane(line, sample, ring, () -> LockSupport.unpark(writer));
    }

    /** Opens the file anew, after log rotation has renamed it. Returns at once. */
    public void reopen() {
        reopening = true;
        LockSupport.unpark(writer);
    }

    /** How many lines found no room, or no target, since the start. */
    public long dropped() {
        return lost.get() + rings.stream().mapToLong(LogRing::dropped).sum();
    }

    /** Writes what is there and ends; gives up on a target that does not take it within two seconds. */
    @Override
    public void close() {
        if (target == null) {
            return;
        }
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WRITE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        LogTarget to = target;
        if (to == null) {
            return;
        }
        while (!closing) {
            reopenIfAsked(to);
            rings.forEach(ring -> drain(ring, to));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        rings.forEach(ring -> drain(ring, to));
        try {
            to.close();
        } catch (IOException e) {
            LOG.warn("closing the access log failed: {}", e.getMessage());
        }
    }

    private void reopenIfAsked(LogTarget to) {
        if (reopening) {
            reopening = false;
            try {
                rings.forEach(ring -> drain(ring, to));
                to.reopen();
            } catch (IOException e) {
                LOG.warn("the access log cannot be reopened, will try again: {}", e.toString());
            }
        }
    }

    private void drain(LogRing ring, LogTarget to) {
        long end = ring.end();
        boolean resuming = failing && ring.hasUpTo(end);
        try {
            if (resuming) {
                to.write(new byte[] {'\n'}, 0, 1); // ends the line that the failure may have cut
            }
            ring.drain(end, to);
            if (resuming) {
                failing = false;
                LOG.info("the access log is written again; {} lines were dropped so far", dropped());
            }
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("the access log cannot be written, its lines are dropped: {}", e.toString());
            }
            failing = true;
            lost.addAndGet(ring.discard(end));
        }
    }
}
