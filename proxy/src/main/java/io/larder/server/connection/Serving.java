package io.larder.server.connection;

import io.larder.exchange.Handler;
import io.larder.exchange.RequestId;
import io.larder.exchange.Telemetry;
import io.larder.route.TrustedProxies;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the connections of one loop work with.
 *
 * @param handler asked once for each request, so that a reload never changes a request in flight
 * @param telemetry is told of every request when it is over
 * @param ids a new one for each request
 * @param proxies whose word on their clients is believed; asked for each connection that begins with such a word
 */
public record Serving(
        Supplier<Handler> handler, Telemetry telemetry, Supplier<RequestId> ids, Supplier<TrustedProxies> proxies) {
    private static final TrustedProxies NOBODY = new TrustedProxies(List.of());

    /** Where no proxy is believed. */
    public Serving(Supplier<Handler> handler, Telemetry telemetry, Supplier<RequestId> ids) {
        this(handler, telemetry, ids, () -> NOBODY);
    }
}
