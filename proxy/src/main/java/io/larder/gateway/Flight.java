package io.larder.gateway;

import io.larder.coherence.Fence;
import io.larder.exchange.Exchange;
import io.larder.exchange.Failure;
import io.larder.exchange.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A fetch in the air and those who wait for it. Confined to the leader's loop, but for {@link #follow}, which may be
 * called from any loop and hops.
 */
final class Flight {
    private final Loop loop;
    private final Fence fence;
    private final long tookOff;
    private final List<Seat> seats = new ArrayList<>();
    private final List<FlightKey> keys = new ArrayList<>(1);
    private @Nullable Landing landing;
    private boolean over;
    private @Nullable Runnable deserted;

    /**
     * Makes one that nobody waits for yet.
     *
     * @param fence taken before the origin is asked: who comes after a later purge must not follow
     * @param tookOff its turn (see {@link Flights#turn})
     */
    Flight(Loop loop, Fence fence, long tookOff) {
        this.loop = loop;
        this.fence = fence;
        this.tookOff = tookOff;
    }

    Fence fence() {
        return fence;
    }

    /** Its place in the order of all requests: whoever has an earlier turn asked before the origin was asked. */
    long tookOff() {
        return tookOff;
    }

    /** Completes on the loop of {@code exchange} when the flight has landed; fails when the client leaves before. */
    CompletionStage<Landing> follow(Exchange exchange) {
        Seat seat = new Seat(exchange);
        seat.wait(this);
        return seat.landed;
    }

    /** What it can be followed under. */
    List<FlightKey> keys() {
        return keys;
    }

    /** It can be followed under {@code key}, too. */
    void known(FlightKey key) {
        keys.add(key);
    }

    boolean isOver() {
        return over;
    }

    void over() {
        over = true;
    }

    private void onLoop(Loop caller, Runnable task) {
        if (caller.equals(loop)) {
            task.run();
        } else {
            loop.execute(task);
        }
    }

    private void board(Seat seat) {
        Landing already = landing;
        if (already == null) {
            seats.add(seat);
        } else {
            seat.tell(already, loop);
        }
    }

    private void left(Seat seat) {
        seats.remove(seat);
        checkDeserted();
    }

    /** The leader's client has left: {@code then} runs as soon as nobody waits, if that is before the landing. */
    void leaderLeft(Runnable then) {
        deserted = then;
        checkDeserted();
    }

    private void checkDeserted() {
        Runnable then = deserted;
        if (then != null && landing == null && seats.isEmpty()) {
            deserted = null;
            then.run();
        }
    }

    /** Tells everyone; only the first landing counts. */
    void land(Landing outcome) {
        if (landing == null) {
            landing = outcome;
            List<Seat> waiting = List.copyOf(seats);
            seats.clear();
            waiting.forEach(seat -> seat.tell(outcome, loop));
        }
    }

    /** One who waits: lives on the loop of its exchange, but for {@link #tell}. */
    private static final class Seat {
        private final Exchange exchange;
        private final CompletableFuture<Landing> landed = new CompletableFuture<>();
        private @Nullable Runnable leave;

        Seat(Exchange exchange) {
            this.exchange = exchange;
        }

        void wait(Flight flight) {
            Loop own = exchange.loop();
            Runnable leaving = () -> {
                landed.completeExceptionally(new Failure(Failure.Kind.CLIENT_GONE, "the client left while it waited"));
                flight.onLoop(own, () -> flight.left(this));
            };
            leave = leaving;
            flight.onLoop(own, () -> flight.board(this));
            if (!landed.isDone()) {
                exchange.departure().onGone(leaving);
            }
        }

        /** Called on the flight's loop. What comes of it in the follower is the follower's own: a stage keeps its bugs. */
        void tell(Landing outcome, Loop from) {
            if (from.equals(exchange.loop())) {
                take(outcome);
            } else {
                exchange.loop().execute(() -> take(outcome));
            }
        }

        private void take(Landing outcome) {
            Runnable leaving = leave;
            if (leaving != null) {
                exchange.departure().forget(leaving);
            }
            landed.complete(outcome);
        }
    }
}
