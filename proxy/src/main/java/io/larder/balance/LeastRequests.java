package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;

/**
 * The less busy of two that chance names in proportion to the weights ({@link TwoChoices}); busy is requests in flight per
 * weight. Confined to one loop.
 */
public final class LeastRequests implements Balancer {
    private final TwoChoices choices = new TwoChoices((load, nanos) -> 1);

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        return eligible.length == 0 ? OptionalInt.empty() : OptionalInt.of(choices.pick(candidates, eligible, choice));
    }
}
