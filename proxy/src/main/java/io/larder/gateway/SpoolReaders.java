package io.larder.gateway;

import java.util.ArrayList;
import java.util.List;

/** Those who read from one {@link Spool}, and where in the body they are. Confined to its loop. */
final class SpoolReaders {
    private final List<SpoolReader> readers = new ArrayList<>(2);

    void add(SpoolReader reader) {
        readers.add(reader);
    }

    void remove(SpoolReader reader) {
        readers.remove(reader);
    }

    boolean isEmpty() {
        return readers.isEmpty();
    }

    /** All there are now; whoever comes or goes meanwhile does not disturb a walk over them. */
    List<SpoolReader> all() {
        return List.copyOf(readers);
    }

    /** Whether anybody has had everything and wants more. */
    boolean anyWaits() {
        for (SpoolReader reader : readers) {
            if (reader.isWaiting()) {
                return true;
            }
        }
        return false;
    }

    /** The place of the one who has had least; {@code end} where there is nobody. */
    long slowest(long end) {
        long slowest = end;
        for (SpoolReader reader : readers) {
            slowest = Math.min(slowest, reader.taken());
        }
        return slowest;
    }

    /** Parts from those who have not come to {@code place}; never from the one who has had most. */
    void leaveBehind(long place) {
        long fastest = 0;
        for (SpoolReader reader : readers) {
            fastest = Math.max(fastest, reader.taken());
        }
        for (SpoolReader reader : all()) {
            if (reader.taken() < place && reader.taken() < fastest) {
                readers.remove(reader);
                reader.lose();
            }
        }
    }
}
