package io.larder.coherence;

/**
 * A place in the order of purges. A fetch takes the current one when it starts; what it brings counts as long as no purge
 * that covers it has a later one.
 *
 * @param value grows with every purge
 */
public record Position(long value) implements Comparable<Position> {
    /** Before every purge. */
    public static final Position START = new Position(0);

    public boolean isAfter(Position other) {
        return value > other.value;
    }

    public Position next() {
        return new Position(value + 1);
    }

    @Override
    public int compareTo(Position other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
