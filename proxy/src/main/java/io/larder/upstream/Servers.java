package io.larder.upstream;

import io.larder.balance.Endpoint;
import io.larder.balance.RetryBudget;
import io.larder.exchange.Exchange;
import io.larder.exchange.Loop;
import io.larder.http.Request;
import io.larder.http.Response;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** The servers of an upstream as whoever repeats requests sees them. On the exchange's loop only. */
public interface Servers {
    /**
     * Puts the request to one server, once; otherwise as {@link io.larder.exchange.Handler#handle}.
     *
     * @param tried servers not to ask again, unless all have been tried; the one that is asked is added
     */
    CompletionStage<Response> attempt(Request request, Exchange exchange, Set<Endpoint> tried);

    /** Whether a server that may be asked now is not among {@code tried}. */
    boolean hasUntried(Set<Endpoint> tried, Exchange exchange);

    /** Whether a server is healthy, for all that is known; not only asked for want of others. */
    boolean isUsable(Exchange exchange);

    /** The retries of this upstream's requests on {@code loop}. */
    RetryBudget budget(Loop loop);

    /** How long a request may take in all, its repetitions included. */
    Duration total();
}
