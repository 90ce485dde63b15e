package io.larder.http;

import java.util.Arrays;

/** Gathers field lines into their wire form. Confined to one thread; worn out by {@link #build}. */
public final class HeadersBuilder {
    private static final int SPARE = 2; // unused lines that cost less than a copy of the others

    private byte[] bytes = new byte[128];
    private int length;
    private int[] index = new int[4 * Headers.STRIDE];
    private int size;

    HeadersBuilder() {}

    /**
     * Adds a line.
     *
     * @throws IllegalArgumentException when the name is no token or the value holds a control character: a field that
     *     could split a message is never built
     */
    public HeadersBuilder add(String name, String value) {
        return add(FieldName.of(name), value);
    }

    /** Adds a line; see {@link #add(String, String)}. */
    public HeadersBuilder add(FieldName name, String value) {
        if (!Grammar.isFieldValue(value)) {
            throw new IllegalArgumentException("not a field value for " + name);
        }
        reserve(name.length() + value.length() + 4);
        int nameStart = length;
        int nameEnd = nameStart + name.length();
        name.copyTo(bytes, nameStart);
        length = nameEnd;
        bytes[length++] = ':';
        bytes[length++] = ' ';
        int valueStart = length;
        for (int i = 0; i < value.length(); i++) {
            bytes[length++] = (byte) value.charAt(i); // ISO 8859-1, and no array for it
        }
        note(nameStart, nameEnd, valueStart, length, name.hashCode());
        return endLine();
    }

    /** Adds line {@code i} of {@code from}, byte for byte. */
    public HeadersBuilder add(Headers from, int i) {
        int nameLength = from.nameEnd(i) - from.nameStart(i);
        int valueLength = from.valueEnd(i) - from.valueStart(i);
        reserve(nameLength + valueLength + 4);
        int nameStart = length;
        System.arraycopy(from.bytes(), from.nameStart(i), bytes, length, nameLength);
        length += nameLength;
        bytes[length++] = ':';
        bytes[length++] = ' ';
        int valueStart = length;
        System.arraycopy(from.bytes(), from.valueStart(i), bytes, length, valueLength);
        length += valueLength;
        note(nameStart, nameStart + nameLength, valueStart, length, from.nameHash(i));
        return endLine();
    }

    /** Adds all lines of {@code from}. */
    public HeadersBuilder addAll(Headers from) {
        for (int i = 0; i < from.size(); i++) {
            add(from, i);
        }
        return this;
    }

    /** Replaces every line called {@code name} by one line at the end. */
    public HeadersBuilder set(FieldName name, String value) {
        return remove(name).add(name, value);
    }

    /** Removes every line called {@code name}. */
    public HeadersBuilder remove(FieldName name) {
        Headers now = view();
        if (now.contains(name)) {
            Headers rest = now.keeping(i -> !now.is(i, name));
            length = 0;
            size = 0;
            addAll(rest);
        }
        return this;
    }

    public Headers build() {
        if (size == 0) {
            return Headers.EMPTY;
        }
        boolean tight = (index.length / Headers.STRIDE) - size <= SPARE;
        int[] lines = tight ? index : Arrays.copyOf(index, size * Headers.STRIDE);
        return new Headers(Arrays.copyOf(bytes, length), lines, size, true);
    }

    private Headers view() {
        return new Headers(bytes, index, size, false);
    }

    private void note(int nameStart, int nameEnd, int valueStart, int valueEnd, int hash) {
        int at = size++ * Headers.STRIDE;
        index[at] = nameStart;
        index[at + 1] = nameEnd;
        index[at + 2] = valueStart;
        index[at + 3] = valueEnd;
        index[at + 4] = hash;
    }

    private HeadersBuilder endLine() {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return this;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
        if ((size + 1) * Headers.STRIDE > index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
    }
}
