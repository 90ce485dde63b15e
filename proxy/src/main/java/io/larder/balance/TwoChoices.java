package io.larder.balance;

import java.util.List;

/**
 * The better of two servers that chance names in proportion to the weights (the power of two choices, Mitzenmacher 2001).
 * Confined to one loop.
 *
 * <p>Since the draw honours the weights already, the comparison must not do so again: were the new request charged to each by
 * its own weight, the heavier of two idle servers would always win, and one that starts slowly would get nothing to start
 * with; were it charged to neither, an idle server of weight 1 would take a request whenever its sibling of weight 100 has
 * one. So it is charged in full to the one drawn second, and to the first at the cheaper of the two rates. Between equals
 * this is the ordinary comparison of requests in flight, with a tie for the first.
 */
final class TwoChoices {
    /** How long one request takes at a server, compared to others. */
    interface Pace {
        double of(Load load, long nanos);
    }

    private final Lots lots = new Lots();
    private final Pace pace;

    TwoChoices(Pace pace) {
        this.pace = pace;
    }

    /** Picks one of the eligible, of which there is one at least; an index into the candidates. */
    int pick(List<? extends Load> candidates, int[] eligible, Choice choice) {
        if (eligible.length == 1) {
            return eligible[0];
        }
        lots.lay(candidates, eligible, choice.nanos());
        int first = lots.draw(choice.random());
        int other = lots.drawOther(first, choice.random());
        double ratio = lots.weight(other) / lots.weight(first);
        Load one = candidates.get(eligible[first]);
        Load two = candidates.get(eligible[other]);
        double cost = pace.of(one, choice.nanos()) * (one.inFlight() * ratio + Math.min(1, ratio));
        double others = pace.of(two, choice.nanos()) * (two.inFlight() + 1);
        return eligible[others < cost ? other : first];
    }
}
