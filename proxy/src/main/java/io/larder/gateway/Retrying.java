package io.larder.gateway;

import io.larder.exchange.Exchange;
import io.larder.exchange.Handler;
import io.larder.http.Request;
import io.larder.http.Response;
import io.larder.upstream.Servers;
import java.util.concurrent.CompletionStage;

/** Sends a request again where that is harmless and may help, within the deadline and the budget. */
public final class Retrying implements Handler {
    private final Servers servers;
    private final RetrySettings settings;

    public Retrying(Servers servers, RetrySettings settings) {
        this.servers = servers;
        this.settings = settings;
    }

    @Override
    public CompletionStage<Response> handle(Request request, Exchange exchange) {
        servers.budget(exchange.loop()).requested(exchange.loop().nanos());
        return new Course(servers, settings, request, exchange.within(servers.total())).begin();
    }
}
