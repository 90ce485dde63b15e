package io.larder.pki;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks through a value in DER (ITU-T X.690), element by element. Throws {@link IllegalArgumentException} or
 * {@link IndexOutOfBoundsException} for what is not there. Confined to one reading.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OBJECT_IDENTIFIER = 0x06;
    static final int ENUMERATED = 0x0a;
    static final int GENERALIZED_TIME = 0x18;
    static final int SEQUENCE = 0x30;
    static final int CONTEXT_PRIMITIVE = 0x80;
    static final int CONTEXT = 0xa0;

    private final byte[] octets;
    private final int end;
    private int at;

    Der(byte[] octets) {
        this(octets, 0, octets.length);
    }

    private Der(byte[] octets, int at, int end) {
        this.octets = octets;
        this.at = at;
        this.end = end;
    }

    /** What the next element, which must have this tag, holds; this goes on behind it. */
    Der enter(int tag) {
        if (tag() != tag) {
            throw new IllegalArgumentException("expected the tag " + tag + ", found " + tag());
        }
        at++;
        int length = length();
        if (length > end - at) {
            throw new IllegalArgumentException("an element is longer than what holds it");
        }
        Der inside = new Der(octets, at, at + length);
        at += length;
        return inside;
    }

    private int length() {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw new IllegalArgumentException("a length of " + count + " octets");
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | octet();
        }
        return length;
    }

    int octet() {
        int octet = tag();
        at++;
        return octet;
    }

    /** The tag of the next element. */
    int tag() {
        if (at >= end) {
            throw new IllegalArgumentException("there is nothing more");
        }
        return octets[at] & 0xff;
    }

    boolean is(int tag) {
        return tag() == tag;
    }

    boolean hasMore() {
        return at < end;
    }

    byte[] rest() {
        return Arrays.copyOfRange(octets, at, end);
    }

    String text() {
        return new String(rest(), StandardCharsets.US_ASCII);
    }
}
