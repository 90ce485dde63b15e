package io.larder.assembly;

import io.larder.exchange.Failure;
import io.larder.fragment.Outline;
import io.larder.fragment.Piece;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page on its way to one visitor: all its holes are filled at once, in any order. Confined to its exchange's loop.
 */
final class Page {
    /** Fragments of one page that are fetched at the same time; the others wait for their turn. */
    private static final int AT_ONCE = 64;

    private final Includes includes;
    private final boolean stored;
    private final List<Hole> holes = new ArrayList<>();
    private final Deque<Hole> waiting = new ArrayDeque<>();
    private final Runnable left = this::abandon;
    private List<Slot> slots = List.of();
    private int running;
    private boolean starting;
    private @Nullable Runnable listener;

    /** @param stored whether the octets of the page are kept, and will come again */
    Page(Includes includes, boolean stored) {
        this.includes = includes;
        this.stored = stored;
    }

    /** Begins to fill the holes of {@code compiled}, as this visitor is to see it. */
    void begin(Compiled compiled, RequestVariables variables) {
        slots = slots(Outline.of(compiled.template(), variables, Compiled.limits(includes.plan())));
        startMore();
        includes.exchange().departure().onGone(left);
    }

    private List<Slot> slots(List<Piece> pieces) {
        List<Slot> all = new ArrayList<>(pieces.size());
        for (Piece piece : pieces) {
            all.add(
                    switch (piece) {
                        case Piece.Octets(var octets, boolean told) -> new Slot.Ready(octets, stored && !told);
                        case Piece.Hole hole -> hole(hole);
                        case Piece.Attempt(List<Piece> attempt, List<Piece> except) ->
                            new Slot.Trial(slots(attempt), false, () -> begun(except));
                        case Piece.Stubbed(Piece.Hole hole, List<Piece> stub) ->
                            new Slot.Trial(List.of(hole(hole)), true, () -> begun(stub));
                    });
        }
        return all;
    }

    private List<Slot> begun(List<Piece> pieces) {
        List<Slot> more = slots(pieces);
        startMore();
        return more;
    }

    private Hole hole(Piece.Hole piece) {
        Hole hole = new Hole(includes, piece, this::settled);
        holes.add(hole);
        waiting.add(hole);
        return hole;
    }

    private void startMore() {
        if (starting) {
            return; // it is done below, where fragments settle at once
        }
        starting = true;
        while (running < AT_ONCE && !waiting.isEmpty()) {
            running++;
            waiting.remove().fill();
        }
        starting = false;
    }

    /** One of the holes is filled, or never will be. */
    private void settled() {
        running--;
        startMore();
        Runnable told = listener;
        if (told != null && !starting) {
            told.run();
        }
    }

    /** Runs {@code told} whenever something may have changed. */
    void onChange(Runnable told) {
        listener = told;
    }

    /** In the order of the page. */
    List<Slot> slots() {
        return slots;
    }

    /** All places for fragments that were come upon, shown or not. */
    List<Hole> holes() {
        return holes;
    }

    /** What is held of it. */
    Held held() {
        return includes.held();
    }

    /** Nobody wants the page any more, or all of it has left. */
    void abandon() {
        held().end();
        leave();
    }

    /** Nothing more is to be filled; what is held of it is on its way. */
    void leave() {
        listener = null;
        waiting.clear();
        includes.exchange().departure().forget(left);
        holes.forEach(Hole::abandon);
    }

    /** What becomes of the page where one of its holes cannot be filled. */
    Failure failure() {
        return new Failure(Failure.Kind.RESPONSE_INCOMPLETE, "a fragment cannot be had that the page needs");
    }
}
