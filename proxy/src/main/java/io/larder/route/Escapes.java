package io.larder.route;

/** Percent-encoding of path octets (RFC 3986 §2.1). */
final class Escapes {
    private static final String KEPT = "-._~!$&'()*+,;=:@/";
    private static final String HEX = "0123456789ABCDEF";

    private Escapes() {}

    /** {@code path}, octets as ISO 8859-1, with everything escaped that may not stand in a path as it is. */
    static String encode(String path) {
        StringBuilder out = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (plain || KEPT.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }
}
