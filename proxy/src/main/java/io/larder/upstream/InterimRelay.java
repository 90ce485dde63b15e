package io.larder.upstream;

import io.larder.exchange.Exchange;
import io.larder.http.Malformed;
import io.larder.http.ResponseHead;

/** Passes interim responses on to the client, as many as are reasonable. Confined to the exchange's loop. */
final class InterimRelay implements ResponseReader.Interims {
    private static final int MAX_INTERIMS = 20;

    private final Exchange exchange;
    private int interims;

    InterimRelay(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void interim(ResponseHead head) throws Malformed {
        if (head.status() == 101) {
            throw new Malformed(
                    502,
                    "the server switched protocols unasked, or to another than was asked for (RFC 9110 section 7.8)");
        }
        if (++interims > MAX_INTERIMS) {
            throw new Malformed(502, "more than " + MAX_INTERIMS + " interim responses");
        }
        if (head.status() != 100) {
            exchange.interim().send(head.status(), ResponseFields.ofInterim(head.headers()));
        }
    }
}
