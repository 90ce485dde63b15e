package io.larder.exchange;

import io.larder.http.Headers;

/** Takes interim responses (102, 103, …; never 100 or 101) on their way to the client. Confined to the exchange's loop. */
@FunctionalInterface
public interface Interim {
    /** Nobody is interested. */
    Interim NONE = (status, headers) -> {};

    /** Sends an interim response, unless the final one has begun. */
    void send(int status, Headers headers);
}
