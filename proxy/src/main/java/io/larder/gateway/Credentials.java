package io.larder.gateway;

import io.larder.admission.Verdict;
import io.larder.exchange.Exchange;
import io.larder.http.Request;
import java.util.concurrent.CompletionStage;

/** Looks at what clients show, by one rule. */
@FunctionalInterface
public interface Credentials {
    /**
     * Judges what {@code request} brings.
     *
     * @return completes on the exchange's loop, and never fails
     */
    CompletionStage<Verdict> judge(Request request, Exchange exchange);
}
