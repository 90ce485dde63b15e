package io.larder.balance;

/**
 * Chance that falls the same on every machine: SplitMix64 (Steele, Lea, Flood 2014), and logarithms by StrictMath.
 */
final class Dice {
    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    private long bits() {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    /** From 0 (inclusive) to {@code bound} (exclusive). */
    int below(int bound) {
        return (int) (((bits() >>> 32) * bound) >>> 32);
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    double fraction() {
        return (bits() >>> 11) * 0x1p-53;
    }

    /** A time until something that comes by chance, once in {@code mean} nanoseconds. */
    long wait(double mean) {
        return (long) (-StrictMath.log(1 - fraction()) * mean);
    }
}
