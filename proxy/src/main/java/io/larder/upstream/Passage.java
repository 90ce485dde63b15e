package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.http.Request;

/** Room for one request on an open connection: all of it, or a stream of its own. Confined to its loop. */
interface Passage {
    /** Whether the connection has carried a request before the present one. */
    boolean isReused();

    /** Makes the request ready to be sent; {@code outcome} is told of nothing before {@link Call#start}. */
    Call call(Request request, Exchange exchange, UpstreamSettings settings, Outcome outcome);
}
