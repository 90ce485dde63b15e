package io.larder.gateway;

import io.larder.exchange.Handler;

/**
 * Where a route's requests go: the way to an upstream's servers.
 *
 * @param handler picks a server, tries another, gets the answer
 * @param host which Host field the servers see
 */
public record Origin(Handler handler, HostRule host) {}
