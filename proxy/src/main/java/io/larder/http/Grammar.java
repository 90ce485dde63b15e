package io.larder.http;

/** The character classes of HTTP (RFC 9110 §5.5, §5.6): what may stand in a token, a field value, a request target. */
public final class Grammar {
    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final byte[] CLASSES = classes();

    private Grammar() {}

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0x21; c < 0x7f; c++) {
            classes[c] = VALUE | TARGET;
        }
        for (int c = 0x80; c < 0x100; c++) {
            classes[c] = VALUE;
        }
        classes[' '] = VALUE;
        classes['\t'] = VALUE;
        classes['#'] = VALUE; // a fragment is never part of a request target (RFC 9112 §3.2)
        for (char c : "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".toCharArray()) {
            classes[c] |= TOKEN;
        }
        return classes;
    }

    /** {@code token = 1*tchar} (RFC 9110 §5.6.2). */
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || (CLASSES[c] & TOKEN) == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static boolean isTokenByte(byte b) {
        return (CLASSES[b & 0xff] & TOKEN) != 0;
    }

    static boolean isValueByte(byte b) {
        return (CLASSES[b & 0xff] & VALUE) != 0;
    }

    /** Visible ASCII without {@code #}: what we accept, and pass on unchanged, inside a request target. */
    static boolean isTargetByte(byte b) {
        return (CLASSES[b & 0xff] & TARGET) != 0;
    }

    /** Whether {@code text} may stand as a field value: no CR, LF, NUL or other control but HTAB (RFC 9110 §5.5). */
    public static boolean isFieldValue(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || (CLASSES[c] & VALUE) == 0) {
                return false;
            }
        }
        return true;
    }
}
