package io.larder.telemetry;

import io.larder.exchange.Client;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;

/** Counts an exchange, writes its line, and has bugs logged. Confined to one loop. */
record LoopTelemetry(LoopCounters counters, Telemetry log, BugLog bugs, PageLog pages, FloodLog floods)
        implements Telemetry {
    @Override
    public void finished(Exchange exchange, Request request, Outcome outcome) {
        counters.finished(exchange, request, outcome);
        log.finished(exchange, request, outcome);
        pages.note(exchange, exchange.journal());
        Failure failure = exchange.journal().failure();
        if (failure != null) {
            bugs.note(exchange.id(), failure);
        }
    }

    @Override
    public void rejected(Client client, int status, String reason) {
        counters.rejected(client, status, reason);
    }

    @Override
    public void turnedAway(Turned why) {
        counters.turnedAway(why);
    }

    @Override
    public void shaken(Client client, String version) {
        counters.shaken(client, version);
    }

    @Override
    public void unshaken(Client client, String reason) {
        counters.unshaken(client, reason);
    }

    @Override
    public void flooded(Client client, String protocol, String kind) {
        counters.flooded(client, protocol, kind);
        floods.note(client, protocol, kind);
    }
}
