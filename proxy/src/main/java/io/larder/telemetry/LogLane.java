package io.larder.telemetry;

import io.larder.exchange.Exchange;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;

/** One loop's way into the access log: formats there, hands over bytes, never waits. Confined to the loop. */
final class LogLane implements Telemetry {
    private final LineFormat format;
    private final long threshold;
    private final LogRing ring;
    private final Runnable wake;
    private final Line line = new Line();

    /**
     * @param sample the share of exchanges that is logged, 0–1
     * @param wake the writing thread
     */
    LogLane(LineFormat format, double sample, LogRing ring, Runnable wake) {
        this.format = format;
        this.threshold = sample >= 1 ? Long.MAX_VALUE : (long) (sample * Long.MAX_VALUE);
        this.ring = ring;
        this.wake = wake;
    }

    @Override
    public void finished(Exchange exchange, Request request, Outcome outcome) {
        if (!isSampled(exchange.id().value())) {
            return;
        }
        line.clear();
        format.write(line, exchange, request, outcome);
        if (ring.offer(line.bytes(), line.length())) {
            wake.run();
        }
    }

    /** Decides by the id alone, well mixed, so that one request is in all logs or in none. */
    private boolean isSampled(long id) {
        long mixed = id * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xBF58476D1CE4E5B9L;
        return threshold == Long.MAX_VALUE || (mixed >>> 1) < threshold;
    }
}
