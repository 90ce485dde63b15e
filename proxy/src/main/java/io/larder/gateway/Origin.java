package io.larder.gateway;

import io.larder.exchange.Handler;
import io.larder.route.Stickiness;
import io.larder.upstream.Servers;
import org.jspecify.annotations.Nullable;

/**
 * Where a route's requests go: the way to an upstream's servers.
 *
 * @param handler picks a server, tries another, gets the answer
 * @param host which Host field the servers see
 * @param standby who answers for them; null: nobody
 * @param sticky how clients are bound to one of the servers; null: they are not
 */
public record Origin(
        Handler handler,
        HostRule host,
        @Nullable Standby standby,
        @Nullable Stickiness sticky) {
    /** The way to servers that nobody answers for, and that are all the same to a client. */
    public Origin(Handler handler, HostRule host) {
        this(handler, host, null, null);
    }

    /**
     * Who answers for servers.
     *
     * @param servers that it answers for while none of them is usable
     */
    public record Standby(Servers servers, Origin origin) {}
}
