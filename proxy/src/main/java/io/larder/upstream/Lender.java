package io.larder.upstream;

import io.larder.exchange.Client;
import io.larder.exchange.Failure;
import java.time.Duration;

/** What lends the connections from one loop to one server, a request at a time. Confined to that loop. */
interface Lender {
    /** Who needs a connection, or a stream on one. */
    interface Borrower {
        /** Whether it does not need one any more. */
        boolean isGone();

        /** For whom it needs one. */
        Client client();

        /** Here is one, for one request, which must be begun now. */
        void lent(Passage passage);

        /** There will be none; nothing has been sent. */
        void refused(Failure why);
    }

    /** Any unused connection will do. */
    Duration ANY = Duration.ofDays(1);

    /** Only a connection that has never been used will do. */
    Duration FRESH = Duration.ofNanos(-1);

    /**
     * Lends a connection, now or later.
     *
     * @param maxIdle how long it may have been unused: {@link #ANY}, {@link #FRESH} or between
     * @param deadline of the whole exchange, on the loop's clock
     */
    void borrow(Borrower borrower, Duration maxIdle, long deadline);

    /** Keeps no connection any more; those lent are closed when they come back. */
    void retire();
}
