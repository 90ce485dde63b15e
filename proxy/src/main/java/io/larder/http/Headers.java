package io.larder.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of fields (RFC 9110 §5), immutable, looked up without regard to case.
 *
 * <p>It lives as the bytes it has on the wire plus the offsets into them: a head that was received is never taken
 * apart into strings unless somebody asks for one, and a head that was built is written with one copy. Values are
 * ISO 8859-1, so that every octet survives (RFC 9110 §5.5, obs-text).
 */
public final class Headers {
    /** No fields at all. */
    public static final Headers EMPTY = packed(new byte[0], new int[0], 0, 0, 0);

    /** Of a line that may have any white space: name start, name end, value start, value end, hash of the name. */
    static final int LOOSE = 5;

    /** Of a line in its wire form, behind another one: name end, value end, hash of the name. */
    static final int DENSE = 3;

    static final int BEFORE_VALUE = 2; // colon and space, in a wire form
    static final int AFTER_VALUE = 2; // CR and LF
    private static final int ROOM = 64; // octets for fields that are added to a copy
    private static final int MORE = 2; // and lines

    private final byte[] bytes;
    private final int[] index;
    private final int size;
    private final int stride; // LOOSE or DENSE
    private final int wireStart; // if DENSE: from here to wireEnd the lines stand as they are written
    private final int wireEnd;

    private Headers(byte[] bytes, int[] index, int size, int stride, int wireStart, int wireEnd) {
        this.bytes = bytes;
        this.index = index;
        this.size = size;
        this.stride = stride;
        this.wireStart = wireStart;
        this.wireEnd = wireEnd;
    }

    /**
     * Fields whose lines may have any white space.
     *
     * @param index {@link #LOOSE}
     */
    static Headers loose(byte[] bytes, int[] index, int size) {
        return new Headers(bytes, index, size, LOOSE, 0, 0);
    }

    /**
     * Fields whose lines stand as they are written, one behind the other.
     *
     * @param index {@link #DENSE}
     * @param start where the first of them begins
     * @param end where the last of them ends
     */
    static Headers packed(byte[] bytes, int[] index, int size, int start, int end) {
        return new Headers(bytes, index, size, DENSE, start, end);
    }

    /** Fields from alternating names and values, e.g. {@code of("Host", "a.example", "Accept", "*}{@code /*")}. */
    public static Headers of(String... namesAndValues) {
        HeadersBuilder builder = new HeadersBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** A builder that begins empty. */
    public static HeadersBuilder builder() {
        return new HeadersBuilder();
    }

    /** A builder that begins with these fields. */
    public HeadersBuilder toBuilder() {
        return builderFor(ROOM, MORE).addAll(this);
    }

    /** A builder that begins empty, with room for these fields and so many octets and lines more. */
    public HeadersBuilder builderFor(int octets, int lines) {
        return new HeadersBuilder(bytes.length + octets, size + lines);
    }

    /** How many field lines there are. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The name of line {@code i}, as it was written. */
    public String name(int i) {
        return text(nameStart(i), nameEnd(i));
    }

    /** The value of line {@code i}, without surrounding white space. */
    public String value(int i) {
        return text(valueStart(i), valueEnd(i));
    }

    /** How many octets the value of line {@code i} has. */
    public int valueLength(int i) {
        return valueEnd(i) - valueStart(i);
    }

    /** Octet {@code at} of the value of line {@code i}, 0–255: for those who read values without making strings. */
    public int valueOctet(int i, int at) {
        return bytes[Objects.checkIndex(at, valueLength(i)) + valueStart(i)] & 0xff;
    }

    /** Whether the value of line {@code i} has {@code octet} in it. */
    public boolean valueHas(int i, char octet) {
        for (int at = valueStart(i); at < valueEnd(i); at++) {
            if (bytes[at] == octet) {
                return true;
            }
        }
        return false;
    }

    /** Whether line {@code i} has exactly this value; makes no string of it. */
    public boolean valueIs(int i, String value) {
        int length = valueLength(i);
        if (length != value.length()) {
            return false;
        }
        int start = valueStart(i);
        for (int at = 0; at < length; at++) {
            if ((bytes[start + at] & 0xff) != value.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    /** Whether line {@code i} has this value, whatever the case of letters; makes no string of it. */
    public boolean valueIsAnyCase(int i, String value) {
        int length = valueLength(i);
        if (length != value.length()) {
            return false;
        }
        int start = valueStart(i);
        for (int at = 0; at < length; at++) {
            if (lower(bytes[start + at] & 0xff) != lower(value.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** Whether line {@code i} is called {@code name}. */
    public boolean is(int i, FieldName name) {
        return nameHash(i) == name.hashCode() && name.matches(bytes, nameStart(i), nameEnd(i));
    }

    /** The first line called {@code name} at or after line {@code from}, or -1. */
    public int indexOf(FieldName name, int from) {
        int hash = name.hashCode();
        for (int i = from; i < size; i++) {
            if (nameHash(i) == hash && is(i, name)) {
                return i;
            }
        }
        return -1;
    }

    public boolean contains(FieldName name) {
        return indexOf(name, 0) >= 0;
    }

    /** The value of the first line called {@code name}, or null. */
    public @Nullable String first(FieldName name) {
        int i = indexOf(name, 0);
        return i < 0 ? null : value(i);
    }

    /** The values of all lines called {@code name}, in order. */
    public List<String> all(FieldName name) {
        int i = indexOf(name, 0);
        if (i < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (; i >= 0; i = indexOf(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    /** All lines called {@code name} as one value, joined by {@code ", "} (RFC 9110 §5.3), or null where there is none. */
    public @Nullable String combined(FieldName name) {
        int i = indexOf(name, 0);
        if (i < 0) {
            return null;
        }
        int next = indexOf(name, i + 1);
        if (next < 0) {
            return value(i);
        }
        StringBuilder joined = new StringBuilder(value(i));
        for (; next >= 0; next = indexOf(name, next + 1)) {
            joined.append(", ").append(value(next));
        }
        return joined.toString();
    }

    /** These fields with every line called {@code name} replaced by one line. */
    public Headers with(FieldName name, String value) {
        HeadersBuilder copy = builderFor(name.length() + value.length() + 4, 1);
        return (contains(name) ? copy.addKept(this, i -> !is(i, name)) : copy.addAll(this))
                .add(name, value)
                .build();
    }

    /** These fields without the lines called {@code name}. */
    public Headers without(FieldName name) {
        return contains(name) ? keeping(i -> !is(i, name)) : this;
    }

    /** These fields without the lines called by one of {@code names}. */
    public Headers without(FieldNames names) {
        return names.includeAnyOf(this) ? keeping(i -> !names.include(this, i)) : this;
    }

    /** The lines whose number {@code keep} accepts. */
    public Headers keeping(IntPredicate keep) {
        return new HeadersBuilder(bytes.length, size).addKept(this, keep).build();
    }

    /** The same fields, standing as they go on the wire: each line ended by CRLF, without the empty line after them. */
    public Headers wire() {
        return isPacked() ? this : keeping(i -> true);
    }

    /** The array in which these fields stand, if {@link #wire} gave them. Not to be changed. */
    public byte[] wireArray() {
        assert isPacked() : "no wire form";
        return bytes;
    }

    /** Where they begin in {@link #wireArray}. */
    public int wireStart() {
        return wireStart;
    }

    /** How many octets they are there. */
    public int wireLength() {
        return wireEnd - wireStart;
    }

    /** The same fields in arrays that hold nothing else: what a cache should keep. */
    public Headers compact() {
        boolean tight = stride == DENSE && wireEnd - wireStart == bytes.length && index.length == size * DENSE;
        return tight
                ? this
                : new HeadersBuilder(bytes.length, size).addAll(this).buildCompact();
    }

    /** Heap bytes that these fields keep alive. */
    public int weight() {
        return bytes.length + index.length * Integer.BYTES + 56;
    }

    /** Whether the name of line {@code i} has {@code octet} in it. */
    public boolean nameHas(int i, char octet) {
        for (int at = nameStart(i); at < nameEnd(i); at++) {
            if (bytes[at] == octet) {
                return true;
            }
        }
        return false;
    }

    /** Whether the name of line {@code i} begins with {@code prefix}, in any case. */
    public boolean nameStartsWith(int i, FieldName prefix) {
        int start = nameStart(i);
        int end = start + prefix.length();
        return end <= nameEnd(i) && prefix.matches(bytes, start, end);
    }

    /** Whether the name of line {@code i} ends with {@code suffix}, in any case. */
    public boolean nameEndsWith(int i, FieldName suffix) {
        int end = nameEnd(i);
        int start = end - suffix.length();
        return start >= nameStart(i) && suffix.matches(bytes, start, end);
    }

    /** Whether the lines stand in {@link #bytes} as they go on the wire, one behind the other. */
    boolean isPacked() {
        return stride == DENSE;
    }

    /** Where line {@code i} begins: each ends where the next one begins, in fields that are packed. */
    int lineStart(int i) {
        return i == size ? wireEnd : nameStart(i);
    }

    /** Where the name of line {@code i} begins in {@link #wireArray}. */
    public int nameStart(int i) {
        if (stride == LOOSE) {
            return index[i * LOOSE];
        }
        return i == 0 ? wireStart : index[i * DENSE - 2] + AFTER_VALUE; // behind the value before
    }

    /** Where the name of line {@code i} ends in {@link #wireArray}. */
    public int nameEnd(int i) {
        return index[stride == LOOSE ? i * LOOSE + 1 : i * DENSE];
    }

    /** Where the value of line {@code i} begins in {@link #wireArray}. */
    public int valueStart(int i) {
        return stride == LOOSE ? index[i * LOOSE + 2] : index[i * DENSE] + BEFORE_VALUE;
    }

    /** Where the value of line {@code i} ends in {@link #wireArray}. */
    public int valueEnd(int i) {
        return index[stride == LOOSE ? i * LOOSE + 3 : i * DENSE + 1];
    }

    int nameHash(int i) {
        return index[(i + 1) * stride - 1];
    }

    byte[] bytes() {
        return bytes;
    }

    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Equal when the same names (in any case) carry the same values in the same order. */
    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Headers that) || that.size != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (!name(i).equalsIgnoreCase(that.name(i)) || !sameValue(i, that)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameValue(int i, Headers that) {
        return Arrays.equals(bytes, valueStart(i), valueEnd(i), that.bytes, that.valueStart(i), that.valueEnd(i));
    }

    @Override
    public int hashCode() {
        int h = 0;
        for (int i = 0; i < size; i++) {
            h = 31 * h + nameHash(i);
        }
        return h;
    }

    @Override
    public String toString() {
        Headers wire = wire();
        return new String(wire.bytes, wire.wireStart, wire.wireLength(), StandardCharsets.ISO_8859_1);
    }
}
