package io.larder.store.format;

import io.larder.http.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts that {@link StoredFormat} is made of into an array that grows. Confined to one thread; worn out by
 * {@link #array}.
 */
final class EnvelopeWriter {
    /** What stands before the content of a field, in octets: its number and its length. */
    static final int BEFORE_CONTENT = 1 + 4;

    private static final int ABSENT = -1; // in place of a length

    private byte[] out;
    private int length;

    /** @param room octets that are written before the array has to grow */
    EnvelopeWriter(int room) {
        this.out = new byte[room];
    }

    int length() {
        return length;
    }

    /** Makes room for so many octets more and not one beyond, so that what is large is copied once. */
    void fit(int octets) {
        out = Arrays.copyOf(out, length + octets);
    }

    /** Writes the last {@code octets} octets of {@code value}, the highest first. */
    EnvelopeWriter number(long value, int octets) {
        reserve(octets);
        put(length, value, octets);
        length += octets;
        return this;
    }

    /** Writes a number over what stands at {@code at}; see {@link #number}. */
    void put(int at, long value, int octets) {
        for (int i = 0; i < octets; i++) {
            out[at + i] = (byte) (value >>> (8 * (octets - 1 - i)));
        }
    }

    /** Writes a length and the UTF-8 form of {@code text}, or that there is none. */
    EnvelopeWriter text(@Nullable String text) {
        if (text == null) {
            return number(ABSENT, 4);
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return number(utf8.length, 4).octets(utf8, 0, utf8.length);
    }

    /** Writes how many texts there are, and each. */
    void texts(List<String> texts) {
        number(texts.size(), 4);
        for (String text : texts) {
            text(text);
        }
    }

    /** Writes an octet of {@code flags}, the first in its lowest bit. */
    EnvelopeWriter flags(boolean... flags) {
        int octet = 0;
        for (int i = 0; i < flags.length; i++) {
            octet |= flags[i] ? 1 << i : 0;
        }
        return number(octet, 1);
    }

    EnvelopeWriter octets(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, out, length, count);
        length += count;
        return this;
    }

    EnvelopeWriter octets(Bytes from) {
        for (Bytes.Segment segment : from.segments()) {
            octets(segment.array(), segment.offset(), segment.length());
        }
        return this;
    }

    /** Writes field {@code number} with what {@code content} writes. */
    void field(int number, Consumer<EnvelopeWriter> content) {
        number(number, 1).number(0, 4);
        int start = length;
        content.accept(this);
        put(start - 4, length - start, 4);
    }

    /** Writes the CRC-32C of everything before. */
    void check() {
        number(StoredFormat.crc(out, length), 4);
    }

    /** What was written. */
    byte[] array() {
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private void reserve(int octets) {
        if (octets > out.length - length) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, Math.addExact(length, octets)));
        }
    }
}
