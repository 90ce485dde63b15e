package io.larder.config.source;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Replaces {@code ${NAME}} and {@code ${NAME:-default}} in scalars by what the environment holds. */
public final class Expansion {
    private final UnaryOperator<@Nullable String> environment;

    public Expansion(UnaryOperator<@Nullable String> environment) {
        this.environment = environment;
    }

    /**
     * The text with every reference replaced; an empty variable counts as unset where there is a default, as in a shell.
     *
     * @throws IllegalArgumentException saying what is wrong with a reference
     */
    public String expand(String written) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int open = written.indexOf("${"); open >= 0; open = written.indexOf("${", at)) {
            int close = written.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("'${' without '}'");
            }
            out.append(written, at, open).append(value(written.substring(open + 2, close)));
            at = close + 1;
        }
        return out.append(written.substring(at)).toString();
    }

    private String value(String reference) {
        int separator = reference.indexOf(":-");
        String name = separator < 0 ? reference : reference.substring(0, separator);
        if (!isName(name)) {
            throw new IllegalArgumentException("'${" + reference + "}' is not ${NAME} or ${NAME:-default}");
        }
        String value = environment.apply(name);
        if (separator >= 0) {
            return value == null || value.isEmpty() ? reference.substring(separator + 2) : value;
        }
        if (value == null) {
            throw new IllegalArgumentException("the environment variable '" + name + "' is not set");
        }
        return value;
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && !Character.isDigit(text.charAt(0))
                && text.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
    }
}
