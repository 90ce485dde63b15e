package io.larder.policy.tripwire;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of octet strings to be looked for all at once, in one pass, whatever the chunks a body comes in. Immutable.
 *
 * <p>The last eight octets of each needle are a number; a text is read as the numbers that its last eight octets make, and
 * only where the two are equal is the rest compared, backwards. So a text costs a few instructions an octet however many
 * needles there are, and nothing is built but a table of them.
 */
public final class Needles {
    /** The shortest needle, in octets. */
    public static final int SHORTEST = Long.BYTES;

    /** Of a longer needle only this much is looked for, in octets: a text that has so much of it has it. */
    public static final int LONGEST = 1024;

    /**
     * What to look for.
     *
     * @param text one octet a character
     * @param find what it means
     */
    public record Needle(String text, Find find) {
        public Needle {
            if (text.length() < SHORTEST) {
                throw new IllegalArgumentException("a needle of " + text.length() + " octets");
            }
        }
    }

    private final List<Find> finds;
    private final byte[][] octets;
    private final int[] table; // a needle's number plus one, found by the hash of its last octets; 0: none
    private final long[] ends;
    private final int longest;

    public Needles(List<Needle> needles) {
        this.finds = needles.stream().map(Needle::find).toList();
        this.octets = needles.stream().map(Needles::octets).toArray(byte[][]::new);
        this.table = new int[Integer.highestOneBit(Math.max(16, 8 * octets.length))];
        this.ends = new long[octets.length];
        int most = 0;
        for (int i = 0; i < octets.length; i++) {
            ends[i] = end(octets[i]);
            most = Math.max(most, octets[i].length);
            place(i);
        }
        this.longest = most;
    }

    private static byte[] octets(Needle needle) {
        String text = needle.text();
        return text.substring(0, Math.min(text.length(), LONGEST)).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long end(byte[] octets) {
        long end = 0;
        for (int i = octets.length - SHORTEST; i < octets.length; i++) {
            end = end << 8 | (octets[i] & 0xff);
        }
        return end;
    }

    private void place(int needle) {
        int slot = slot(ends[needle]);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = needle + 1;
    }

    private int slot(long end) {
        return (int) ((end * 0x9E3779B97F4A7C15L) >>> 40) & (table.length - 1);
    }

    public boolean isEmpty() {
        return octets.length == 0;
    }

    /** A look through one text. */
    public Scan scan() {
        return new Scan();
    }

    /** Confined to one thread. */
    public final class Scan {
        private final byte[] before = new byte[longest]; // the octets in front of the chunk, at its end
        private int known; // how many of them there are
        private long window;
        private @Nullable Find found;

        private Scan() {}

        /** Takes the next octets of the text; answers whether a needle has been found. */
        public boolean take(Bytes.Segment chunk) {
            if (found == null && !isEmpty()) {
                look(chunk.array(), chunk.offset(), chunk.length());
                remember(chunk.array(), chunk.offset(), chunk.length());
            }
            return found != null;
        }

        private void look(byte[] array, int offset, int length) {
            long last = window;
            for (int i = 0; i < length; i++) {
                last = last << 8 | (array[offset + i] & 0xff);
                int slot = slot(last);
                if (table[slot] != 0 && known + i + 1 >= SHORTEST && isThere(slot, last, array, offset, i)) {
                    return;
                }
            }
            window = last;
        }

        /** Whether one of the needles that share {@code first} ends with the octet {@code at} of the chunk. */
        private boolean isThere(int first, long last, byte[] array, int offset, int at) {
            for (int slot = first; table[slot] != 0; slot = slot + 1 & table.length - 1) {
                int needle = table[slot] - 1;
                if (ends[needle] == last && endsWith(octets[needle], array, offset, at)) {
                    found = finds.get(needle);
                    return true;
                }
            }
            return false;
        }

        private boolean endsWith(byte[] needle, byte[] array, int offset, int at) {
            int from = at + 1 - needle.length; // its first octet, counted from the chunk's first
            if (-from > known) {
                return false;
            }
            int inside = Math.max(0, from);
            int outside = inside - from;
            int start = before.length - outside; // of what is in front of the chunk
            return Arrays.equals(needle, outside, needle.length, array, offset + inside, offset + at + 1)
                    && Arrays.equals(needle, 0, outside, before, start, before.length);
        }

        private void remember(byte[] array, int offset, int length) {
            int fresh = Math.min(length, longest);
            int old = longest - fresh;
            System.arraycopy(before, fresh, before, 0, old);
            System.arraycopy(array, offset + length - fresh, before, old, fresh);
            known = Math.min(longest, known + fresh);
        }

        /** The first one found, or null. */
        public @Nullable Find found() {
            return found;
        }
    }
}
