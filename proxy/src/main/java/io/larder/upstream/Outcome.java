package io.larder.upstream;

import io.larder.exchange.Failure;
import io.larder.http.Response;

/** Is told what became of a {@link Call}, on its loop. */
interface Outcome {
    /** The final response has begun. */
    void answered(Response response);

    /**
     * There will be no response.
     *
     * @param silent not one byte came back
     */
    void failed(Failure why, boolean silent);

    /** The response that had begun has broken off; {@link #over} follows. */
    void brokeOff(Failure why);

    /** The server has nothing to do with this request any more. Comes once; after {@link #brokeOff}, if that comes. */
    void over();
}
