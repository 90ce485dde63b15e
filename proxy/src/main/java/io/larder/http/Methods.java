package io.larder.http;

import java.nio.charset.StandardCharsets;

/** The registered methods as constants, so that reading the usual ones allocates nothing. */
final class Methods {
    private static final String[] KNOWN = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"
    };

    private Methods() {}

    static String intern(byte[] in, int start, int end) {
        for (String known : KNOWN) {
            if (known.length() == end - start && matches(known, in, start)) {
                return known;
            }
        }
        return new String(in, start, end - start, StandardCharsets.US_ASCII);
    }

    private static boolean matches(String known, byte[] in, int start) {
        for (int i = 0; i < known.length(); i++) {
            if (known.charAt(i) != in[start + i]) {
                return false;
            }
        }
        return true;
    }
}
