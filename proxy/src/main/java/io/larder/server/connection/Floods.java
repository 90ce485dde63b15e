package io.larder.server.connection;

import io.larder.exchange.Loop;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How much of each {@link Flood} one client may still do: it costs a subtraction until that is used up. Confined to its loop. */
public final class Floods {
    private final Loop loop;
    private final Map<Flood, Allowance> allowances = new EnumMap<>(Flood.class); // of what has come

    public Floods(Loop loop) {
        this.loop = loop;
    }

    /** One more of {@code kind}; answers whether that was allowed. */
    public boolean allow(Flood kind) {
        Allowance allowance = allowances.get(kind);
        if (allowance == null) {
            allowance = new Allowance(kind, loop.nanos());
            allowances.put(kind, allowance);
        }
        return --allowance.left >= 0 || allowance.grant(loop.nanos());
    }

    /** The client has done what makes {@code more} of {@code kind} reasonable. */
    public void earn(Flood kind, int more) {
        Allowance allowance = allowances.get(kind);
        if (allowance != null) {
            allowance.left = Math.min(kind.burst(), allowance.left + more);
        }
    }

    private static final class Allowance {
        private final Flood kind;
        private int left;
        private long since; // when the last ones were granted

        Allowance(Flood kind, long now) {
            this.kind = kind;
            this.left = kind.burst();
            this.since = now;
        }

        private boolean grant(long now) {
            long earned = TimeUnit.NANOSECONDS.toMillis(now - since) * kind.everySecond() / 1000;
            if (earned == 0) {
                left = -1;
                return false;
            }
            since = now;
            left = (int) Math.min(kind.burst(), earned) - 1;
            return true;
        }
    }
}
