package io.larder.gateway;

import io.larder.coherence.Position;
import io.larder.exchange.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fetch in the air and those who wait for it. Confined to the leader's loop, but for {@link #follow}, which may be
 * called from any loop and hops.
 */
final class Flight {
    private final Loop loop;
    private final Position fence;
    private final List<Consumer<Landing>> followers = new ArrayList<>();
    private @Nullable Landing landing;

    /** @param fence taken before the origin is asked: who comes after a later purge must not follow */
    Flight(Loop loop, Position fence) {
        this.loop = loop;
        this.fence = fence;
    }

    Position fence() {
        return fence;
    }

    /** Calls {@code seat} on {@code from}, the caller's loop, when the flight has landed. */
    void follow(Loop from, Consumer<Landing> seat) {
        if (from.equals(loop)) {
            board(seat);
        } else {
            loop.execute(() -> board(landed -> from.execute(() -> seat.accept(landed))));
        }
    }

    private void board(Consumer<Landing> seat) {
        Landing already = landing;
        if (already == null) {
            followers.add(seat);
        } else {
            seat.accept(already);
        }
    }

    /** Whether nobody would miss it. */
    boolean isIdle() {
        return landing == null && followers.isEmpty();
    }

    /** Tells everyone; only the first landing counts. */
    void land(Landing outcome) {
        if (landing == null) {
            landing = outcome;
            List<Consumer<Landing>> waiting = List.copyOf(followers);
            followers.clear();
            waiting.forEach(seat -> seat.accept(outcome));
        }
    }
}
