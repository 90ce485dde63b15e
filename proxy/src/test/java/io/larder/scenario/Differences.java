package io.larder.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Collects in what something differs from what was expected of it. */
final class Differences {
    private final Words words;
    private final List<String> found = new ArrayList<>();

    Differences(Words words) {
        this.words = words;
    }

    List<String> found() {
        return found;
    }

    void add(String difference) {
        found.add(difference);
    }

    void equal(String what, String expected, String actual) {
        String wanted = words.fill(expected);
        boolean same = isPattern(wanted)
                ? Pattern.compile(wanted.substring(1, wanted.length() - 1), Pattern.DOTALL)
                        .matcher(actual)
                        .matches()
                : wanted.equals(actual);
        if (!same) {
            add(what + ": expected " + shown(wanted) + ", was " + shown(actual));
        }
    }

    /**
     * Compares fields.
     *
     * @param expected by name: one value, which all lines combined must have, or one for each line; {@code absent};
     *     {@code present}; a pattern between slashes
     * @param lines of the message's head, the first one included
     */
    void fields(String what, Map<String, List<String>> expected, List<String> lines) {
        expected.forEach((name, values) -> {
            List<String> actual = values(lines, name);
            if (values.size() > 1) {
                equal(what + " " + name, String.join(" | ", values), String.join(" | ", actual));
            } else if (values.get(0).equals("absent")) {
                equal(what + " " + name, "absent", actual.isEmpty() ? "absent" : actual.toString());
            } else if (values.get(0).equals("present")) {
                equal(what + " " + name, "present", actual.isEmpty() ? "absent" : "present");
            } else {
                equal(what + " " + name, values.get(0), actual.isEmpty() ? "absent" : String.join(", ", actual));
            }
        });
    }

    static List<String> values(List<String> lines, String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return lines.stream()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .collect(Collectors.toList());
    }

    private static boolean isPattern(String text) {
        return text.length() > 1 && text.startsWith("/") && text.endsWith("/");
    }

    private static String shown(String text) {
        String brief = text.length() <= 300 ? text : text.substring(0, 300) + "… (" + text.length() + " characters)";
        return '"' + brief.replace("\r\n", "⏎") + '"';
    }
}
