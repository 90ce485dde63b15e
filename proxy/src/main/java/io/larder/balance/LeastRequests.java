package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;

/**
 * The less busy of two that chance names in proportion to the weights (the power of two choices, Mitzenmacher 2001);
 * busy is requests in flight per weight. Remembers nothing.
 */
public final class LeastRequests implements Balancer {
    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        int first = draw(candidates, eligible, eligible.length, choice.random());
        if (eligible.length == 1) {
            return OptionalInt.of(eligible[first]);
        }
        int one = eligible[first];
        eligible[first] = eligible[eligible.length - 1];
        int other = eligible[draw(candidates, eligible, eligible.length - 1, choice.random())];
        return OptionalInt.of(isLessBusy(candidates.get(other), candidates.get(one)) ? other : one);
    }

    /** A tie goes to the first drawn, so that idle servers share by weight. */
    private static boolean isLessBusy(Load a, Load b) {
        return (long) a.inFlight() * b.endpoint().weight()
                < (long) b.inFlight() * a.endpoint().weight();
    }

    private static int draw(List<? extends Load> candidates, int[] from, int count, IntUnaryOperator random) {
        if (count == 1) {
            return 0;
        }
        int total = 0;
        for (int i = 0; i < count; i++) {
            total = Math.addExact(total, candidates.get(from[i]).endpoint().weight());
        }
        int ticket = random.applyAsInt(total);
        int at = 0;
        while (ticket >= candidates.get(from[at]).endpoint().weight()) {
            ticket -= candidates.get(from[at]).endpoint().weight();
            at++;
        }
        return at;
    }
}
