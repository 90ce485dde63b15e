package io.larder.balance;

import java.util.Arrays;

/** Keys that are asked for more or less often (Zipf). */
final class SimKeys {
    private final double[] upTo;
    private final long[] hashes;

    /**
     * @param skew 0: all alike; the nth is asked for 1/n^skew as often as the first
     */
    SimKeys(int count, double skew) {
        upTo = new double[count];
        hashes = new long[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += StrictMath.pow(i + 1, -skew);
            upTo[i] = sum;
            hashes[i] = KeyHash.of("/products/" + i);
        }
    }

    /** The hash of one, by chance. */
    long next(Dice dice) {
        int found = Arrays.binarySearch(upTo, dice.fraction() * upTo[upTo.length - 1]);
        return hashes[Math.min(found < 0 ? -found - 1 : found, hashes.length - 1)];
    }

    /** The share of all requests that the first is asked by. */
    double hottest() {
        return upTo[0] / upTo[upTo.length - 1];
    }
}
