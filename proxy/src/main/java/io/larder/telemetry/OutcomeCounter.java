package io.larder.telemetry;

import io.larder.exchange.Shared;
import java.util.concurrent.atomic.AtomicLong;

/** How many requests of one route ended in one way. One thread counts, any thread reads (see {@link Histogram}). */
@Shared
final class OutcomeCounter implements Cells.Cell {
    private final String method;
    private final int status;
    private final String cache;
    private final String reason;
    private final AtomicLong count = new AtomicLong();

    OutcomeCounter(String method, int status, String cache, String reason) {
        this.method = method;
        this.status = status;
        this.cache = cache;
        this.reason = reason;
    }

    static int hash(String method, int status, String cache, String reason) {
        return ((method.hashCode() * 31 + status) * 31 + cache.hashCode()) * 31 + reason.hashCode();
    }

    boolean counts(String otherMethod, int otherStatus, String otherCache, String otherReason) {
        return status == otherStatus
                && method.equals(otherMethod)
                && cache.equals(otherCache)
                && reason.equals(otherReason);
    }

    void increment() {
        count.setOpaque(count.getPlain() + 1);
    }

    @Override
    public int hash() {
        return hash(method, status, cache, reason);
    }

    String method() {
        return method;
    }

    /** {@code none} where no response was sent. */
    String status() {
        return status == 0 ? "none" : Integer.toString(status);
    }

    String cache() {
        return cache;
    }

    String reason() {
        return reason;
    }

    long count() {
        return count.getOpaque();
    }
}
