package io.larder.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path pattern of a route: literal segments, {@code {name}} (one segment, captured), {@code *} (one segment) and, at
 * the end, {@code **} (the rest, also nothing: {@code /static/**} matches {@code /static}).
 */
public final class PathPattern {
    /** The name under which the rest matched by {@code **} is captured. */
    public static final String REST = "**";

    private sealed interface Segment {
        /** This text and no other. */
        record Literal(String text) implements Segment {}

        /** One segment, whatever it is; kept under {@code name} unless that is {@code *}. */
        record Any(String name) implements Segment {}
    }

    private final String text;
    private final List<Segment> segments;
    private final boolean rest;

    private PathPattern(String text, List<Segment> segments, boolean rest) {
        this.text = text;
        this.segments = List.copyOf(segments);
        this.rest = rest;
    }

    /**
     * Compiles a pattern.
     *
     * @throws IllegalArgumentException when it does not begin with {@code /} or has {@code **} before its end
     */
    public static PathPattern compile(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path pattern begins with '/': " + text);
        }
        List<Segment> segments = new ArrayList<>();
        String[] parts = text.substring(1).split("/", -1);
        boolean rest = parts[parts.length - 1].equals(REST);
        for (int i = 0; i < parts.length - (rest ? 1 : 0); i++) {
            segments.add(segment(parts[i], text));
        }
        return new PathPattern(text, segments, rest);
    }

    private static Segment segment(String part, String whole) {
        if (part.equals("*")) {
            return new Segment.Any("*");
        }
        if (part.startsWith("{") && part.endsWith("}") && part.length() > 2) {
            return new Segment.Any(part.substring(1, part.length() - 1));
        }
        if (part.contains("*")) {
            throw new IllegalArgumentException("'*' stands for a whole segment and '**' for the end: " + whole);
        }
        // URLs carry UTF-8 octets; a routing path holds them as ISO 8859-1
        byte[] octets = part.getBytes(StandardCharsets.UTF_8);
        return new Segment.Literal(new String(octets, StandardCharsets.ISO_8859_1));
    }

    /** How many segments are spelled out before the end, or before the rest. */
    int depth() {
        return segments.size();
    }

    /** The text that segment {@code i} must have; null where it may have any but none. */
    @Nullable
    String literal(int i) {
        return segments.get(i) instanceof Segment.Literal(String literal) ? literal : null;
    }

    /** Whether anything may follow the segments. */
    boolean takesRest() {
        return rest;
    }

    /** Whether the raw path of a request falls under this pattern, in any spelling that an origin may decode. */
    public boolean matches(String path) {
        return matchesNormal(RoutingPath.of(path));
    }

    boolean matchesNormal(String path) {
        return matchesNormal(path, false);
    }

    boolean matchesNormal(String path, boolean ignoringCase) {
        int at = 0;
        for (Segment segment : segments) {
            if (at >= path.length() || path.charAt(at) != '/') {
                return false;
            }
            int end = segmentEnd(path, at + 1);
            if (!accepts(segment, path, at + 1, end, ignoringCase)) {
                return false;
            }
            at = end;
        }
        return rest || at == path.length();
    }

    private static boolean accepts(Segment segment, String path, int start, int end, boolean ignoringCase) {
        return switch (segment) {
            case Segment.Literal(String literal) ->
                end - start == literal.length()
                        && path.regionMatches(ignoringCase, start, literal, 0, literal.length());
            case Segment.Any any -> end > start;
        };
    }

    /** Whether no literal text in it has an upper-case letter. */
    boolean isLowerCase() {
        return text.chars().noneMatch(c -> c >= 'A' && c <= 'Z');
    }

    private static int segmentEnd(String path, int start) {
        int slash = path.indexOf('/', start);
        return slash < 0 ? path.length() : slash;
    }

    /**
     * What the captures of this pattern stand for in {@code path}, in the client's own spelling where that matches
     * segment by segment, else in the normal form; null where it does not match.
     */
    public @Nullable Map<String, String> captures(String path) {
        String normal = RoutingPath.of(path);
        if (!matchesNormal(normal)) {
            return null;
        }
        return captured(matchesNormal(path) ? path : Escapes.encode(normal));
    }

    /**
     * What the captures of this pattern stand for in {@code path}, decoded, octets as ISO 8859-1: the same for every
     * spelling that an origin may decode; null where it does not match.
     */
    public @Nullable Map<String, String> normalCaptures(String path) {
        String normal = RoutingPath.of(path);
        return matchesNormal(normal) ? captured(normal) : null;
    }

    private Map<String, String> captured(String taken) {
        Map<String, String> captures = new LinkedHashMap<>();
        int at = 0;
        for (Segment segment : segments) {
            int end = segmentEnd(taken, at + 1);
            if (segment instanceof Segment.Any(String name) && !name.equals("*")) {
                captures.put(name, taken.substring(at + 1, end));
            }
            at = end;
        }
        if (rest) {
            captures.put(REST, at < taken.length() ? taken.substring(at + 1) : "");
        }
        return captures;
    }

    @Override
    public String toString() {
        return text;
    }
}
