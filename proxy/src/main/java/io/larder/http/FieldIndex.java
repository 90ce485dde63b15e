package io.larder.http;

import java.util.Arrays;

/**
 * Where the field lines of a head lie, noted as they are read: {@link Headers#DENSE} until one comes that does not stand as
 * we would write it. Confined to one thread; worn out by {@link #over}.
 */
final class FieldIndex {
    private final int start;
    private int[] index;
    private int size;
    private int stride = Headers.DENSE;

    /**
     * An empty index.
     *
     * @param start where the first line begins
     * @param lines how many it has room for, before it grows
     */
    FieldIndex(int start, int lines) {
        this.start = start;
        this.index = new int[lines * Headers.DENSE];
    }

    /** How many lines are noted. */
    int size() {
        return size;
    }

    /** Notes a line that has one space behind its colon and none at its end, right behind the others. */
    void addAsWritten(int nameStart, int nameEnd, int valueEnd, int hash) {
        if (stride == Headers.LOOSE) {
            add(nameStart, nameEnd, nameEnd + Headers.BEFORE_VALUE, valueEnd, hash);
            return;
        }
        int slot = slot();
        index[slot] = nameEnd;
        index[slot + 1] = valueEnd;
        index[slot + 2] = hash;
    }

    /** Notes a line behind the others, whatever its white space. */
    void add(int nameStart, int nameEnd, int valueStart, int valueEnd, int hash) {
        if (stride == Headers.DENSE) {
            loosen();
        }
        int slot = slot();
        index[slot] = nameStart;
        index[slot + 1] = nameEnd;
        index[slot + 2] = valueStart;
        index[slot + 3] = valueEnd;
        index[slot + 4] = hash;
    }

    /** Where the next line is noted. */
    private int slot() {
        int slot = size++ * stride;
        if (slot + stride > index.length) {
            index = Arrays.copyOf(index, index.length * 2 + stride);
        }
        return slot;
    }

    private void loosen() {
        int[] dense = index;
        int noted = size;
        index = new int[(noted + 1) * Headers.LOOSE];
        size = 0;
        stride = Headers.LOOSE;
        int nameStart = start;
        for (int i = 0; i < noted * Headers.DENSE; i += Headers.DENSE) {
            addAsWritten(nameStart, dense[i], dense[i + 1], dense[i + 2]);
            nameStart = dense[i + 1] + Headers.AFTER_VALUE;
        }
    }

    /** The fields, which lie in {@code bytes} and end at {@code end}. */
    Headers over(byte[] bytes, int end) {
        if (size == 0) {
            return Headers.EMPTY;
        }
        return stride == Headers.DENSE
                ? Headers.packed(bytes, index, size, start, end)
                : Headers.loose(bytes, index, size);
    }
}
