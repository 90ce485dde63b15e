package io.larder.gateway;

import io.larder.exchange.Departure;
import io.larder.exchange.Failure;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Pump;
import io.larder.http.Response;
import io.larder.http.Slices;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps a response back until a small body that it announces is whole, so that a server which dies between head and body
 * costs another attempt and not a broken answer. Confined to the exchange's loop.
 */
final class Holding implements Pump.Taker {
    /** Is told of the end. */
    interface Listener {
        /** Here is the response, with all of its body. */
        void whole(Response response);

        /** There is no such; nothing of it has been passed on. */
        void broken(Failure why);
    }

    /** The largest body that is waited for, in octets: most pages, and little enough for each of many connections. */
    static final int MOST = 64 * 1024;

    private final Response response;
    private final Departure departure;
    private final Listener listener;
    private final Pump pump;
    private final Runnable departed = this::departed;
    private final List<Bytes> parts = new ArrayList<>(2);

    private Holding(Response response, Body.Live body, Departure departure, Listener listener) {
        this.response = response;
        this.departure = departure;
        this.listener = listener;
        this.pump = new Pump(body.source(), this);
    }

    /** Passes a response on when its body is whole, if the end of that is near, else at once. */
    static void pass(Response response, Departure departure, Listener listener) {
        if (response.body() instanceof Body.Live live && live.length() != Body.UNKNOWN && live.length() <= MOST) {
            Holding holding = new Holding(response, live, departure, listener);
            departure.onGone(holding.departed);
            holding.pump.resume();
        } else {
            listener.whole(response);
        }
    }

    private void departed() {
        pump.cancel();
        listener.broken(new Failure(Failure.Kind.CLIENT_GONE, "the client left before the response was whole"));
    }

    @Override
    public boolean chunk(Bytes bytes) {
        parts.add(bytes);
        return true;
    }

    @Override
    public void end(Headers trailers) {
        departure.forget(departed);
        Bytes all = Bytes.concat(parts);
        Body body = trailers.isEmpty() ? new Body.Whole(all) : new Body.Live(new Slices(all, trailers), all.length());
        listener.whole(response.withBody(body));
    }

    @Override
    public void failed(Throwable cause) {
        departure.forget(departed);
        listener.broken(Failure.of(cause));
    }
}
