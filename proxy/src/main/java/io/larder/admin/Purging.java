package io.larder.admin;

import io.larder.exchange.Exchange;
import java.util.concurrent.CompletionStage;

/** Carries purges out. */
@FunctionalInterface
public interface Purging {
    /**
     * Carries {@code order} out, and waits for the other nodes as long as it says or until the client of {@code exchange}
     * has left. Called off the loops, and blocks nobody; the stage may complete on any thread.
     */
    CompletionStage<PurgeReport> purge(PurgeOrder order, Exchange exchange);
}
