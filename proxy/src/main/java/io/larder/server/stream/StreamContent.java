package io.larder.server.stream;

import io.larder.exchange.Failure;
import io.larder.exchange.Failure.Kind;
import io.larder.http.Body;
import io.larder.http.Bytes;
import io.larder.http.Headers;
import io.larder.http.Inflow;
import io.larder.http.Source;

/**
 * The content of one request on a stream. What the client may send is no more than what has been taken of it: the window opens
 * only as somebody asks. Confined to the connection's loop.
 */
final class StreamContent implements Inflow.Origin {
    /** What it needs of its stream. */
    interface Supply {
        /** The window opens for so many octets. */
        void taken(int octets);

        /** The client may be waiting for a 100 before it sends its content (RFC 9110 §10.1.1). */
        void invite();

        /** The client owes the next octets from now on. */
        void awaits();
    }

    private final Supply supply;
    private final Inflow flow = new Inflow(this);
    private final long limit;
    private final long declared;
    private long received;
    private int unread; // octets for which the window has not been opened again
    private boolean awaitsContinue;
    private boolean failed;

    /**
     * @param declared octets, or {@link Body#UNKNOWN}
     * @param limit octets of content: more are too many
     * @param awaitsContinue whether the client sends it when it is told to
     */
    StreamContent(long declared, long limit, boolean awaitsContinue, Supply supply) {
        this.declared = declared;
        this.limit = limit;
        this.awaitsContinue = awaitsContinue;
        this.supply = supply;
    }

    Source source() {
        return flow;
    }

    /** Octets that have come. */
    long received() {
        return received;
    }

    /** Whether somebody waits for octets that have not come. */
    boolean isAwaited() {
        return !failed && flow.isAwaited();
    }

    /**
     * Octets have come.
     *
     * @return whether the content can still be what the client said it was (RFC 9113 §8.1.1)
     */
    boolean data(Bytes data, boolean ends) {
        awaitsContinue = false;
        received += data.length();
        unread += (int) data.length();
        if (declared != Body.UNKNOWN && (received > declared || (ends && received < declared))) {
            return false;
        }
        if (failed) {
            return true;
        }
        if (received > limit) {
            fail(new Failure(Kind.REQUEST_TOO_LARGE, "the content is longer than " + limit + " bytes"));
        } else {
            flow.put(data);
            if (ends) {
                giveBack();
                flow.end(Headers.EMPTY);
            }
        }
        return true;
    }

    /** Trailers have come, and end it; as {@link #data}. */
    boolean trailers(Headers trailers) {
        if (declared != Body.UNKNOWN && received < declared) {
            return false;
        }
        giveBack();
        flow.end(trailers);
        return true;
    }

    /** All of it is here: what waits for its reader must not keep the connection's window shut for other streams. */
    private void giveBack() {
        int octets = unread;
        unread = 0;
        supply.taken(octets);
    }

    /** Breaks it off, for good. */
    void fail(Failure why) {
        if (!failed) {
            failed = true;
            flow.fail(why);
        }
    }

    @Override
    public void wanted() {
        if (awaitsContinue) {
            awaitsContinue = false;
            supply.invite();
        }
        giveBack();
        supply.awaits();
    }

    @Override
    public void abandoned() {
        // nothing is read any more: the window stays as it is
    }
}
