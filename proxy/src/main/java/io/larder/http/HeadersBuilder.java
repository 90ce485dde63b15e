package io.larder.http;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** Gathers field lines into their wire form. Confined to one thread; worn out by {@link #build}. */
public final class HeadersBuilder {
    private static final int USUAL_OCTETS = 128;
    private static final int USUAL_LINES = 4;
    private static final int LONGEST_NUMBER = 20; // octets

    private byte[] bytes;
    private int length;
    private int[] index;
    private int size;

    HeadersBuilder() {
        this(USUAL_OCTETS, USUAL_LINES);
    }

    HeadersBuilder(int octets, int lines) {
        this.bytes = new byte[octets];
        this.index = new int[lines * Headers.DENSE];
    }

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
    @SuppressWarnings("deprecation") // getBytes(int, …) cuts to ISO 8859-1, which the grammar has just made sure of
    public HeadersBuilder add(FieldName name, String value) {
        if (!Grammar.isFieldValue(value)) {
            throw new IllegalArgumentException("not a field value for " + name);
        }
        reserve(name.length() + value.length() + 4, 1);
        int nameStart = length;
        int nameEnd = nameStart + name.length();
        name.copyTo(bytes, nameStart);
        int valueStart = colon(nameEnd);
        length = valueStart + value.length();
        value.getBytes(0, value.length(), bytes, valueStart);
        note(nameEnd, length, name.hashCode());
        return endLine();
    }

    /** Adds a line whose value is {@code text} and, right behind it, a decimal number; see {@link #add(String, String)}. */
    @SuppressWarnings("deprecation") // see above
    public HeadersBuilder add(FieldName name, String text, long number) {
        if (!Grammar.isFieldValue(text)) {
            throw new IllegalArgumentException("not a field value for " + name);
        }
        reserve(name.length() + text.length() + LONGEST_NUMBER + 4, 1);
        int nameStart = length;
        int nameEnd = nameStart + name.length();
        name.copyTo(bytes, nameStart);
        int valueStart = colon(nameEnd);
        text.getBytes(0, text.length(), bytes, valueStart);
        length = Digits.write(number, bytes, valueStart + text.length());
        note(nameEnd, length, name.hashCode());
        return endLine();
    }

    /** Adds line {@code i} of {@code from}, byte for byte. */
    public HeadersBuilder add(Headers from, int i) {
        return addRun(from, i, i + 1);
    }

    /** Adds all lines of {@code from}. */
    public HeadersBuilder addAll(Headers from) {
        return addRun(from, 0, from.size());
    }

    /** Adds the lines of {@code from} whose number {@code keep} accepts. */
    public HeadersBuilder addKept(Headers from, IntPredicate keep) {
        int first = 0; // of a run of lines that are kept
        for (int i = 0; i < from.size(); i++) {
            if (!keep.test(i)) {
                addRun(from, first, i);
                first = i + 1;
            }
        }
        return addRun(from, first, from.size());
    }

    /** Adds lines {@code first} (inclusive) to {@code end} (exclusive): in one copy where they lie as they are written. */
    private HeadersBuilder addRun(Headers from, int first, int end) {
        if (first == end) {
            return this;
        }
        if (!from.isPacked()) {
            for (int i = first; i < end; i++) {
                addLoose(from, i);
            }
            return this;
        }
        int start = from.lineStart(first);
        int octets = from.lineStart(end) - start;
        reserve(octets, end - first);
        System.arraycopy(from.bytes(), start, bytes, length, octets);
        int shift = length - start;
        for (int i = first; i < end; i++) {
            note(from.nameEnd(i) + shift, from.valueEnd(i) + shift, from.nameHash(i));
        }
        length += octets;
        return this;
    }

    private void addLoose(Headers from, int i) {
        int nameLength = from.nameEnd(i) - from.nameStart(i);
        int valueLength = from.valueEnd(i) - from.valueStart(i);
        reserve(nameLength + valueLength + 4, 1);
        int nameStart = length;
        System.arraycopy(from.bytes(), from.nameStart(i), bytes, length, nameLength);
        int nameEnd = nameStart + nameLength;
        int valueStart = colon(nameEnd);
        System.arraycopy(from.bytes(), from.valueStart(i), bytes, valueStart, valueLength);
        length = valueStart + valueLength;
        note(nameEnd, length, from.nameHash(i));
        endLine();
    }

    /** Replaces every line called {@code name} by one line at the end. */
    public HeadersBuilder set(FieldName name, String value) {
        return remove(name).add(name, value);
    }

    /** Removes every line called {@code name}. */
    public HeadersBuilder remove(FieldName name) {
        Headers now = built();
        if (now.contains(name)) {
            Headers rest = now.without(name);
            length = 0;
            size = 0;
            addAll(rest);
        }
        return this;
    }

    public Headers build() {
        return size == 0 ? Headers.EMPTY : built();
    }

    /** As {@link #build}, in arrays that hold nothing else. */
    Headers buildCompact() {
        bytes = Arrays.copyOf(bytes, length);
        index = Arrays.copyOf(index, size * Headers.DENSE);
        return build();
    }

    private Headers built() {
        return Headers.packed(bytes, index, size, 0, length);
    }

    private void note(int nameEnd, int valueEnd, int hash) {
        int at = size++ * Headers.DENSE;
        index[at] = nameEnd;
        index[at + 1] = valueEnd;
        index[at + 2] = hash;
    }

    /** Ends a name at {@code at}; answers where its value begins. */
    private int colon(int at) {
        bytes[at] = ':';
        bytes[at + 1] = ' ';
        return at + 2;
    }

    private HeadersBuilder endLine() {
        bytes[length++] = '\r';
        bytes[length++] = '\n';
        return this;
    }

    private void reserve(int octets, int lines) {
        if (length + octets > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + octets));
        }
        if ((size + lines) * Headers.DENSE > index.length) {
            index = Arrays.copyOf(index, Math.max(index.length * 2, (size + lines) * Headers.DENSE));
        }
    }
}
