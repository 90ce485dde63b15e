package io.larder.upstream;

import io.larder.exchange.Failure;

/** One request put to a server and what becomes of it, whichever protocol carries it. Confined to the exchange's loop. */
interface Call {
    /** Sends the request: head and what there is of the body in one flush. */
    void start();

    /** Gives up before there is a response: nobody wants it any more. */
    void abort(Failure why);
}
