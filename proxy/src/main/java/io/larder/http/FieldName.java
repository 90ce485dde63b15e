package io.larder.http;

import java.nio.charset.StandardCharsets;

/**
 * The name of a header or trailer field (RFC 9110 §5.1): compared without regard to case, written as first given.
 *
 * <p>A value. Its hash is computed once, so that looking a field up costs an int comparison a field.
 */
public final class FieldName {
    private final String name;
    private final byte[] ascii;
    private final int hash;

    private FieldName(String name) {
        this.name = name;
        this.ascii = name.getBytes(StandardCharsets.ISO_8859_1);
        this.hash = hash(ascii, 0, ascii.length);
    }

    /**
     * The field name {@code name}.
     *
     * @throws IllegalArgumentException when {@code name} is not a token (RFC 9110 §5.6.2)
     */
    public static FieldName of(String name) {
        if (!Grammar.isToken(name)) {
            throw new IllegalArgumentException("not a field name: " + name);
        }
        return new FieldName(name);
    }

    int length() {
        return ascii.length;
    }

    /** Writes the name to {@code out}, from {@code at} on. */
    void copyTo(byte[] out, int at) {
        System.arraycopy(ascii, 0, out, at, ascii.length);
    }

    static int hash(byte[] bytes, int start, int end) {
        int h = 0;
        for (int i = start; i < end; i++) {
            h = 31 * h + (bytes[i] | 0x20);
        }
        return h;
    }

    boolean matches(byte[] bytes, int start, int end) {
        if (end - start != ascii.length) {
            return false;
        }
        for (int i = 0; i < ascii.length; i++) {
            if (lower(ascii[i]) != lower(bytes[start + i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldName that && hash == that.hash && name.equalsIgnoreCase(that.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
