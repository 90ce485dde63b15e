package io.larder.fragment;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable as a page names it (ESI 1.0 §5): {@code $(NAME)}, {@code $(NAME{key})}, each with {@code |default} behind it or
 * behind the key.
 *
 * @param name in capital letters
 * @param key which part of it is meant; null for all of it
 * @param fallback what stands for it where it is empty; null for nothing
 */
public record Variable(
        String name, @Nullable String key, @Nullable String fallback) {
    /** The longest that is taken for one, in characters, from the dollar sign to the parenthesis. */
    static final int LONGEST = 512;

    private static final String DEFAULT = "\\|\\s*(?:'([^']*)'|([^'(){}|$\\s]*))\\s*";
    private static final Pattern GRAMMAR = Pattern.compile(
            "\\s*([A-Za-z_][A-Za-z0-9_]*)(?:\\{([^{}|()$]*)(?:" + DEFAULT + ")?\\})?\\s*(?:" + DEFAULT + ")?");

    /**
     * What stands between the parentheses.
     *
     * @return empty where it names no variable
     */
    static Optional<Variable> parse(String inside) {
        Matcher parts = GRAMMAR.matcher(inside);
        if (inside.length() > LONGEST || !parts.matches()) {
            return Optional.empty();
        }
        String key = parts.group(2);
        return Optional.of(new Variable(
                parts.group(1).toUpperCase(Locale.ROOT),
                key == null ? null : unquoted(key.strip()),
                first(parts.group(3), parts.group(4), parts.group(5), parts.group(6))));
    }

    private static @Nullable String first(@Nullable String... all) {
        for (String each : all) {
            if (each != null) {
                return each;
            }
        }
        return null;
    }

    private static String unquoted(String key) {
        boolean quoted = key.length() > 1 && key.charAt(0) == '\'' && key.endsWith("'");
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    /** As a page names it, without what stands for it. */
    String written() {
        return "$(" + name + (key == null ? "" : "{" + key + "}") + ")";
    }

    /** Its value, or what stands for it. */
    String in(Variables variables) {
        String value = variables.value(name, key);
        return value.isEmpty() && fallback != null ? fallback : value;
    }
}
