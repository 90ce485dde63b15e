package io.larder.telemetry;

import io.larder.exchange.Exchange;
import io.larder.exchange.Telemetry;
import io.larder.http.Request;

/** How an exchange is written as one log line. Confined to one loop. */
interface LineFormat {
    /** Writes the line with its line feed. */
    void write(Line line, Exchange exchange, Request request, Telemetry.Outcome outcome);
}
