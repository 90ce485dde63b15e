package io.larder.fragment;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tag of ESI's.
 *
 * @param name without {@code esi:}
 * @param form whether it opens an element, closes one, or is one by itself
 * @param attributes by name, references to characters resolved
 */
record Tag(String name, Form form, Map<String, String> attributes) {
    /** What it is to its element. */
    enum Form {
        OPEN,
        CLOSE,
        EMPTY
    }

    private static final Pattern START = Pattern.compile("<(/?)esi:([a-z]{1,16})");
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "\\s+([a-zA-Z][a-zA-Z0-9_-]*)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'=<>`]+?(?=\\s|/?>$)))");
    private static final Pattern END = Pattern.compile("\\s*(/?)>");
    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));");

    Tag {
        attributes = Map.copyOf(attributes);
    }

    /**
     * From {@code <} to {@code >}.
     *
     * @return empty where it is no well-formed tag
     */
    static Optional<Tag> parse(String source) {
        Matcher start = START.matcher(source);
        if (!start.lookingAt()) {
            return Optional.empty();
        }
        boolean closes = !start.group(1).isEmpty();
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(source);
        int at = start.end();
        while (attribute.region(at, source.length()).lookingAt()) {
            if (attributes.put(attribute.group(1), resolved(value(attribute))) != null) {
                return Optional.empty(); // which of the two is meant nobody knows
            }
            at = attribute.end();
        }
        Matcher end = END.matcher(source).region(at, source.length());
        if (!end.matches() || (closes && (!end.group(1).isEmpty() || !attributes.isEmpty()))) {
            return Optional.empty();
        }
        Form form = closes ? Form.CLOSE : end.group(1).isEmpty() ? Form.OPEN : Form.EMPTY;
        return Optional.of(new Tag(start.group(2), form, attributes));
    }

    private static String value(Matcher attribute) {
        String quoted = attribute.group(2);
        String single = attribute.group(3);
        return quoted != null ? quoted : single != null ? single : attribute.group(4);
    }

    /** With its character references resolved (HTML §13.5), those that markup cannot do without. */
    private static String resolved(String value) {
        return value.indexOf('&') < 0
                ? value
                : REFERENCE
                        .matcher(value)
                        .replaceAll(found -> Matcher.quoteReplacement(
                                character(found.group(1), found.group(2), found.group(3), found.group())));
    }

    private static String character(
            @Nullable String decimal, @Nullable String hexadecimal, @Nullable String name, String asItStands) {
        if (name != null) {
            return switch (name) {
                case "lt" -> "<";
                case "gt" -> ">";
                case "quot" -> "\"";
                case "apos" -> "'";
                default -> "&";
            };
        }
        int code = decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(String.valueOf(hexadecimal), 16);
        boolean known = Character.isValidCodePoint(code) && !(code >= 0xD800 && code <= 0xDFFF);
        return known ? Character.toString(code) : asItStands;
    }

    @Nullable
    String attribute(String called) {
        return attributes.get(called);
    }
}
