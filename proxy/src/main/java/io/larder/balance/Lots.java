package io.larder.balance;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Lots that are drawn among eligible servers, in proportion to what counts of their weights. Confined to one loop: the table
 * is used again at each pick.
 */
final class Lots {
    private static final int STEPS = Integer.MAX_VALUE; // as fine as chance comes in one number

    private double[] weights = {}; // by place among the eligible; longer than they are many
    private int count;
    private double total;

    /** Lays out a lot for each of the eligible, of which there is one at least. */
    void lay(List<? extends Load> candidates, int[] eligible, long nanos) {
        if (weights.length < eligible.length) {
            weights = new double[candidates.size()];
        }
        count = eligible.length;
        total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = weight(candidates.get(eligible[i]), nanos);
            total += weights[i];
        }
    }

    /** What counts of a server's weight at present. */
    static double weight(Load load, long nanos) {
        return load.endpoint().weight() * load.share(nanos);
    }

    /** What counts of the weight of the one at that place among the eligible. */
    double weight(int place) {
        return weights[place];
    }

    /** Draws a place among the eligible. */
    int draw(IntUnaryOperator random) {
        return count == 1 ? 0 : draw(random, total, -1);
    }

    /** Draws a place other than {@code one}; there are two at least. */
    int drawOther(int one, IntUnaryOperator random) {
        return count == 2 ? 1 - one : draw(random, total - weights[one], one);
    }

    private int draw(IntUnaryOperator random, double sum, int without) {
        double ticket = sum * random.applyAsInt(STEPS) / STEPS;
        int drawn = -1;
        for (int place = 0; place < count && (drawn < 0 || ticket >= 0); place++) {
            if (place != without) {
                drawn = place;
                ticket -= weights[place];
            }
        }
        return drawn;
    }
}
