package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.http.Response;
import io.larder.policy.CacheStatus;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import java.util.concurrent.CompletionStage;

/** What a fetch brought, for the one who asked and for those who wait. */
sealed interface Arrival {
    /** How it looks to those who wait: on the fetch's loop, and never a failure. */
    CompletionStage<Landing> others();

    /** The origin's response, to be passed on. */
    record Passed(Response response, CacheStatus.Forwarded status, CompletionStage<Landing> others)
            implements Arrival {}

    /**
     * A stored response answers.
     *
     * @param reason {@link Reason#REVALIDATED}, or why it may be served stale
     */
    record Reused(Stored stored, Reason reason, CacheStatus.Forwarded status, CompletionStage<Landing> others)
            implements Arrival {}

    /**
     * Nothing does.
     *
     * @param failure as the one who asked is told
     * @param cause what went wrong, for each of the others to make of it what he may
     */
    record Failed(Failure failure, Failure cause) implements Arrival {
        @Override
        public CompletionStage<Landing> others() {
            return Landing.now(Landing.of(cause));
        }
    }
}
