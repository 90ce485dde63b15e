package io.larder.telemetry;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;

/** Counts an exchange and writes its line. Confined to one loop. */
record LoopTelemetry(LoopCounters counters, Telemetry log) implements Telemetry {
    @Override
    public void finished(Exchange exchange, Request request, Outcome outcome) {
        counters.finished(exchange, request, outcome);
        log.finished(exchange, request, outcome);
    }

    @Override
    public void rejected(Client client, int status, String reason) {
        counters.rejected(client, status, reason);
    }
}
