package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;

/**
 * Of two that chance names in proportion to the weights ({@link TwoChoices}), the one at which a request should be done
 * sooner: latency, times requests in flight per weight. Confined to one loop.
 *
 * <p>A server of unknown latency counts as a typical one, so that it neither waits for its first request nor gets all of
 * them. None counts as faster than half of a typical one: a server that errs quickly, and one of which nothing has been
 * heard for so long that its estimate has faded away, would else be flooded before its next answer shows what it is worth.
 */
public final class Ewma implements Balancer {
    private static final double FASTEST = 0.5; // of the typical latency

    private final TwoChoices choices = new TwoChoices(this::pace);
    private double typical; // of the eligible, at this pick

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        typical = typical(candidates, eligible, choice.nanos());
        return OptionalInt.of(choices.pick(candidates, eligible, choice));
    }

    private double pace(Load load, long nanos) {
        double latency = load.latency(nanos);
        return latency > 0 ? Math.max(latency, FASTEST * typical) : typical;
    }

    /** The mean of what is known; 1 where nothing is. */
    private static double typical(List<? extends Load> candidates, int[] eligible, long nanos) {
        double sum = 0;
        int known = 0;
        for (int i : eligible) {
            double latency = candidates.get(i).latency(nanos);
            if (latency > 0) {
                sum += latency;
                known++;
            }
        }
        return known == 0 ? 1 : sum / known;
    }
}
