package io.larder.route;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The path as an origin may come to see it, for choosing a route, and for nothing else.
 *
 * <p>Origins decode percent-escapes, drop segment parameters, resolve dot segments and join slashes before they
 * route. A rule such as {@code /account/**: cache off} must hold for every spelling that may reach the account pages, so
 * patterns are matched against this form; what is keyed and forwarded stays as the client sent it.
 */
final class RoutingPath {
    private RoutingPath() {}

    /** The normal form of the raw {@code path}: octets as ISO 8859-1, one leading slash, no empty or dot segments. */
    static String of(String path) {
        if (isPlain(path)) {
            return path;
        }
        return resolved(decoded(path));
    }

    /** Whether decoding and resolving would change nothing: true for nearly every request. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c == ';' || c == '\\') {
                return false;
            }
            if (c == '/' && i + 1 < path.length() && (path.charAt(i + 1) == '/' || path.charAt(i + 1) == '.')) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            int octet = escaped(path, i);
            if (octet >= 0) {
                out.write(octet);
                i += 2;
            } else {
                out.write(c == '\\' ? '/' : c);
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** The octet that the escape at {@code at} stands for; -1 where none is (RFC 3986 §2.1). */
    static int escaped(String path, int at) {
        if (path.charAt(at) != '%' || at + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(at + 1), 16);
        int low = Character.digit(path.charAt(at + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static String resolved(String path) {
        StringBuilder out = new StringBuilder(path.length());
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            String segment = withoutParameters(segments[i]);
            boolean last = i == segments.length - 1;
            if (segment.equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                out.append('/').append(segment);
                continue;
            }
            if (last) {
                out.append('/');
            }
        }
        return out.isEmpty() ? "/" : out.toString();
    }

    private static String withoutParameters(String segment) {
        int semicolon = segment.indexOf(';');
        return semicolon < 0 ? segment : segment.substring(0, semicolon);
    }
}
