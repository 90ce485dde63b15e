package io.larder.coherence;

/**
 * Where the last purges of one thing stand.
 *
 * @param soft position of the last soft one, 0 for none
 * @param doubt position of the last one that only casts doubt, 0 for none
 * @param hard position of the last hard one, 0 for none
 */
record Mark(long soft, long doubt, long hard) {
    static final Mark NONE = new Mark(0, 0, 0);

    static Mark of(Purge.Mode mode, long position) {
        return switch (mode) {
            case SOFT -> new Mark(position, 0, 0);
            case DOUBT -> new Mark(0, position, 0);
            case HARD -> new Mark(0, 0, position);
        };
    }

    /** What it leaves of something taken at {@code asOf}. */
    Verdict verdict(long asOf) {
        if (hard > asOf) {
            return Verdict.GONE;
        }
        return doubt > asOf ? Verdict.DOUBTED : soft > asOf ? Verdict.SOFTENED : Verdict.VALID;
    }

    Mark and(Mark other) {
        return new Mark(Math.max(soft, other.soft), Math.max(doubt, other.doubt), Math.max(hard, other.hard));
    }

    long latest() {
        return Math.max(Math.max(soft, doubt), hard);
    }
}
