package io.larder.store.format;

import io.larder.http.Bytes;
import io.larder.http.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an {@link EnvelopeWriter} wrote, if it did: nothing is believed, no length leads past the end, and nothing is
 * allocated for what is not there. Confined to one thread.
 */
final class EnvelopeReader {
    private static final long ABSENT = 0xffff_ffffL; // in place of a length
    private static final int NO_NUMBER = 0x100; // past those that fields can have

    /** What is read cannot be used. Thrown inside the decoder only; stackless, because it is an expected outcome. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;
        private final Decoded.Why why;

        Unreadable(Decoded.Why why) {
            super(why.name(), null, false, false);
            this.why = why;
        }

        Decoded.Why why() {
            return why;
        }
    }

    /** How the content of a field is read. */
    @FunctionalInterface
    interface Reading<T> {
        T from(EnvelopeReader content) throws Unreadable;
    }

    private final byte[] in;
    private final int end;
    private int at;
    private int last; // number of the field before this place

    EnvelopeReader(byte[] in, int start, int end) {
        this.in = in;
        this.at = start;
        this.end = end;
    }

    static Unreadable malformed() {
        return new Unreadable(Decoded.Why.MALFORMED);
    }

    /** A number of so many octets, up to 8; those of fewer have no sign. */
    long number(int octets) throws Unreadable {
        need(octets);
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = (value << 8) | (in[at++] & 0xff);
        }
        return value;
    }

    /** A number of 8 octets that lies within these bounds. */
    long number(long least, long most) throws Unreadable {
        long value = number(8);
        if (value < least || value > most) {
            throw malformed();
        }
        return value;
    }

    /** How many things follow that take {@code each} octets or more: they are there, or they would not all fit. */
    int count(int each) throws Unreadable {
        long count = number(4);
        if (count * each > end - at) {
            throw malformed();
        }
        return (int) count;
    }

    /** A text that may be absent. */
    @Nullable
    String textOrNull() throws Unreadable {
        long length = number(4);
        if (length == ABSENT) {
            return null;
        }
        need(length);
        String text = length == 0 ? "" : new String(in, at, (int) length, StandardCharsets.UTF_8);
        // what is no UTF-8 shows as this, which may also have been written
        if (text.indexOf('\ufffd') >= 0 && !isNext(text.getBytes(StandardCharsets.UTF_8))) {
            throw malformed();
        }
        at += (int) length;
        return text;
    }

    private boolean isNext(byte[] octets) {
        return octets.length <= end - at && Arrays.equals(in, at, at + octets.length, octets, 0, octets.length);
    }

    String text() throws Unreadable {
        String text = textOrNull();
        if (text == null) {
            throw malformed();
        }
        return text;
    }

    /** A text that could stand as a field value, or may be absent. */
    @Nullable
    String valueOrNull() throws Unreadable {
        String value = textOrNull();
        if (value != null && !Grammar.isFieldValue(value)) {
            throw malformed();
        }
        return value;
    }

    List<String> texts() throws Unreadable {
        List<String> texts = new ArrayList<>();
        for (int left = count(4); left > 0; left--) {
            texts.add(text());
        }
        return texts;
    }

    /** An octet of {@code count} flags; none of the others may be set. */
    boolean[] flags(int count) throws Unreadable {
        int octet = (int) number(1);
        if (octet >>> count != 0) {
            throw malformed();
        }
        boolean[] flags = new boolean[count];
        for (int i = 0; i < count; i++) {
            flags[i] = ((octet >>> i) & 1) == 1;
        }
        return flags;
    }

    /** All that is left, in arrays of its own. */
    Bytes octets() {
        Bytes rest = Bytes.of(in, at, end - at).compact();
        at = end;
        return rest;
    }

    /** All that is left, in an array of its own. */
    byte[] array() {
        byte[] rest = Arrays.copyOfRange(in, at, end);
        at = end;
        return rest;
    }

    /** Whether field {@code number} is here, or right behind fields that we do not know. */
    boolean has(int number) throws Unreadable {
        while (at < end) {
            int found = in[at] & 0xff;
            if (found <= last) {
                throw malformed();
            }
            if (found >= number) {
                return found == number;
            }
            content(found);
        }
        return false;
    }

    /** What {@code reading} makes of all of the content of field {@code number}, which must be here. */
    <T> T field(int number, Reading<T> reading) throws Unreadable {
        if (!has(number)) {
            throw malformed();
        }
        EnvelopeReader content = content(number);
        T read = reading.from(content);
        content.expectEnd();
        return read;
    }

    private EnvelopeReader content(int number) throws Unreadable {
        last = number;
        at++;
        int length = count(1);
        at += length;
        return new EnvelopeReader(in, at - length, at);
    }

    /** Passes fields that we do not know, up to the end. */
    void finish() throws Unreadable {
        has(NO_NUMBER);
    }

    /** Nothing may follow. */
    void expectEnd() throws Unreadable {
        if (at < end) {
            throw malformed();
        }
    }

    private void need(long octets) throws Unreadable {
        if (octets > end - at) {
            throw malformed();
        }
    }
}
