package io.larder.server.stream;

import io.netty.util.AsciiString;
import java.util.Arrays;

/** An array of octets that grows. Confined to one thread. */
final class Octets {
    private byte[] array;
    private int length;

    /** @param room octets that it has room for at first */
    Octets(int room) {
        this.array = new byte[room];
    }

    Octets add(AsciiString text) {
        reserve(text.length());
        System.arraycopy(text.array(), text.arrayOffset(), array, length, text.length());
        length += text.length();
        return this;
    }

    Octets add(byte[] ascii) {
        reserve(ascii.length);
        System.arraycopy(ascii, 0, array, length, ascii.length);
        length += ascii.length;
        return this;
    }

    Octets add(Octets other) {
        reserve(other.length);
        System.arraycopy(other.array, 0, array, length, other.length);
        length += other.length;
        return this;
    }

    int length() {
        return length;
    }

    /** Holds the octets, and maybe more. */
    byte[] array() {
        return array;
    }

    private void reserve(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
        }
    }
}
