package io.larder.gateway;

import io.larder.http.Bytes;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The part of a body that its {@link Spool} has at hand: all that came, or what is left after the beginning was let go. */
final class Backlog {
    private static final int BOOKKEEPING = 150; // the objects around a chunk, in bytes

    /** By where in the body each begins. */
    private final NavigableMap<Long, Bytes> chunks = new TreeMap<>();

    private long start;
    private long end;

    void add(Bytes chunk) {
        chunks.put(end, chunk);
        end += chunk.length();
    }

    /** Where in the body what is at hand begins. */
    long start() {
        return start;
    }

    /** How many bytes of the body have come. */
    long end() {
        return end;
    }

    /** Heap bytes that it keeps alive. */
    long weight() {
        return end - start + (long) BOOKKEEPING * chunks.size();
    }

    /** Some of the body, from {@code offset} on, which must be at hand. */
    Bytes from(long offset) {
        Map.Entry<Long, Bytes> entry = chunks.floorEntry(offset);
        if (entry == null || offset < start || offset >= end) {
            throw new IllegalArgumentException(offset + " is not within " + start + ".." + end);
        }
        Bytes chunk = entry.getValue();
        return entry.getKey() == offset ? chunk : chunk.slice(offset - entry.getKey(), chunk.length());
    }

    /** Lets go of whole chunks that lie before {@code offset}. */
    void releaseBefore(long offset) {
        while (!chunks.isEmpty()) {
            Map.Entry<Long, Bytes> first = chunks.firstEntry();
            long next = first.getKey() + first.getValue().length();
            if (next > offset) {
                return;
            }
            chunks.pollFirstEntry();
            start = next;
        }
    }

    /** All that is at hand, in as few arrays as hold nothing else; from now on it is these that are kept here, too. */
    Bytes compact() {
        Bytes dense = Bytes.concat(List.copyOf(chunks.values())).compact();
        long at = start;
        chunks.clear();
        for (Bytes.Segment segment : dense.segments()) {
            chunks.put(at, Bytes.of(segment.array(), segment.offset(), segment.length()));
            at += segment.length();
        }
        return dense;
    }
}
