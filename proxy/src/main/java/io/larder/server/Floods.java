package io.larder.server;

import io.larder.exchange.Loop;
import java.util.concurrent.TimeUnit;

/** How much of each {@link Flood} one client may still do: it costs a subtraction until that is used up. Confined to its loop. */
final class Floods {
    private static final Flood[] KINDS = Flood.values();

    private final Loop loop;
    private final int[] left = new int[KINDS.length];
    private final long[] since = new long[KINDS.length]; // when the last ones were granted

    Floods(Loop loop) {
        this.loop = loop;
        long now = loop.nanos();
        for (Flood kind : KINDS) {
            left[kind.ordinal()] = kind.burst();
            since[kind.ordinal()] = now;
        }
    }

    /** One more of {@code kind}; answers whether that was allowed. */
    boolean allow(Flood kind) {
        return --left[kind.ordinal()] >= 0 || grant(kind);
    }

    private boolean grant(Flood kind) {
        int i = kind.ordinal();
        long now = loop.nanos();
        long earned = TimeUnit.NANOSECONDS.toMillis(now - since[i]) * kind.everySecond() / 1000;
        if (earned == 0) {
            left[i] = -1;
            return false;
        }
        since[i] = now;
        left[i] = (int) Math.min(kind.burst(), earned) - 1;
        return left[i] >= 0;
    }

    /** The client has done what makes {@code more} of {@code kind} reasonable. */
    void earn(Flood kind, int more) {
        int i = kind.ordinal();
        left[i] = Math.min(kind.burst(), left[i] + more);
    }
}
