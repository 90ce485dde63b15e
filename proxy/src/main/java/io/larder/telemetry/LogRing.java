package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes on their way from one loop to the writing thread: a ring with one writer and one reader, neither of which ever
 * waits for the other.
 *
 * <p>Why that is right: the loop alone advances {@code head}, after the bytes before it are in place (release); the
 * reader takes them up to the head it saw (acquire) and alone advances {@code tail}, after it is done with them, which
 * frees their room for the loop (acquire).
 */
@Shared
final class LogRing {
    private final byte[] bytes;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private long tailSeen; // the loop's: where the tail was when it last looked

    /** @param size in bytes, a power of two */
    LogRing(int size) {
        bytes = new byte[size];
    }

    /**
     * Adds whole lines, or drops them and counts one when there is no room. On the loop.
     *
     * @return whether the ring has just become half full: time to wake the reader
     */
    boolean offer(byte[] line, int length) {
        long at = head.getPlain();
        if (at + length - tailSeen > bytes.length) {
            tailSeen = tail.getAcquire();
            if (at + length - tailSeen > bytes.length) {
                dropped.setOpaque(dropped.getPlain() + 1);
                return false;
            }
        }
        int offset = (int) at & (bytes.length - 1);
        int first = Math.min(length, bytes.length - offset);
        System.arraycopy(line, 0, bytes, offset, first);
        System.arraycopy(line, first, bytes, 0, length - first);
        head.setRelease(at + length);
        return crossesHalf(at, length);
    }

    private boolean crossesHalf(long at, int length) {
        long half = tailSeen + bytes.length / 2;
        return at < half && at + length >= half;
    }

    /** Where the next line will begin. On the reading thread. */
    long end() {
        return head.getAcquire();
    }

    /** Whether anything before {@code end} is still here. On the reading thread. */
    boolean hasUpTo(long end) {
        return tail.getPlain() < end;
    }

    /** Writes everything up to {@code end} to {@code target}; on failure it stays. On the reading thread. */
    void drain(long end, LogTarget target) throws IOException {
        for (long at = tail.getPlain(); at < end; at = tail.getPlain()) {
            int offset = (int) at & (bytes.length - 1);
            int run = (int) Math.min(end - at, bytes.length - offset);
            target.write(bytes, offset, run);
            tail.setRelease(at + run);
        }
    }

    /** Throws away everything up to {@code end} and answers how many lines that was. On the reading thread. */
    long discard(long end) {
        long lines = 0;
        for (long at = tail.getPlain(); at < end; at++) {
            if (bytes[(int) at & (bytes.length - 1)] == '\n') {
                lines++;
            }
        }
        tail.setRelease(end);
        return lines;
    }

    /** Lines that found no room; from any thread. */
    long dropped() {
        return dropped.getOpaque();
    }
}
