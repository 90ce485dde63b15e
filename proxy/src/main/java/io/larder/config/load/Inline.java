package io.larder.config.load;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Parts of a configuration in one line for people, much like YAML writes it. */
final class Inline {
    private static final int LONGEST = 240;

    private Inline() {}

    /** The text of a tree of maps, lists and scalars; what is very long is cut. */
    static String text(Object tree) {
        String text = write(tree);
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + " ...";
    }

    private static String write(Object tree) {
        if (tree instanceof List<?> list) {
            return list.stream().map(Inline::write).collect(Collectors.joining(", ", "[", "]"));
        }
        if (tree instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + write(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return scalar(String.valueOf(tree));
    }

    /** Quoted where it would not be seen, or be taken for more than one value. */
    private static String scalar(String text) {
        boolean plain = !text.isEmpty()
                && text.equals(text.strip())
                && !text.contains(", ")
                && text.chars().noneMatch(c -> c == '"' || Character.isISOControl(c));
        return plain
                ? text
                : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
