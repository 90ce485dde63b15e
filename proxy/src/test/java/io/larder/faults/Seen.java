package io.larder.faults;

import java.time.Duration;

/**
 * What a client saw of one request; times are {@link System#nanoTime}.
 *
 * @param node that was asked
 * @param status 0 where there was no response
 * @param version of the page; -1 where the response was not whole or not of one version
 * @param how the {@code Cache-Status}, or why there was no response
 */
record Seen(String node, String path, long start, long end, int status, long version, String how) {
    boolean isHit() {
        return how.startsWith("larder; hit");
    }

    /** Whether the client got what it asked for. */
    boolean isGood() {
        return status == 200 && version > 0;
    }

    Duration took() {
        return Duration.ofNanos(end - start);
    }
}
