package io.larder.config.keys;

import io.larder.config.bind.Key;
import io.larder.config.bind.Values;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The syntax of path patterns: segments that are literal, {@code {name}}, {@code *}, or, as the last one, {@code **}. What
 * they match is decided elsewhere; here they are only checked, compared and named.
 */
public final class PathSyntax {
    private PathSyntax() {}

    /**
     * The pattern itself; null when it does not begin with a slash.
     *
     * @throws IllegalArgumentException saying what is wrong with a segment
     */
    static @Nullable String check(String pattern) {
        if (!pattern.startsWith("/") || pattern.chars().anyMatch(c -> c <= ' ' || c == 127)) {
            return null;
        }
        if (pattern.indexOf('?') >= 0 || pattern.indexOf('#') >= 0) {
            throw new IllegalArgumentException("is more than a path: put the query into 'match'");
        }
        List<String> segments = segments(pattern);
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < segments.size(); i++) {
            checkSegment(segments.get(i), i == segments.size() - 1, names);
        }
        return pattern;
    }

    /**
     * The target itself; null when a brace is left open.
     *
     * @throws IllegalArgumentException when it holds blanks or control characters
     */
    static @Nullable String checkTarget(String target) {
        if (target.isEmpty() || target.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException("is empty or holds characters that a URL cannot (percent-encode them)");
        }
        int depth = 0;
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth < 0 || depth > 1) {
                return null;
            }
        }
        return depth == 0 ? target : null;
    }

    /** The captures that a pattern makes: its names, and {@code **} where it ends so. */
    static Set<String> captures(String pattern) {
        Set<String> captures = new LinkedHashSet<>();
        for (String segment : segments(pattern)) {
            if (segment.startsWith("{")) {
                captures.add(segment.substring(1, segment.length() - 1));
            } else if (segment.equals("**")) {
                captures.add("**");
            }
        }
        return captures;
    }

    /** The captures that a target asks for. */
    static Set<String> wanted(String target) {
        Set<String> wanted = new LinkedHashSet<>();
        for (int open = target.indexOf('{'); open >= 0; open = target.indexOf('{', open + 1)) {
            wanted.add(target.substring(open + 1, target.indexOf('}', open)));
        }
        return wanted;
    }

    /** Complains at {@code key} of what {@code target} asks for and a path like {@code pattern} does not capture. */
    static <R> void checkCaptures(Values<R> values, Key<R, ?> key, String pattern, String target) {
        Set<String> captures = captures(pattern);
        for (String wanted : wanted(target)) {
            if (!captures.contains(wanted)) {
                String known = captures.isEmpty()
                        ? "it captures nothing"
                        : "it captures {" + String.join("}, {", captures) + "}";
                values.error(key, "'{" + wanted + "}' is not captured by the path '" + pattern + "'", known);
            }
        }
    }

    /** Whether every path that {@code narrow} matches, in {@link #segments}, is surely matched by {@code wide} too. */
    public static boolean covers(List<String> wide, List<String> narrow) {
        for (int i = 0; i < wide.size(); i++) {
            String segment = wide.get(i);
            if (segment.equals("**")) {
                // The rest may be nothing: /a/** takes /a, too.
                return true;
            }
            if (i >= narrow.size()) {
                return false;
            }
            String other = narrow.get(i);
            boolean covered = isOneSegment(segment) ? !other.isEmpty() && !other.equals("**") : segment.equals(other);
            if (!covered) {
                return false;
            }
        }
        return wide.size() == narrow.size();
    }

    /** A name for a route with this pattern: {@code /products/{id}} is {@code products-id}. */
    static String name(String pattern) {
        List<String> parts = new ArrayList<>();
        for (String segment : segments(pattern)) {
            String part = segment.replaceAll("[^A-Za-z0-9_.-]", "");
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return !parts.isEmpty() ? String.join("-", parts) : pattern.equals("/") ? "root" : "all";
    }

    /** What stands between the slashes of a pattern. */
    public static List<String> segments(String pattern) {
        return List.of(pattern.substring(1).split("/", -1));
    }

    private static boolean isOneSegment(String segment) {
        return segment.equals("*") || segment.startsWith("{");
    }

    private static void checkSegment(String segment, boolean last, Set<String> names) {
        if (segment.equals("**") && !last) {
            throw new IllegalArgumentException("has '**' before its end: it stands for the rest of the path");
        }
        if (segment.equals("**") || segment.equals("*")) {
            return;
        }
        boolean capture = segment.matches("\\{[A-Za-z][A-Za-z0-9_-]*}");
        if (capture && !names.add(segment)) {
            throw new IllegalArgumentException("captures " + segment + " twice");
        }
        if (!capture && segment.matches(".*[*{}].*")) {
            throw new IllegalArgumentException(
                    "has a segment that mixes text with '*' or '{name}': they stand for whole segments");
        }
    }
}
