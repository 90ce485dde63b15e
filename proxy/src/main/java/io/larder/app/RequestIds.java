package io.larder.app;

import io.larder.exchange.RequestId;
import java.util.function.Supplier;

/** Numbers the requests of one loop, from a random start, so that two processes hardly ever give the same. Confined. */
final class RequestIds implements Supplier<RequestId> {
    private long next;

    RequestIds(long start) {
        this.next = start;
    }

    @Override
    public RequestId get() {
        return new RequestId(next++);
    }
}
