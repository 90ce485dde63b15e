package io.larder.gateway;

import io.larder.exchange.Failure;
import io.larder.policy.Reason;
import io.larder.policy.Stored;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

    /**
     * It turned out by something about the one who asked, and tells the others nothing: they set out again, together.
     */
    record Inconclusive() implements Landing {}

    /** There is no response; asking again at once would only ask a failing origin once more. */
    record Failed(Failure failure) implements Landing {}

    /** A landing that is known already. */
    static CompletionStage<Landing> now(Landing landing) {
        return CompletableFuture.completedFuture(landing);
    }

    /** How {@code failure} looks to those who wait: what was wrong with the leader's own request, or its client, is not theirs. */
    static Landing of(Failure failure) {
        return switch (failure.kind()) {
            case DNS_ERROR,
                    DESTINATION_UNAVAILABLE,
                    CONNECTION_LIMIT,
                    CONNECTION_REFUSED,
                    CONNECTION_TIMEOUT,
                    CONNECTION_TERMINATED,
                    TLS_CERTIFICATE_ERROR,
                    TLS_PROTOCOL_ERROR,
                    TLS_ALERT_RECEIVED,
                    READ_TIMEOUT,
                    WRITE_TIMEOUT,
                    RESPONSE_TIMEOUT,
                    RESPONSE_INCOMPLETE,
                    PROTOCOL_ERROR -> new Failed(failure);
            case LOOP_DETECTED,
                    REQUEST_ERROR,
                    REQUEST_TOO_LARGE,
                    REQUEST_TIMEOUT,
                    REQUEST_DENIED,
                    UNAUTHENTICATED,
                    TOO_MANY_REQUESTS,
                    NOT_FOUND,
                    MISDIRECTED,
                    ONLY_IF_CACHED,
                    UNVALIDATED,
                    CLIENT_GONE,
                    INTERNAL -> new Inconclusive();
        };
    }
}
