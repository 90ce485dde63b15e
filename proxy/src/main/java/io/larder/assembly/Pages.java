package io.larder.assembly;

import io.larder.exchange.Handler;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What pages of all configurations have in common to be put together with; see {@link Materials}.
 *
 * @param worker refuses what it cannot do soon; never a loop itself
 */
public record Pages(Prepared prepared, Room room, Executor worker, RandomGenerator random) {
    private static final long LITTLE = 4 << 20;

    /** A little room, and tokens that anybody can foretell: for trials. */
    public static Pages little(Executor worker) {
        return new Pages(Prepared.of(LITTLE, worker), new Room(64 * LITTLE), worker, new SplittableRandom(0));
    }

    /** With a gateway that takes requests for fragments. */
    public Materials materials(Handler fragments) {
        return new Materials(prepared, room, worker, random, fragments);
    }
}
