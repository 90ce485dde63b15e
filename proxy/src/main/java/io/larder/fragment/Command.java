package io.larder.fragment;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command of SSI's.
 *
 * @param name in small letters
 * @param parameters by name, in small letters; values as they stand between their quotes, backslashes and all
 */
record Command(String name, Map<String, String> parameters) {
    private static final String BEGINS = "<!--#";
    private static final String ENDS = "-->";

    Command {
        parameters = Map.copyOf(parameters);
    }

    /** What it consists of. */
    private static final class Cursor {
        private final String inside;
        private int at;

        Cursor(String inside) {
            this.inside = inside;
        }

        boolean isOver() {
            return at == inside.length();
        }

        boolean skipsSpace() {
            int from = at;
            while (!isOver() && " \t\r\n".indexOf(inside.charAt(at)) >= 0) {
                at++;
            }
            return at > from;
        }

        boolean takes(char c) {
            boolean there = !isOver() && inside.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }

        String word() {
            int from = at;
            while (!isOver() && isLetter(inside.charAt(at))) {
                at++;
            }
            return inside.substring(from, at).toLowerCase(Locale.ROOT);
        }

        private static boolean isLetter(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        }

        /** What stands in quotes; null where no quote opens, or none closes. */
        @Nullable
        String quoted() {
            char quote = takes('"') ? '"' : '\'';
            if (quote == '\'' && !takes(quote)) {
                return null;
            }
            int from = at;
            while (!isOver() && inside.charAt(at) != quote) {
                at += inside.charAt(at) == '\\' && at + 1 < inside.length() ? 2 : 1;
            }
            int to = at;
            return takes(quote) ? inside.substring(from, to) : null;
        }
    }

    /**
     * From {@code <!--#} to {@code -->}.
     *
     * @return empty where it is no well-formed command
     */
    static Optional<Command> parse(String source) {
        if (source.length() < BEGINS.length() + ENDS.length() || !source.startsWith(BEGINS) || !source.endsWith(ENDS)) {
            return Optional.empty();
        }
        Cursor cursor = new Cursor(source.substring(BEGINS.length(), source.length() - ENDS.length()));
        cursor.skipsSpace();
        String name = cursor.word();
        Map<String, String> parameters = new HashMap<>();
        boolean well = !name.isEmpty();
        while (well && cursor.skipsSpace() && !cursor.isOver()) {
            well = takesParameter(cursor, parameters);
        }
        return well && cursor.isOver() ? Optional.of(new Command(name, parameters)) : Optional.empty();
    }

    /** Which of two of one name is meant nobody knows. */
    private static boolean takesParameter(Cursor cursor, Map<String, String> into) {
        String name = cursor.word();
        cursor.skipsSpace();
        boolean equal = cursor.takes('=');
        cursor.skipsSpace();
        String value = cursor.quoted();
        return !name.isEmpty() && equal && value != null && into.put(name, value) == null;
    }

    @Nullable
    String parameter(String called) {
        return parameters.get(called);
    }

    /** As it says, or nothing. */
    String given(String called) {
        return parameters.getOrDefault(called, "");
    }

    /** Whether it says nothing but {@code known}. */
    boolean saysOnly(Set<String> known) {
        return known.containsAll(parameters.keySet());
    }
}
