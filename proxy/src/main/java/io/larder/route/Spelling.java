package io.larder.route;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What origins may take a raw path for. Each does some of these things, in an order of its own, once or more often: decode
 * escapes, drop segment parameters, take backslashes for slashes, join slashes, resolve dot segments, drop dots and blanks
 * that end a segment, end the path at a decoded {@code ?} or {@code #}. The readings are all that can come of it.
 */
final class Spelling {
    /** Who needs more readings than this plays tricks. */
    private static final int MANY = 12;

    /** Longer paths with tricks in them are not taken apart: that would cost more than any page does. */
    private static final int LONG = 2048;

    /** What may not stand in a path as it is (RFC 3986 §3.3): whoever means it has no other way to spell it. */
    private static final String UNSPELLABLE = " \"<>[]^`{|}";

    private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern ENDS = Pattern.compile("(?<=[^/. ])[. ]+(?=/|$)");
    private static final Pattern REST = Pattern.compile("[?#].*");

    private static final List<UnaryOperator<String>> DEEDS = List.of(
            path -> decoded(path, false),
            path -> path.indexOf(';') < 0 ? path : without(PARAMETERS, path),
            path -> path.replace('\\', '/'),
            path -> path.contains("//") ? SLASHES.matcher(path).replaceAll("/") : path,
            Spelling::resolved,
            path -> without(ENDS, path),
            path -> without(REST, path),
            Spelling::narrowed);

    private Spelling() {}

    /** Whether every origin takes {@code path} for what it says, but for the case of its letters. */
    static boolean isStraight(String path) {
        char before = '/';
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean empty = c == '/' && before == '/' && i > 0;
            boolean dots = c == '.' && before == '/';
            boolean ends = c == '/' && (before == '.' || before == ' ');
            if (c == '%' || c == ';' || c == '\\' || empty || dots || ends) {
                return false;
            }
            before = c;
        }
        return before != '.' && before != ' ';
    }

    /** Whether {@link #isStraight} holds, and case does not matter either: true for nearly every request. */
    static boolean isPlain(String path) {
        boolean after = false; // after a slash or a dot: neither may follow
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean mark = c == '/' || c == '.';
            if (c == '%' || c == ';' || c == '\\' || (c >= 'A' && c <= 'Z') || (mark && after)) {
                return false;
            }
            after = mark;
        }
        return !path.endsWith(".");
    }

    /** All readings of {@code path}, octets as ISO 8859-1; null where nobody can say. */
    static @Nullable Set<String> readings(String path) {
        String spelled = decoded(path, true);
        if (isStraight(spelled) && !isOutlandish(spelled) && narrowed(spelled).equals(spelled)) {
            return Set.of(spelled);
        }
        if (path.length() > LONG) {
            return null;
        }
        Set<String> all = new LinkedHashSet<>();
        Deque<String> waiting = new ArrayDeque<>();
        waiting.add(spelled);
        while (!waiting.isEmpty()) {
            String reading = waiting.remove();
            if (!all.add(reading)) {
                continue;
            }
            if (all.size() > MANY || isOutlandish(reading)) {
                return null;
            }
            DEEDS.forEach(deed -> waiting.add(deed.apply(reading)));
        }
        return all;
    }

    /** What no page is called by, and some origins end the path at, or take for a slash or a dot. */
    private static boolean isOutlandish(String reading) {
        for (int i = 0; i < reading.length(); i++) {
            char c = reading.charAt(i);
            boolean control = c < ' ' || c == 0x7f;
            boolean overlong = c == 0xc0 || c == 0xc1 || (c == 0xe0 && follows(reading, i, 0x80, 0x9f));
            boolean veryLong = c == 0xf0 && follows(reading, i, 0x80, 0x8f);
            if (control || overlong || veryLong || isBadEscape(reading, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean follows(String text, int at, int first, int last) {
        return at + 1 < text.length() && text.charAt(at + 1) >= first && text.charAt(at + 1) <= last;
    }

    /** {@code %u} and four digits, as some origins read it. A percent sign alone is one, and so is one before no digits. */
    private static boolean isBadEscape(String text, int at) {
        return text.charAt(at) == '%' && at + 1 < text.length() && (text.charAt(at + 1) | 0x20) == 'u';
    }

    private static String decoded(String path, boolean onlyUnspellable) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            int octet = RoutingPath.escaped(path, i);
            if (octet >= 0 && (!onlyUnspellable || octet >= 0x80 || UNSPELLABLE.indexOf(octet) >= 0)) {
                out.write(octet);
                i += 2;
            } else {
                out.write(path.charAt(i));
            }
        }
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String without(Pattern what, String path) {
        return what.matcher(path).replaceAll("");
    }

    /** With ASCII in the place of its full-width forms (U+FF01 to U+FF5E): some origins take one for the other. */
    private static String narrowed(String path) {
        if (path.indexOf(0xef) < 0) {
            return path;
        }
        StringBuilder narrow = new StringBuilder(path.length());
        for (int i = 0; i < path.length(); i++) {
            boolean lower = path.charAt(i) == 0xef && follows(path, i, 0xbc, 0xbc) && follows(path, i + 1, 0x81, 0xbf);
            boolean upper = path.charAt(i) == 0xef && follows(path, i, 0xbd, 0xbd) && follows(path, i + 1, 0x80, 0x9e);
            if (lower || upper) {
                narrow.append((char) (path.charAt(i + 2) - (lower ? 0x60 : 0x20)));
                i += 2;
            } else {
                narrow.append(path.charAt(i));
            }
        }
        return narrow.toString();
    }

    /** {@code remove_dot_segments} (RFC 3986 §5.2.4): an empty segment is one. */
    private static String resolved(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        List<String> kept = new ArrayList<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean up = segments[i].equals("..");
            boolean dots = up || segments[i].equals(".");
            if (up && !kept.isEmpty()) {
                kept.remove(kept.size() - 1);
            }
            if (!dots) {
                kept.add(segments[i]);
            } else if (i == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
