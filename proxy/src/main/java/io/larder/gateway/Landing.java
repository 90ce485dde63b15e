package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.policy.Reason;
import io.larder.policy.Stored;

/** How a fetch that others may be waiting for turned out, known as soon as the origin's head is there. */
sealed interface Landing {
    /**
     * The response may be shared; its body is still coming.
     *
     * @param head what will be stored, with an empty body
     * @param length of the body, or {@link io.larder.http.Body#UNKNOWN}
     */
    record Arriving(Stored head, Spool spool, long length) implements Landing {}

    /**
     * A stored response answers: validated anew, or stale where the origin failed.
     *
     * @param reason why it may be served
     */
    record Served(Stored stored, Reason reason) implements Landing {}

    /** The response is for the client that asked and for nobody else: everyone else goes by himself. */
    record Diverted() implements Landing {}

    /** There is no response; asking again at once would only ask a failing origin once more. */
    record Failed(Failure failure) implements Landing {}
}
