package io.larder.server;

import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import java.util.function.Supplier;

/**
 * What the connections of one loop work with.
 *
 * @param handler asked once for each request, so that a reload never changes a request in flight
 * @param telemetry is told of every request when it is over
 * @param ids a new one for each request
 */
public record Serving(Supplier<Handler> handler, Telemetry telemetry, Supplier<RequestId> ids) {}
