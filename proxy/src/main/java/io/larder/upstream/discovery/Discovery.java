package io.larder.upstream.discovery;

import java.util.List;

/** A source of servers that tells whenever they change. */
public interface Discovery extends AutoCloseable {
    /** Begins to look; at most once, from any thread. Returns before anything is known. */
    void start(Listener listener);

    /**
     * Ends it for good; from any thread, with or without a start. What is on its way to the listener may still reach it,
     * and means nothing any more.
     */
    @Override
    void close();

    /** Hears of servers: from one thread at a time, which is the source's own and must not be held up. Never throws. */
    interface Listener {
        /**
         * These are all the servers there are now. Told when first known, and then only when something has changed.
         *
         * @param servers each address once, in an order that depends on the servers alone. Empty only where the source knows
         *     for certain that none may be used, which of all sources Kubernetes alone does
         */
        void found(List<Found> servers);

        /**
         * The servers cannot be learned at the moment, or not all of them: what was found last holds on. Told once an outage.
         *
         * @param why one line for the log
         */
        void failed(String why);

        /** The outage is over; if the servers are others than before, {@link #found} follows. */
        void recovered();
    }
}
