package io.larder.balance;

import java.util.List;
import java.util.OptionalInt;

/** Any one, as chance has it, in proportion to the weights. Confined to one loop. */
public final class RandomChoice implements Balancer {
    private final Lots lots = new Lots();

    @Override
    public OptionalInt pick(List<? extends Load> candidates, Choice choice) {
        int[] eligible = Eligible.of(candidates, choice);
        if (eligible.length == 0) {
            return OptionalInt.empty();
        }
        lots.lay(candidates, eligible, choice.nanos());
        return OptionalInt.of(eligible[lots.draw(choice.random())]);
    }
}
