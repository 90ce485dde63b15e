package io.larder.assembly;

import io.larder.exchange.Exchange;
import io.larder.exchange.Lack;
import io.larder.fragment.Piece;
import io.larder.http.Bytes;
import io.larder.http.Response;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A hole in a page, and what it takes to fill it: its source, then its alternative, each for no longer than its deadline; at last
 * nothing, or what the route says. A stale copy comes before all that, from the cache that is asked.
 *
 * <p>A fragment stands in the page whole or not at all. Confined to the page's loop.
 */
final class Hole implements Slot, Attempt.Outcome {
    private final Includes includes;
    private final Piece.Hole piece;
    private final Runnable settled;
    private final Deque<String> sources = new ArrayDeque<>(2);
    private final List<Response> answers = new ArrayList<>(1); // to all that was asked for it
    private State state = State.PENDING;
    private Bytes octets = Bytes.EMPTY;
    private boolean lasting;
    private boolean silent; // something that was asked for was not answered
    private @Nullable Attempt running;

    /** @param settled is run once it is known what stands there */
    Hole(Includes includes, Piece.Hole piece, Runnable settled) {
        this.includes = includes;
        this.piece = piece;
        this.settled = settled;
        sources.add(piece.src());
        piece.alt().ifPresent(sources::add);
    }

    @Override
    public State state() {
        return state;
    }

    /** What fills it. */
    Bytes octets() {
        return octets;
    }

    /** Whether what fills it is kept somewhere. */
    boolean isLasting() {
        return lasting;
    }

    /** What the page depends on through it: all responses that were looked at, whether they fill it or not. */
    List<Response> answers() {
        return answers;
    }

    /** Whether another time something else may stand there, of which no response tells for how long this does. */
    boolean isUncertain() {
        return silent || state == State.PENDING;
    }

    /** Begins to fill it; may be done before it returns. */
    void fill() {
        String source = sources.poll();
        if (source == null) {
            giveUp();
            return;
        }
        switch (includes.target(source)) {
            case FragmentTarget.Refused(Lack why, String detail) -> failed(why, detail, false);
            case FragmentTarget.Allowed allowed -> ask(allowed);
        }
    }

    private void ask(FragmentTarget.Allowed allowed) {
        Duration deadline = piece.deadline().orElse(includes.plan().deadline());
        Exchange exchange = includes.exchangeFor(piece.ttl().orElse(null)).within(deadline);
        Attempt attempt = new Attempt(includes, exchange, this);
        running = attempt;
        attempt.begin(allowed, deadline);
    }

    /** The page is given up. */
    void abandon() {
        state = state == State.PENDING ? State.FAILED : state;
        Attempt attempt = running;
        if (attempt != null) {
            attempt.abandon();
        }
    }

    @Override
    public void answered(Response response) {
        answers.add(response);
    }

    @Override
    public void filled(Bytes content, boolean kept) {
        octets = content;
        lasting = kept;
        settle(State.FILLED);
    }

    @Override
    public void failed(Lack why, String detail, boolean untold) {
        silent |= untold;
        includes.missed(piece.written(), why, detail);
        if (state == State.PENDING) {
            fill();
        }
    }

    private void giveUp() {
        String fallback = includes.plan().fallback();
        if (piece.optional()) {
            settle(State.FILLED);
        } else if (fallback != null) {
            octets = Bytes.utf8(fallback);
            settle(State.FILLED);
        } else {
            settle(State.FAILED);
        }
    }

    private void settle(State known) {
        running = null;
        if (state == State.PENDING) {
            state = known;
            settled.run();
        }
    }
}
