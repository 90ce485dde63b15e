package io.larder.server.connection;

import io.netty.util.AsciiString;

/** Names of fields in lower case, as HTTP/2 has them: those that responses have again and again are made once. Confined to one loop. */
final class LowerNames {
    private static final int SLOTS = 256;

    private final AsciiString[] names = new AsciiString[SLOTS];

    LowerNames() {
        java.util.Arrays.fill(names, AsciiString.EMPTY_STRING);
    }

    /** The name between {@code start} and {@code end} of {@code in}. */
    AsciiString of(byte[] in, int start, int end) {
        int slot = slot(in, start, end);
        AsciiString known = names[slot];
        if (isSame(known, in, start, end)) {
            return known;
        }
        AsciiString name = new AsciiString(in, start, end - start, true).toLowerCase();
        names[slot] = name;
        return name;
    }

    private static int slot(byte[] in, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + (in[i] | 0x20);
        }
        return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (SLOTS - 1);
    }

    private static boolean isSame(AsciiString name, byte[] in, int start, int end) {
        if (name.length() != end - start) {
            return false;
        }
        for (int i = start; i < end; i++) {
            byte octet = in[i] >= 'A' && in[i] <= 'Z' ? (byte) (in[i] + 32) : in[i];
            if (octet != name.byteAt(i - start)) {
                return false;
            }
        }
        return true;
    }
}
